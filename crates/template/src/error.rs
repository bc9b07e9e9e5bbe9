//! Why a template cannot be read.

use sparkyard_model::Finding;

use crate::source::{Source, Span};

/// Rule of texts that helm cannot parse either.
pub const SYNTAX: &str = "template-syntax";
/// Rule of what helm would take, but nobody can analyse.
pub const DIALECT: &str = "outside-dialect";

/// What is wrong at one place of a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where.
    pub span: Span,
}

impl Problem {
    /// A problem without help.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, span }
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// As a finding of `rule` in a file.
    pub fn finding(&self, rule: &str, source: &Source) -> Finding {
        let finding = Finding::error(rule, self.message.clone()).at(Some(source.place(self.span)));
        match &self.help {
            Some(help) => finding.help(help.clone()),
            None => finding,
        }
    }
}
