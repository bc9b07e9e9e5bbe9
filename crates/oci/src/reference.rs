//! Where charts lie: `oci://HOST/PATH`.

use std::fmt;

/// A place in a registry below which charts lie, or a chart in it: `oci://ghcr.io/acme/charts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Host, with its port where it has one.
    pub host: String,
    /// Path below it; may be empty.
    pub path: String,
}

impl Remote {
    /// Reads `oci://HOST[:PORT][/PATH]`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("oci://").ok_or_else(|| format!("`{text}` does not begin with oci://"))?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = path.trim_end_matches('/');
        if host.is_empty() || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b)) {
            return Err(format!("`{text}` names no registry: write oci://HOST/PATH"));
        }
        // The grammar of the distribution specification: lower-case words with single separators between them.
        let word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
                && part.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
                && part.bytes().last().is_some_and(|b| b.is_ascii_alphanumeric())
        };
        if let Some(part) = path.split('/').find(|part| !path.is_empty() && !word(part)) {
            return Err(format!(
                "`{part}` in `{text}` is no word of a repository: lower-case letters, digits, `.`, `_` and `-`"
            ));
        }
        Ok(Self { host: host.to_owned(), path: path.to_owned() })
    }

    /// The repository of a chart below this place.
    pub fn repository(&self, chart: &str) -> String {
        if self.path.is_empty() { chart.to_owned() } else { format!("{}/{chart}", self.path) }
    }

    /// The host that answers. Docker Hub's is another than the one that people write.
    pub(crate) fn api_host(&self) -> &str {
        if matches!(self.host.as_str(), "docker.io" | "index.docker.io") { "registry-1.docker.io" } else { &self.host }
    }

    /// The name under which files of credentials know the host.
    pub(crate) fn credential_key(host: &str) -> &str {
        match host {
            "docker.io" | "index.docker.io" | "registry-1.docker.io" => "https://index.docker.io/v1/",
            other => other,
        }
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "oci://{}", self.host)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, "/{}", self.path) }
    }
}

/// A version as a tag, in which `+` is not allowed; helm writes `_` for it.
pub(crate) fn tag(version: &str) -> String {
    version.replace('+', "_")
}

/// The version that a tag stands for.
pub(crate) fn version(tag: &str) -> String {
    tag.replace('_', "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        let remote = Remote::parse("oci://localhost:5000/acme/charts/").expect("good");
        assert_eq!((remote.host.as_str(), remote.path.as_str()), ("localhost:5000", "acme/charts"));
        assert_eq!(remote.repository("demo"), "acme/charts/demo");
        assert_eq!(remote.to_string(), "oci://localhost:5000/acme/charts");
        assert_eq!(Remote::parse("oci://ghcr.io").expect("good").repository("demo"), "demo");
    }

    #[test]
    fn what_is_no_place_is_said() {
        for (text, part) in [
            ("ghcr.io/x", "does not begin with oci://"),
            ("oci://", "names no registry"),
            ("oci:///x", "names no registry"),
            ("oci://ghcr.io/Acme", "`Acme` in"),
            ("oci://ghcr.io/a//b", "is no word"),
            ("oci://ghcr.io/a/-b", "`-b` in"),
            ("oci://user@host/x", "names no registry"),
        ] {
            let error = Remote::parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn tags_have_no_plus() {
        assert_eq!((tag("1.0.0+a").as_str(), version("1.0.0_a").as_str()), ("1.0.0_a", "1.0.0+a"));
    }
}
