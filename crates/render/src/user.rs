//! What the user sets: values files and `--set`, and where each value was written.

use std::rc::Rc;

use sparkyard_model::{Finding, Place, SourceText};
use sparkyard_yaml::node::{self, Node};
use sparkyard_yaml::{Part, Places};

use crate::chart::bad_yaml;
use crate::error::RenderError;
use crate::strvals::{self, Reading};
use crate::value::{Map, Value};

/// What the user sets, in helm's own order: files, then each kind of `--set`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserValues {
    /// `-f`, later files win.
    pub files: Vec<SourceText>,
    /// `--set-json`
    pub set_json: Vec<String>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub set_string: Vec<String>,
    /// `--set-file`: the path of the value, and the text of the file.
    pub set_file: Vec<(String, String)>,
    /// `--set-literal`
    pub set_literal: Vec<String>,
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writer {
    /// In a values file.
    File(Place),
    /// On the command line: the whole argument.
    Argument(String),
}

/// Files that were composed into a chart's defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The files, later ones win.
    pub files: UserValues,
    /// The key of the files that this chart's values lie below; `None` if they lie at the root. `global` always does.
    pub section: Option<String>,
}

/// Files that are the chart's own values, at their root.
impl From<UserValues> for Written {
    fn from(files: UserValues) -> Self {
        Self { files, section: None }
    }
}

impl Written {
    /// Who wrote a value of the chart.
    pub fn writer(&self, path: &[&str]) -> Option<Writer> {
        self.writer_of(path, Part::Value)
    }

    /// The same for the key or the value.
    pub(crate) fn writer_of(&self, path: &[&str], part: Part) -> Option<Writer> {
        match &self.section {
            Some(section) if path.first() != Some(&"global") => {
                let path: Vec<&str> = [section.as_str()].into_iter().chain(path.iter().copied()).collect();
                self.files.writer_of(&path, part)
            }
            _ => self.files.writer_of(path, part),
        }
    }
}

impl UserValues {
    /// Files alone.
    pub fn of_files(files: impl IntoIterator<Item = SourceText>) -> Self {
        Self { files: files.into_iter().collect(), ..Self::default() }
    }

    /// All of it as one tree, without any chart's defaults.
    ///
    /// # Errors
    /// What helm cannot read either.
    pub fn values(&self) -> Result<Value, RenderError> {
        self.merged().map(Value::map)
    }

    /// All of it as one tree.
    ///
    /// # Errors
    /// What helm cannot read either.
    pub(crate) fn merged(&self) -> Result<Map, RenderError> {
        let mut map = Map::new();
        for file in &self.files {
            merge_maps(&mut map, &read_values(file)?);
        }
        let bad = |flag: &str, text: &str, why: &str| {
            RenderError::Refused(vec![
                Finding::error("bad-set", format!("{flag} {text}: {why}"))
                    .help("write `path.of.value=value`; commas and dots in keys need a backslash"),
            ])
        };
        for text in &self.set_json {
            if text.trim().starts_with('{') {
                match serde_json::from_str::<serde_json::Value>(text) {
                    Ok(json) => {
                        if let Value::Map(more) = Value::of_json(&json) {
                            merge_maps(&mut map, &more);
                        }
                    }
                    Err(error) => return Err(bad("--set-json", text, &error.to_string())),
                }
            } else {
                strvals::set(text, &mut map, Reading::Json).map_err(|why| bad("--set-json", text, &why))?;
            }
        }
        for text in &self.set {
            strvals::set(text, &mut map, Reading::Typed).map_err(|why| bad("--set", text, &why))?;
        }
        for text in &self.set_string {
            strvals::set(text, &mut map, Reading::Words).map_err(|why| bad("--set-string", text, &why))?;
        }
        for (path, text) in &self.set_file {
            strvals::set_literal(&format!("{path}={text}"), &mut map).map_err(|why| bad("--set-file", path, &why))?;
        }
        for text in &self.set_literal {
            strvals::set_literal(text, &mut map).map_err(|why| bad("--set-literal", text, &why))?;
        }
        Ok(map)
    }

    /// Who wrote the value at a path last, or something that it lies in.
    pub fn writer(&self, path: &[&str]) -> Option<Writer> {
        self.writer_of(path, Part::Value)
    }

    /// The same for the key or the value.
    pub(crate) fn writer_of(&self, path: &[&str], part: Part) -> Option<Writer> {
        let argument = |flag: &str, text: &str, read: &dyn Fn(&mut Map) -> Result<(), String>| {
            let mut map = Map::new();
            read(&mut map).ok().filter(|()| reaches(&map, path)).map(|()| Writer::Argument(format!("{flag} {text}")))
        };
        let set = |flag: &str, texts: &[String], reading: Reading| {
            texts.iter().rev().find_map(|text| argument(flag, text, &|map| strvals::set(text, map, reading)))
        };
        let literal = |flag: &str, text: &str| argument(flag, text, &|map| strvals::set_literal(text, map));
        (self.set_literal.iter().rev().find_map(|text| literal("--set-literal", text)))
            .or_else(|| self.set_file.iter().rev().find_map(|(path, _)| literal("--set-file", &format!("{path}=..."))))
            .or_else(|| set("--set-string", &self.set_string, Reading::Words))
            .or_else(|| set("--set", &self.set, Reading::Typed))
            .or_else(|| set("--set-json", &self.set_json, Reading::Json))
            .or_else(|| self.files.iter().rev().find_map(|file| in_file(file, path, part)).map(Writer::File))
    }
}

