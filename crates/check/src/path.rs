//! Paths into objects: `spec.containers[0].image`.

use std::fmt;
use std::rc::Rc;

use compact_str::CompactString;
use serde_json::Value;
use sparkyard_yaml::node::{Kind, Node};

/// A path into an object. Cheap to clone and to lengthen: it shares the steps above.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Path(Option<Rc<Link>>);

/// The last step, and the path above it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Link {
    above: Path,
    step: Step,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A key of a map.
    Key(CompactString),
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
        Self::root().keys(text)
    }

    /// One step further.
    #[must_use]
    pub fn step(&self, step: Step) -> Self {
        Self(Some(Rc::new(Link { above: self.clone(), step })))
    }

    /// One key further.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// Keys further: `securityContext.runAsUser`.
    #[must_use]
    pub fn keys(&self, text: &str) -> Self {
        text.split('.').filter(|key| !key.is_empty()).fold(self.clone(), |path, key| path.key(key))
    }

    /// One item further.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    /// The steps of another path further.
    #[must_use]
    pub fn join(&self, below: &Path) -> Self {
        below.steps().into_iter().fold(self.clone(), |path, step| path.step(step.clone()))
    }

    /// Reads a path as messages write it: `spec.containers[0].env[name]` with numbers in brackets.
    pub fn parse(text: &str) -> Self {
        let mut path = Self::root();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let (key, rest) = part.split_once('[').map_or((part, ""), |(key, rest)| (key, rest));
            if !key.is_empty() {
                path = path.key(key);
            }
            for index in rest.split('[').filter_map(|digits| digits.trim_end_matches(']').parse().ok()) {
                path = path.index(index);
            }
        }
        path
    }

    /// Its steps, the outermost first.
    pub fn steps(&self) -> Vec<&Step> {
        let mut steps: Vec<&Step> = self.upwards().collect();
        steps.reverse();
        steps
    }

    /// Its steps, the innermost first.
    pub fn upwards(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.0.as_deref(), |link| link.above.0.as_deref()).map(|link| &link.step)
    }

    /// The last key, which says what the value is.
    pub fn last_key(&self) -> Option<&str> {
        self.upwards().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// The value that lies there.
    pub fn value<'v>(&self, root: &'v Value) -> Option<&'v Value> {
        let Some(link) = self.0.as_deref() else { return Some(root) };
        let above = link.above.value(root)?;
        match &link.step {
            Step::Key(key) => above.get(key.as_str()),
            Step::Index(index) => above.get(index),
        }
    }

    /// The bytes of a document where the path lies, or the nearest path above it: the value if the whole path is there,
    /// else the key of what is.
    pub(crate) fn find(&self, node: &Node) -> std::ops::Range<usize> {
        let mut here = node;
        let mut span = 0..0;
        let steps = self.steps();
        for (index, step) in steps.iter().enumerate() {
            let last = index + 1 == steps.len();
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

/// Where a walk has got to: a path is only made of it when something is found there.
#[derive(Debug)]
pub enum Here<'w> {
    /// Where the walk began.
    Start(&'w Path),
    /// A key of the map above.
    Key(&'w Here<'w>, &'w str),
    /// An item of the list above.
    Index(&'w Here<'w>, usize),
}

impl Here<'_> {
    /// The path.
    pub fn path(&self) -> Path {
        match self {
            Here::Start(path) => (*path).clone(),
            Here::Key(above, key) => above.path().key(key),
            Here::Index(above, index) => above.path().index(*index),
        }
    }

    /// What lies above; `None` where the walk began.
    pub fn above(&self) -> Option<&Self> {
        match self {
            Here::Start(_) => None,
            Here::Key(above, _) | Here::Index(above, _) => Some(above),
        }
    }

    /// The key of a map's entry, nothing for an item of a list or the start.
    pub fn key(&self) -> Option<&str> {
        match self {
            Here::Key(_, key) => Some(key),
            Here::Start(_) | Here::Index(..) => None,
        }
    }

    /// The first step below the start.
    pub fn first(&self) -> &Self {
        match self.above() {
            Some(above) if above.above().is_some() => above.first(),
            _ => self,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps().into_iter().enumerate() {
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
