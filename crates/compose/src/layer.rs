//! Values laid over values, with the origin of every leaf kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use sparkyard_model::{Origin, Place, Tree};
use sparkyard_yaml::{Part, Places};

/// Who wrote a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writer {
    /// A preset.
    Preset,
    /// A platform.
    Platform,
    /// The user's own overrides.
    Override,
}

/// A file of values: `global` and one section per brick.
pub(crate) struct Layer {
    writer: Writer,
    /// The sections.
    pub(crate) sections: Tree,
    places: Arc<Places>,
    /// Keys above the sections in the file: presets and platforms keep them below `values`.
    prefix: &'static [&'static str],
}

impl Layer {
    /// A layer of `sections` that were read from the file that `places` knows.
    pub(crate) fn new(writer: Writer, sections: Tree, places: Arc<Places>) -> Self {
        let prefix: &[&str] = if writer == Writer::Override { &[] } else { &["values"] };
        Self { writer, sections, places, prefix }
    }

    /// Whether it is a file of the user's own.
    pub(crate) fn is_users(&self) -> bool {
        self.writer == Writer::Override
    }

    /// The section of a brick, or of `global`.
    pub(crate) fn section(&self, id: &str) -> Option<&Tree> {
        self.sections.get(id).and_then(Value::as_object)
    }

    /// Where a path (its first step is the section) lies in the file.
    pub(crate) fn place(&self, path: &[&str], part: Part) -> Option<Place> {
        let path: Vec<&str> = self.prefix.iter().chain(path).copied().collect();
        self.places.find_or_above(&path, part)
    }

    /// The origin of a value at `path`.
    pub(crate) fn origin(&self, path: &[&str]) -> Origin {
        let file = self.places.source().name.clone();
        let line = self.place(path, Part::Key).map_or(1, |place| place.line);
        match self.writer {
            Writer::Preset => Origin::Preset { file, line },
            Writer::Platform => Origin::Platform { file, line },
            Writer::Override => Origin::Override { file, line },
        }
    }
}

/// Values and the origin of each leaf, by dotted path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decided {
    /// The values, always a map.
    pub(crate) values: Tree,
    /// Origins of the leaves.
    pub(crate) origins: BTreeMap<String, Origin>,
}

impl Decided {
    /// Lays `over` on top as Helm does: maps merge, lists and scalars replace, null deletes.
    pub(crate) fn lay(&mut self, over: &Tree, origin: &dyn Fn(&[&str]) -> Origin) {
        lay(&mut self.values, &mut self.origins, over, &mut Vec::new(), origin);
    }
}

fn lay<'o>(
    base: &mut Tree,
    origins: &mut BTreeMap<String, Origin>,
    over: &'o Tree,
    path: &mut Vec<&'o str>,
    origin: &dyn Fn(&[&str]) -> Origin,
) {
    for (key, value) in over {
        path.push(key);
        match (base.get_mut(key), value) {
            (_, Value::Null) => {
                base.shift_remove(key);
                forget(origins, path);
                if base.is_empty() && path.len() > 1 {
                    origins.insert(path[..path.len() - 1].join("."), origin(path));
                }
            }
            (Some(Value::Object(below)), Value::Object(over)) => {
                if !over.is_empty() {
                    if below.is_empty() {
                        origins.remove(&path.join("."));
                    }
                    lay(below, origins, over, path, origin);
                }
            }
            (_, Value::Object(over)) if !over.is_empty() => {
                forget(origins, path);
                let mut below = Tree::new();
                lay(&mut below, origins, over, path, origin);
                if below.is_empty() {
                    origins.insert(path.join("."), origin(path));
                }
                base.insert(key.clone(), Value::Object(below));
            }
            (_, leaf) => {
                forget(origins, path);
                origins.insert(path.join("."), origin(path));
                base.insert(key.clone(), leaf.clone());
            }
        }
        path.pop();
    }
}

/// Forgets the origins of a path and of all that lies below it.
fn forget(origins: &mut BTreeMap<String, Origin>, path: &[&str]) {
    let at = path.join(".");
    origins.remove(&at);
    let below = format!("{at}.");
    let gone: Vec<String> =
        origins.range(below.clone()..).map(|(key, _)| key).take_while(|key| key.starts_with(&below)).cloned().collect();
    for key in gone {
        origins.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree(value: Value) -> Tree {
        value.as_object().cloned().unwrap_or_default()
    }

    fn brick(name: &str) -> impl Fn(&[&str]) -> Origin {
        move |_| Origin::Brick { brick: name.to_owned() }
    }

    #[test]
    fn values_are_laid_as_helm_lays_them() {
        let mut decided = Decided::default();
        decided.lay(
            &tree(json!({"a": {"b": 1, "c": [1, 2]}, "d": {}, "gone": {"x": 1}, "only": {"x": 1}})),
            &brick("base"),
        );
        decided.lay(
            &tree(json!({"a": {"c": [3]}, "d": {"e": {"f": true}}, "gone": null, "only": {"x": null}, "never": {"x": null}})),
            &brick("over"),
        );
        assert_eq!(
            Value::Object(decided.values.clone()),
            json!({"a": {"b": 1, "c": [3]}, "d": {"e": {"f": true}}, "only": {}, "never": {}})
        );
        let by: Vec<(&str, bool)> = decided
            .origins
            .iter()
            .map(|(path, origin)| (path.as_str(), *origin == Origin::Brick { brick: "over".into() }))
            .collect();
        assert_eq!(by, [("a.b", false), ("a.c", true), ("d.e.f", true), ("never", true), ("only", true)]);
        let mut leaves = Vec::new();
        crate::path::leaves(&decided.values, &mut |path, _| leaves.push(path.join(".")));
        leaves.sort();
        assert_eq!(leaves, decided.origins.keys().cloned().collect::<Vec<_>>());
    }

    #[test]
    fn an_empty_map_changes_nothing() {
        let mut decided = Decided::default();
        decided.lay(&tree(json!({"a": {"b": 1}})), &brick("base"));
        decided.lay(&tree(json!({"a": {}})), &brick("over"));
        assert_eq!(Value::Object(decided.values), json!({"a": {"b": 1}}));
    }
}
