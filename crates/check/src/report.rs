//! Where rules put what they find.

use sparkyard_model::{Place, Severity};

use crate::path::Path;

/// What one rule finds in one run.
#[derive(Debug, Default)]
pub struct Report {
    pub(crate) found: Vec<Found>,
}

/// One thing that a rule found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// How bad it is, where it is less bad than what the rule is about.
    pub(crate) severity: Option<Severity>,
    pub(crate) target: Target,
    /// What else could be changed: a finding points at what the user wrote, if that is among them.
    pub(crate) others: Vec<Target>,
}

/// What it is about.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// An object of the stack, or a document among its data.
    Object { index: usize, embedded: Option<String>, path: Path },
    /// A line of a text that an object holds: of a script, of a file in a ConfigMap.
    Line { index: usize, path: Path, line: usize, word: String, key: String, value: String },
    /// A place in a file of the chart.
    Place(Place),
    /// The chart as a whole.
    Nothing,
}

/// The finding that was made last, for what can be added to it.
pub struct Last<'r>(&'r mut Found);

impl Last<'_> {
    /// What to do in this case.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// How bad it is in this case.
    pub(crate) fn severity(self, severity: Severity) -> Self {
        self.0.severity = Some(severity);
        self
    }

    /// Where else it could be mended.
    pub(crate) fn or(self, other: Target) -> Self {
        self.0.others.push(other);
        self
    }
}

impl Report {
    /// Something is wrong with the object of this index, at a path.
    pub fn object(&mut self, index: usize, path: Path, message: impl Into<String>) -> Last<'_> {
        self.add(message.into(), Target::Object { index, embedded: None, path })
    }

    /// Something is wrong with an object, or a document among its data, at a path.
    pub(crate) fn part(
        &mut self,
        index: usize,
        embedded: Option<String>,
        path: Path,
        message: impl Into<String>,
    ) -> Last<'_> {
        self.add(message.into(), Target::Object { index, embedded, path })
    }

    /// Something is wrong with a line, from 0, of the text at a path of an object: with `word` in it, if it is there.
    /// `key` and `value` are those of the setting, to find the value of the chart that it is made of.
    pub(crate) fn line(
        &mut self,
        index: usize,
        (path, line): (Path, usize),
        word: &str,
        (key, value): (&str, &str),
        message: impl Into<String>,
    ) -> Last<'_> {
        let (word, key, value) = (word.to_owned(), key.to_owned(), value.to_owned());
        self.add(message.into(), Target::Line { index, path, line, word, key, value })
    }

    /// Something is wrong with a pod, at a path from the root of its object or document.
    pub fn pod(&mut self, pod: &crate::object::Pod<'_>, path: Path, message: impl Into<String>) -> Last<'_> {
        let embedded = pod.embedded.map(|document| document.key.clone());
        self.add(message.into(), Target::Object { index: pod.index, embedded, path })
    }

    /// Something is wrong at a place of a file; `None` for a file that is missing.
    pub fn place(&mut self, place: Option<Place>, message: impl Into<String>) -> Last<'_> {
        self.add(message.into(), place.map_or(Target::Nothing, Target::Place))
    }

    fn add(&mut self, message: String, target: Target) -> Last<'_> {
        self.found.push(Found { message, help: None, severity: None, target, others: Vec::new() });
        let last = self.found.len() - 1;
        Last(&mut self.found[last])
    }
}
