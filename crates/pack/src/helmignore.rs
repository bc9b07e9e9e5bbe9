//! `.helmignore`: Helm's rules, which are not gitignore's.
//!
//! A pattern without `/` is compared with the last part of a path, one with `/` with the whole
//! path. A pattern that ends in `/` means folders. `!pattern` ignores everything that does *not*
//! match it. `**` is refused.

use crate::glob;

/// The rules of one `.helmignore`, and Helm's own: no dot files in `templates/`.
#[derive(Debug, Clone)]
pub struct HelmIgnore {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    pattern: String,
    negate: bool,
    folders_only: bool,
    whole_path: bool,
}

impl HelmIgnore {
    /// Reads the rules.
    ///
    /// # Errors
    /// The line, from 1, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut rules = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().chain(["templates/.?*"]).enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rules.push(Rule::parse(line).map_err(|message| (index + 1, message))?);
        }
        Ok(Self { rules })
    }

    /// Whether Helm leaves this file out: a rule hits it or a folder above it.
    pub fn ignores(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(end, _)| (&path[..end], true));
        folders.chain([(path, false)]).any(|(part, folder)| self.hits(part, folder))
    }

    fn hits(&self, path: &str, folder: bool) -> bool {
        for rule in &self.rules {
            let matches = rule.matches(path);
            if rule.negate {
                if (rule.folders_only && !folder) || !matches {
                    return true;
                }
            } else if matches && (folder || !rule.folders_only) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Self, String> {
        if line.contains("**") {
            return Err("`**` is not supported by Helm".to_owned());
        }
        if glob::matches(line, "abc").is_none() {
            return Err(format!("`{line}` is not a pattern that Helm can read"));
        }
        let (negate, rest) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folders_only, rest) = rest.strip_suffix('/').map_or((false, rest), |rest| (true, rest));
        let (rooted, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let whole_path = rooted || rest.contains('/');
        Ok(Self { pattern: rest.to_owned(), negate, folders_only, whole_path })
    }

    fn matches(&self, path: &str) -> bool {
        let name = if self.whole_path { path } else { path.rsplit('/').next().unwrap_or(path) };
        glob::matches(&self.pattern, name).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::HelmIgnore;

    fn ignores(rules: &str, path: &str) -> bool {
        HelmIgnore::parse(rules).expect("rules").ignores(path)
    }

    #[test]
    fn follows_helm_and_not_git() {
        assert!(ignores("*.tgz", "charts/a/b.tgz"));
        assert!(ignores("ci/", "ci/values.yaml"));
        assert!(!ignores("ci/", "files/ci"), "a folder rule does not hit a file");
        assert!(ignores("/README.md", "README.md"));
        assert!(!ignores("/README.md", "charts/a/README.md"));
        assert!(ignores("files/*.txt", "files/a.txt"));
        assert!(!ignores("files/*.txt", "x/files/a.txt"));
        assert!(ignores("!*.yaml", "README.md"), "negation ignores what does not match");
        assert!(!ignores("# *.md\n\n", "README.md"));
    }

    #[test]
    fn has_helms_own_rule() {
        assert!(ignores("", "templates/.hidden"));
        assert!(!ignores("", "templates/_helpers.tpl"));
        assert!(!ignores("", ".helmignore"));
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        assert_eq!(HelmIgnore::parse("a\nb/**\n").expect_err("refused").0, 2);
        assert_eq!(HelmIgnore::parse("[\n").expect_err("refused").0, 1);
    }
}
