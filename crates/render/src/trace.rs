//! Who made what: which part of a template printed a byte, and which values it read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use sparkyard_template::Span;

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
    /// The path of every map of the values, by its address; the values outlive the trace.
    paths: HashMap<*const Map, Rc<str>>,
    reads: RefCell<Vec<Rc<str>>>,
    conditions: RefCell<Vec<Vec<Rc<str>>>>,
    segments: RefCell<Vec<Segment>>,
}

impl Trace {
    /// Knows every map of a tree of values.
    pub(crate) fn of(root: &Value) -> Self {
        let mut trace = Self::default();
        trace.learn(root, "");
        trace
    }

    fn learn(&mut self, value: &Value, path: &str) {
        let Value::Map(map) = value else { return };
        self.paths.insert(Rc::as_ptr(map), path.into());
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

    /// A key of a map was asked for.
    pub(crate) fn read(&self, map: &Rc<Map>, key: &str) {
        if let Some(path) = self.paths.get(&Rc::as_ptr(map)) {
            let path = match (&**path, key) {
                (_, "global") => "global".into(),
                ("", key) => key.into(),
                (path, key) => format!("{path}.{key}").into(),
            };
            self.reads.borrow_mut().push(path);
        }
    }

    /// Where the list of reads has got to.
    pub(crate) fn mark(&self) -> usize {
        self.reads.borrow().len()
    }

    /// The value that was asked for last.
    pub(crate) fn last_read(&self) -> Option<String> {
        self.reads.borrow().last().map(ToString::to_string)
    }

    /// Output up to `end` came from `span`, with the reads since `mark`.
    pub(crate) fn segment(&self, end: usize, span: Span, mark: Option<usize>) {
        let reads = mark.map_or_else(Vec::new, |mark| distinct(&self.reads.borrow()[mark..]));
        let conditions = distinct(&self.conditions.borrow().concat());
        self.segments.borrow_mut().push(Segment { end, span, reads, conditions });
    }

    /// The reads since `mark` decide about what follows.
    pub(crate) fn push_condition(&self, mark: usize) {
        let reads = distinct(&self.reads.borrow()[mark..]);
        self.conditions.borrow_mut().push(reads);
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

fn distinct(paths: &[Rc<str>]) -> Vec<Rc<str>> {
    let mut found: Vec<Rc<str>> = Vec::new();
    for path in paths {
        if !found.contains(path) {
            found.push(Rc::clone(path));
        }
    }
    found
}
