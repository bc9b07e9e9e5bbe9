//! What a check says.

use std::fmt;

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably wrong.
    Warning,
    /// Wrong: nothing is written.
    Error,
}

/// A place in a file that the user wrote. Lines and columns count from 1.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Name of the file as the user gave it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters are meant, at least 1.
    pub width: usize,
    /// The whole text of the file, for a report that shows the line.
    #[serde(skip)]
    pub text: String,
}

impl fmt::Display for Place {
    /// As editors read it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Debug for Place {
    /// Without the text, which is a whole file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a check says: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Id of the rule: `unknown-key`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where; `None` when no file is to blame.
    pub at: Option<Place>,
    /// What to do.
    pub help: Option<String>,
}

impl Finding {
    /// An error of `rule`.
    pub fn error(rule: &str, message: impl Into<String>) -> Self {
        Self { rule: rule.to_owned(), severity: Severity::Error, message: message.into(), at: None, help: None }
    }

    /// The same finding with a place.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.at = place;
        self
    }

    /// The same finding with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
