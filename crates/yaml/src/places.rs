//! Where every path of a file lies.

use std::collections::BTreeMap;
use std::ops::Range;

use sparkyard_model::{Place, SourceText};

use crate::node::{Kind, Node};

/// Which half of `key: value` is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key; for an item of a list, the item.
    Key,
    /// The value.
    Value,
}

/// Where every path of a file lies, found in one pass.
#[derive(Debug, Clone, Default)]
pub struct Places {
    source: SourceText,
    /// Byte at which each line starts.
    starts: Vec<usize>,
    spots: BTreeMap<Vec<String>, Spot>,
}

#[derive(Debug, Clone)]
struct Spot {
    key: Range<usize>,
    value: Range<usize>,
    /// Not a map with entries: a scalar, an alias, a list, or something empty.
    leaf: bool,
    /// A key without quotes.
    plain: bool,
}

impl Places {
    /// Finds every path of every document of `source`; what a later one writes counts. Text that is not YAML has none.
    pub fn of(source: &SourceText) -> Self {
        Self::of_nodes(source, &crate::node::documents(&source.text).unwrap_or_default())
    }

    /// Finds every path of documents of `source` that were read already.
    pub fn of_nodes(source: &SourceText, documents: &[Node]) -> Self {
        let starts = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut places = Self { source: source.clone(), starts, spots: BTreeMap::new() };
        for node in documents {
            places.walk(node, &mut Vec::new());
        }
        places
    }

    /// The file that the places are in.
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// Where `path` lies: map keys, and indexes from 0 for items of lists.
    pub fn find<S: AsRef<str>>(&self, path: &[S], part: Part) -> Option<Place> {
        let path: Vec<String> = path.iter().map(|step| step.as_ref().to_owned()).collect();
        let spot = self.spots.get(&path)?;
        Some(self.place(match part {
            Part::Value if !spot.value.is_empty() => spot.value.clone(),
            _ => spot.key.clone(),
        }))
    }

    /// Where `path` lies, or the nearest path above it that is written in the file; aliases
    /// bring in paths that are not.
    pub fn find_or_above<S: AsRef<str>>(&self, path: &[S], part: Part) -> Option<Place> {
        (1..=path.len()).rev().find_map(|end| self.find(&path[..end], if end == path.len() { part } else { Part::Key }))
    }

