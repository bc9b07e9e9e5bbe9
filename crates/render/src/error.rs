//! Why a chart cannot be rendered.

use sparkyard_model::{Finding, Place};
use sparkyard_template::{Source, Span};

/// Why a chart cannot be rendered.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RenderError {
    /// It lies outside of the dialect: helm may render it, this crate does not.
    #[error("outside of the dialect: {}", first(.0))]
    Outside(Vec<Finding>),
    /// Helm refuses it too.
    #[error("{}", first(.0))]
    Refused(Vec<Finding>),
}

fn first(findings: &[Finding]) -> String {
    findings.first().map(|finding| finding.message.clone()).unwrap_or_default()
}

impl RenderError {
    /// What is wrong.
    pub fn findings(&self) -> &[Finding] {
        match self {
            RenderError::Outside(findings) | RenderError::Refused(findings) => findings,
        }
    }

    /// What is wrong, taken out.
    pub fn into_findings(self) -> Vec<Finding> {
        match self {
            RenderError::Outside(findings) | RenderError::Refused(findings) => findings,
        }
    }

    /// One thing that helm refuses too.
    pub(crate) fn refused(rule: &str, message: impl Into<String>) -> Self {
        RenderError::Refused(vec![Finding::error(rule, message)])
    }
}

/// What went wrong while a template ran.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) message: String,
    pub(crate) source: Source,
    pub(crate) span: Span,
    /// The `include`s on the way, innermost first: the name and where it is called.
    pub(crate) through: Vec<(String, Place)>,
    /// The value that was read last, if any was: `spark-connect.driver.memory`.
    pub(crate) value: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Helm fails too.
    Helm,
    /// The chart said so: `fail`, `required`.
    Said,
    /// Outside of the dialect.
    Outside,
}

impl Fault {
    /// As an error; `who` says who set a value.
    pub(crate) fn into_error(self, who: &dyn Fn(&str) -> Option<String>) -> RenderError {
        let rule = match self.kind {
            FaultKind::Helm => "template-fails",
            FaultKind::Said => "chart-refuses",
            FaultKind::Outside => sparkyard_template::DIALECT,
        };
        let mut finding = Finding::error(rule, self.message.trim().to_owned()).at(Some(self.source.place(self.span)));
        let mut help = Vec::new();
        if let Some(value) = &self.value {
            let by = who(value).map(|by| format!(", set by {by}")).unwrap_or_default();
            help.push(format!("the value read last is `{value}`{by}"));
        }
        for (name, place) in &self.through {
            help.push(format!("`{name}` is called at {}:{}:{}", place.file, place.line, place.column));
        }
        if !help.is_empty() {
            finding = finding.help(help.join("; "));
        }
        match self.kind {
            FaultKind::Outside => RenderError::Outside(vec![finding]),
            _ => RenderError::Refused(vec![finding]),
        }
    }
}
