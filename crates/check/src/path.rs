//! Paths into objects: `spec.containers[0].image`.

use std::fmt;

use sparkyard_yaml::node::{Kind, Node};

/// A path into an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// An item of a list, from 0.
    Index(usize),
}

impl Path {
    /// The object itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// A path of keys: `spec.template.spec`. An empty text is the root.
    pub fn of(text: &str) -> Self {
        Self(text.split('.').filter(|key| !key.is_empty()).map(|key| Step::Key(key.to_owned())).collect())
    }

    /// One key further.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    /// Keys further: `securityContext.runAsUser`.
    #[must_use]
    pub fn keys(&self, text: &str) -> Self {
        Self(self.0.iter().cloned().chain(Path::of(text).0).collect())
    }

    /// One item further.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The steps of another path further.
    #[must_use]
    pub fn join(&self, below: &Path) -> Self {
        Self(self.0.iter().chain(&below.0).cloned().collect())
    }

    /// Reads a path as messages write it: `spec.containers[0].env[name]` with numbers in brackets.
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let (key, rest) = part.split_once('[').map_or((part, ""), |(key, rest)| (key, rest));
            if !key.is_empty() {
                steps.push(Step::Key(key.to_owned()));
            }
            for index in rest.split('[').filter_map(|digits| digits.trim_end_matches(']').parse().ok()) {
                steps.push(Step::Index(index));
            }
        }
        Self(steps)
    }

    /// Does something with the path one step further, without a copy of it.
    pub(crate) fn below<T>(&mut self, step: Step, what: impl FnOnce(&mut Self) -> T) -> T {
        self.0.push(step);
        let made = what(self);
        self.0.pop();
        made
    }

    /// Its steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The last key, which says what the value is.
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// The bytes of a document where the path lies, or the nearest path above it: the value if the whole path is there,
    /// else the key of what is.
    pub(crate) fn find(&self, node: &Node) -> std::ops::Range<usize> {
        let mut here = node;
        let mut span = 0..0;
        for (index, step) in self.0.iter().enumerate() {
            let last = index + 1 == self.0.len();
            let next = match (step, &here.kind) {
                (Step::Key(key), Kind::Map(entries)) => {
                    entries.iter().rev().find(|entry| entry.key == *key).map(|entry| {
                        let scalar = !matches!(entry.value.kind, Kind::Map(_) | Kind::Seq(_));
                        let value = entry.value.span.clone();
                        (if last && scalar && !value.is_empty() { value } else { entry.span.clone() }, &entry.value)
                    })
                }
                (Step::Index(index), Kind::Seq(items)) => items.get(*index).map(|item| (item.span.clone(), item)),
                _ => None,
            };
            let Some((at, inner)) = next else { break };
            span = at;
            here = inner;
        }
        span
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sparkyard_yaml::node::document;

    use super::*;

    #[test]
    fn paths_are_written_and_read() {
        let path = Path::of("spec.template").key("containers").index(1).keys("securityContext.runAsUser");
        assert_eq!(path.to_string(), "spec.template.containers[1].securityContext.runAsUser");
        assert_eq!(Path::parse(&path.to_string()), path);
        assert_eq!(path.last_key(), Some("runAsUser"));
    }

    #[test]
    fn what_is_not_there_is_shown_at_what_is() {
        let text = "spec:\n  list:\n  - name: a\n    run: 0\n";
        let node = document(text).expect("yaml").expect("a document");
        let at = |path: &str| &text[Path::parse(path).find(&node)];
        assert_eq!(at("spec.list[0].run"), "0");
        assert_eq!(at("spec.list[0].missing.deep"), "name: a\n    run: 0");
        assert_eq!(at("spec.nope"), "spec");
        assert_eq!(at("nope"), "");
    }
}