/// Where a file writes a value, or a list or map of its own that the value lies in.
fn in_file(file: &SourceText, path: &[&str], part: Part) -> Option<Place> {
    let places = Places::of(file);
    places.find(path, part).or_else(|| {
        // A list is written whole, so its place is that of what lies in it.
        (1..path.len()).rev().find_map(|end| {
            let value = places.find(&path[..end], Part::Value)?;
            let starts_list = value.text.lines().nth(value.line - 1)?.chars().nth(value.column - 1);
            matches!(starts_list, Some('-' | '[' | '*')).then_some(value)
        })
    })
}

fn reaches(map: &Map, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    match map.get(*first) {
        Some(Value::Map(inner)) if !rest.is_empty() => reaches(inner, rest),
        Some(_) => true,
        None => false,
    }
}

/// Reads a values file as helm does: documents are laid over each other.
pub(crate) fn read_values(source: &SourceText) -> Result<Map, RenderError> {
    let mut map = Map::new();
    for (start, text) in documents(&source.text) {
        let node = node::document(text)
            .map_err(|error| bad_yaml(source, &node::SyntaxError::new(error.message.clone(), start + error.at)))?;
        match node.as_ref().map(Value::of_node) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(more)) => {
                if node.as_ref().is_some_and(has_infinity) {
                    return Err(RenderError::refused(
                        "bad-yaml",
                        format!("{}: a number that JSON cannot hold", source.name),
                    ));
                }
                merge_maps(&mut map, &more);
            }
            Some(_) => {
                let place = Places::of_nodes(source, &[]).place(start..start + 1);
                return Err(RenderError::Refused(vec![
                    Finding::error("wrong-type", "a values file holds keys and their values, this one does not")
                        .at(Some(place)),
                ]));
            }
        }
    }
    Ok(map)
}

fn has_infinity(node: &Node) -> bool {
    match &node.kind {
        node::Kind::Float(value) => !value.is_finite(),
        node::Kind::Seq(items) => items.iter().any(has_infinity),
        node::Kind::Map(entries) => entries.iter().any(|entry| has_infinity(&entry.value)),
        _ => false,
    }
}

/// The documents of a file, each with the byte where it starts: cut at lines of `---`.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            if rest.is_empty() || rest.starts_with('#') {
                if at > start {
                    found.push((start, &text[start..at]));
                }
                start = at + line.len();
            }
        }
        at += line.len();
    }
    if at > start {
        found.push((start, &text[start..]));
    }
    found
}

/// Helm's `MergeMaps`: maps merge, everything else is replaced, by nil too.
pub(crate) fn merge_maps(into: &mut Map, over: &Map) {
    for (key, value) in over {
        if let (Value::Map(more), Some(Value::Map(there))) = (value, into.get_mut(key)) {
            merge_maps(Rc::make_mut(there), more);
        } else {
            into.insert(Rc::clone(key), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText { name: "my.yaml".into(), text: text.into() }
    }

    #[test]
    fn files_and_arguments_are_laid_over_each_other() {
        let user = UserValues {
            files: vec![source("a: {b: 1, c: [1]}\n---\nd: x\n"), source("a:\n  b: 2\n")],
            set: vec!["a.c[0]=9,e=1".into()],
            set_string: vec!["e=2".into()],
            set_json: vec!["{\"f\": {\"g\": null}}".into()],
            set_literal: vec!["h=a,b".into()],
            ..UserValues::default()
        };
        let tree = Value::map(user.merged().expect("reads")).to_json();
        assert_eq!(tree, json!({"a": {"b": 2, "c": [9]}, "d": "x", "e": "2", "f": {"g": null}, "h": "a,b"}));
        let line = |path: &[&str]| match user.writer(path) {
            Some(Writer::File(place)) => format!("{}:{}", place.line, place.column),
            Some(Writer::Argument(text)) => text,
            None => "-".into(),
        };
        assert_eq!(line(&["a", "b"]), "2:6");
        assert_eq!(line(&["e"]), "--set-string e=2");
        assert_eq!(line(&["a", "c", "0"]), "--set a.c[0]=9,e=1");
        assert_eq!(line(&["d"]), "3:4");
        assert_eq!(line(&["nope"]), "-");
    }

    #[test]
    fn a_bad_file_is_shown_with_its_place() {
        let user = UserValues::of_files([source("a: 1\n---\nb: c: d\n")]);
        let RenderError::Refused(findings) = user.merged().expect_err("refused") else { panic!("refused") };
        let place = findings[0].at.as_ref().expect("a place");
        assert_eq!((place.line, place.column), (3, 5));
        assert!(UserValues::of_files([source("- a\n")]).merged().is_err());
        assert!(UserValues { set: vec!["a".into()], ..UserValues::default() }.merged().is_err());
    }
}
