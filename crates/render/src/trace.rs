//! Who made what: which part of a template printed a byte, and which values it read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value as Json;
use sparkyard_template::Span;

use crate::print;
use crate::value::{Map, Value};

/// A stretch of a file's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Byte after its last, in the output of the file.
    pub end: usize,
    /// The part of the template.
    pub span: Span,
    /// Paths of the values that it read, from the root of the values: `spark-connect.image.tag`.
    pub reads: Vec<Rc<str>>,
    /// Paths of the values that the conditions around it read.
    pub conditions: Vec<Rc<str>>,
}

/// What is written down while a file runs.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// The path of every map and list of the values, by its address; the values outlive the trace.
    paths: HashMap<*const (), Rc<str>>,
    reads: RefCell<Vec<Rc<str>>>,
    conditions: RefCell<Vec<Vec<Rc<str>>>>,
    segments: RefCell<Vec<Segment>>,
}

impl Trace {
    /// Knows every map and list of a tree of values.
    pub(crate) fn of(root: &Value) -> Self {
        let mut trace = Self::default();
        trace.learn(root, "");
        trace
    }

    fn learn(&mut self, value: &Value, path: &str) {
        let Some(address) = address(value) else { return };
        self.paths.insert(address, path.into());
        match value {
            Value::Map(map) => {
                for (key, inner) in map.iter() {
                    let below = match (path, &**key) {
                        // Subcharts see the same globals.
                        (_, "global") if !path.starts_with("global") => "global".to_owned(),
                        ("", key) => key.to_owned(),
                        (path, key) => format!("{path}.{key}"),
                    };
                    self.learn(inner, &below);
                }
            }
            Value::List(items) => {
                for (index, inner) in items.iter().enumerate() {
                    self.learn(inner, &format!("{path}.{index}"));
                }
            }
            _ => {}
        }
    }

    /// A key of a map was asked for.
    pub(crate) fn read(&self, map: &Rc<Map>, key: &str) {
        if let Some(path) = self.paths.get(&Rc::as_ptr(map).cast()) {
            let path = match (&**path, key) {
                (_, "global") => "global".into(),
                ("", key) => key.into(),
                (path, key) => format!("{path}.{key}").into(),
            };
            self.reads.borrow_mut().push(path);
        }
    }

    /// A range has come to an item, which decides about what follows; of a list that a function made, `reads` do, which
    /// it is made of. In a named template, whose output has no parts, the item is read.
    pub(crate) fn enter_item(&self, of: &Value, key: &Value, reads: &[Rc<str>], top: bool) {
        let path = address(of).and_then(|address| self.paths.get(&address));
        let item: Option<Rc<str>> = path.map(|path| format!("{path}.{}", print::plain(key)).into());
        if top {
            self.conditions.borrow_mut().push(item.map_or_else(|| reads.to_vec(), |item| vec![item]));
        } else {
            self.reads.borrow_mut().extend(item);
        }
    }

    /// Where the list of reads has got to.
    pub(crate) fn mark(&self) -> usize {
        self.reads.borrow().len()
    }

    /// The reads since a mark.
    pub(crate) fn since(&self, mark: usize) -> Vec<Rc<str>> {
        distinct(&self.reads.borrow()[mark..])
    }

    /// The values that were asked for in this file, the last one first.
    pub(crate) fn last_reads(&self) -> Vec<Rc<str>> {
        let mut reads = self.reads.borrow().clone();
        reads.reverse();
        distinct(&reads)
    }

    /// Output up to `end` came from `span`, with the reads since `mark`.
    pub(crate) fn segment(&self, end: usize, span: Span, mark: Option<usize>) {
        let reads = mark.map_or_else(Vec::new, |mark| self.since(mark));
        let conditions = distinct(&self.conditions.borrow().concat());
        self.segments.borrow_mut().push(Segment { end, span, reads, conditions });
    }

    /// The reads since `mark` decide about what follows.
    pub(crate) fn push_condition(&self, mark: usize) {
        self.conditions.borrow_mut().push(self.since(mark));
    }

    pub(crate) fn pop_condition(&self) {
        self.conditions.borrow_mut().pop();
    }

    /// What was written down for one file.
    pub(crate) fn take(&self) -> Vec<Segment> {
        self.reads.borrow_mut().clear();
        self.conditions.borrow_mut().clear();
        self.segments.take()
    }
}

/// Where a map or list lies in memory: the same value in two places is two values.
fn address(value: &Value) -> Option<*const ()> {
    match value {
        Value::Map(map) => Some(Rc::as_ptr(map).cast()),
        Value::List(items) => Some(Rc::as_ptr(items).cast()),
        _ => None,
    }
}

/// The value of a dotted path, and its steps: keys such as `spark.executor.memory` have dots in them, and items of lists
/// have numbers.
pub fn find_value<'v>(values: &'v Json, path: &str) -> Option<(Vec<String>, &'v Json)> {
    if path.is_empty() {
        return Some((Vec::new(), values));
    }
    let below = |key: &str, inner: &'v Json| {
        let rest = path.strip_prefix(key)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('.')? };
        let (mut steps, found) = find_value(inner, rest)?;
        steps.insert(0, key.to_owned());
        Some((steps, found))
    };
    match values {
        Json::Object(map) => map.iter().find_map(|(key, inner)| below(key, inner)),
        Json::Array(items) => items.iter().enumerate().find_map(|(index, inner)| below(&index.to_string(), inner)),
        _ => None,
    }
}

fn distinct(paths: &[Rc<str>]) -> Vec<Rc<str>> {
    let mut found: Vec<Rc<str>> = Vec::new();
    for path in paths {
        if !found.contains(path) {
            found.push(Rc::clone(path));
        }
    }
    found
}