    /// Every path that is written in the file.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.spots.keys().map(Vec::as_slice)
    }

    /// Keys written without quotes, each with its place.
    pub(crate) fn plain_keys(&self) -> impl Iterator<Item = (&str, Place)> {
        let plain = self.spots.iter().filter(|(_, spot)| spot.plain);
        plain.filter_map(|(path, spot)| Some((path.last()?.as_str(), self.place(spot.key.clone()))))
    }

    /// The line of every leaf, by dotted path. A list is one leaf, because values files replace lists whole.
    pub fn lines(&self) -> BTreeMap<String, usize> {
        let mut lines = BTreeMap::new();
        for (path, spot) in &self.spots {
            let inside_list = (1..path.len()).any(|end| self.spots.get(&path[..end]).is_some_and(|above| above.leaf));
            if spot.leaf && !inside_list {
                lines.insert(path.join("."), self.line_of(spot.key.start) + 1);
            }
        }
        lines
    }

    fn walk(&mut self, node: &Node, path: &mut Vec<String>) {
        match &node.kind {
            // What an alias stands for is written elsewhere.
            _ if self.source.text[node.span.clone()].starts_with('*') => {}
            Kind::Map(entries) => {
                for entry in entries {
                    self.enter(entry.key.clone(), entry.span.clone(), !entry.quoted, &entry.value, path);
                }
            }
            Kind::Seq(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.enter(index.to_string(), item.span.clone(), false, item, path);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, step: String, key: Range<usize>, plain: bool, value: &Node, path: &mut Vec<String>) {
        path.push(step);
        let leaf = !matches!(&value.kind, Kind::Map(entries) if !entries.is_empty());
        self.spots.insert(path.clone(), Spot { key, value: value.span.clone(), leaf, plain });
        self.walk(value, path);
        path.pop();
    }

    fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The place of bytes of the file.
    pub fn place(&self, range: Range<usize>) -> Place {
        let text = &self.source.text;
        let start = range.start.min(text.len());
        let line = self.line_of(start);
        // A place is shown on one line: what goes on below is cut off.
        let inside = text.get(start..range.end.clamp(start, text.len())).unwrap_or("");
        let first_line = inside.lines().next().unwrap_or("").trim_end();
        Place {
            file: self.source.name.clone(),
            line: line + 1,
            column: text[self.starts[line]..start].chars().count() + 1,
            width: first_line.chars().count().max(1),
            text: text.clone(),
        }
    }
}

/// Where `path` lies in `source`. For more than one question about a file, make [`Places`] once.
pub fn locate(source: &SourceText, path: &[String], part: Part) -> Option<Place> {
    Places::of(source).find(path, part)
}

/// The line of every leaf of `source`, by dotted path; see [`Places::lines`].
pub fn lines(source: &SourceText) -> BTreeMap<String, usize> {
    Places::of(source).lines()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText { name: "my.yaml".into(), text: text.into() }
    }

    fn at(text: &str, path: &[&str], part: Part) -> Option<(usize, usize, usize)> {
        Places::of(&source(text)).find(path, part).map(|p| (p.line, p.column, p.width))
    }

    const TEXT: &str = "# words\nglobal:\n  s3: {bucket: \"data\", region: eu}\nexecutor:\n  memory: 2g  # much\n  env:\n    \
                        - name: A\n      value: ä\n    - name: B\n  none: {}\n  empty:\n";

    #[test]
    fn keys_values_and_items_are_found() {
        assert_eq!(at(TEXT, &["global"], Part::Key), Some((2, 1, 6)));
        assert_eq!(at(TEXT, &["global", "s3", "bucket"], Part::Key), Some((3, 8, 6)));
        assert_eq!(at(TEXT, &["global", "s3", "bucket"], Part::Value), Some((3, 16, 6)));
        assert_eq!(at(TEXT, &["global", "s3", "region"], Part::Value), Some((3, 32, 2)));
        assert_eq!(at(TEXT, &["executor", "memory"], Part::Value), Some((5, 11, 2)));
        assert_eq!(at(TEXT, &["executor", "env", "1", "name"], Part::Value), Some((9, 13, 1)));
        assert_eq!(at(TEXT, &["executor", "env", "0", "value"], Part::Value), Some((8, 14, 1)));
        assert_eq!(at(TEXT, &["executor", "empty"], Part::Value), Some((11, 3, 5)));
        assert_eq!(at(TEXT, &["executor", "nope"], Part::Key), None);
    }

    #[test]
    fn a_path_that_is_not_written_is_shown_at_what_is_above() {
        let places = Places::of(&source("a: &x\n  b: 1\nc: *x\n"));
        let place = places.find_or_above(&["c", "b"], Part::Value).expect("place");
        assert_eq!((place.line, place.column), (3, 1));
    }

    #[test]
    fn lines_are_of_leaves() {
        let lines = lines(&source(TEXT));
        let found: Vec<(&str, usize)> = lines.iter().map(|(path, line)| (path.as_str(), *line)).collect();
        assert_eq!(
            found,
            [
                ("executor.empty", 11),
                ("executor.env", 6),
                ("executor.memory", 5),
                ("executor.none", 10),
                ("global.s3.bucket", 3),
                ("global.s3.region", 3)
            ]
        );
    }

    #[test]
    fn text_that_is_not_yaml_has_no_places() {
        for text in ["", "plain", "{", "a: [", "\t- x:\n :", "- a\n- b: 1\n"] {
            let _ = Places::of(&source(text)).lines();
        }
    }
}
