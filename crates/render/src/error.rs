//! Why a chart cannot be rendered.

use std::rc::Rc;

use serde_json::Value as Json;
use sparkyard_model::{Finding, Place};
use sparkyard_template::{Source, Span};
use sparkyard_yaml::Part;

use crate::trace::find_value;
use crate::user::Writer;

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

/// Who wrote the key or the value of a path.
type Who<'w> = dyn Fn(&[String], Part) -> Option<Writer> + 'w;

/// What went wrong while a template ran.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) message: String,
    pub(crate) source: Source,
    pub(crate) span: Span,
    /// The `include`s on the way, innermost first: the name and where it is called.
    pub(crate) through: Vec<(String, Place)>,
    /// The values that were read, the last one first: `spark-connect.driver.memory`.
    pub(crate) reads: Vec<Rc<str>>,
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
    /// As an error, at the value that it is about if `who` knows who wrote it, or else in the template. `values` are those
    /// that the chart saw.
    pub(crate) fn into_error(self, values: &Json, who: &Who<'_>) -> RenderError {
        let rule = match self.kind {
            FaultKind::Helm => "template-fails",
            FaultKind::Said => "chart-refuses",
            FaultKind::Outside => sparkyard_template::DIALECT,
        };
        let mut place = self.source.place(self.span);
        let mut help = Vec::new();
        match self.about(values, who) {
            Some((_, Writer::File(written))) if self.kind != FaultKind::Outside => {
                let what = if self.kind == FaultKind::Said { "refused" } else { "what fails is" };
                help.push(format!("{what} at {place}"));
                place = written;
            }
            Some((path, writer)) => {
                let by = match writer {
                    Writer::File(written) => written.to_string(),
                    Writer::Argument(text) => format!("`{text}`"),
                };
                help.push(format!("the value `{path}` is set by {by}"));
            }
            None => help.extend(self.reads.first().map(|path| format!("the value read last is `{path}`"))),
        }
        help.extend(self.through.iter().map(|(name, place)| format!("`{name}` is called at {place}")));
        let mut finding = Finding::error(rule, self.message.trim().to_owned()).at(Some(place));
        if !help.is_empty() {
            finding = finding.help(help.join("; "));
        }
        match self.kind {
            FaultKind::Outside => RenderError::Outside(vec![finding]),
            _ => RenderError::Refused(vec![finding]),
        }
    }

    /// The value that somebody has to change, and who wrote it. Of all that was read, and lies in what was read, it is
    /// the one of which the message names most; or else what was read last.
    fn about(&self, values: &Json, who: &Who<'_>) -> Option<(String, Writer)> {
        let part_of_a_key = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let words: Vec<&str> = self.message.split(|c| !part_of_a_key(c)).collect();
        let mut found = Vec::new();
        for (mut steps, value) in self.reads.iter().filter_map(|read| find_value(values, read)) {
            named(value, &words, &mut steps, &mut found);
        }
        let count = |steps: &[String]| steps.iter().filter(|step| words.contains(&step.as_str())).count();
        found.sort_by_key(|(steps, _)| std::cmp::Reverse(count(steps)));
        let last = self.reads.first().and_then(|read| find_value(values, read));
        // What a map holds is many lines: its key is the place to look at.
        let part = |value: &Json| if value.is_object() { Part::Key } else { Part::Value };
        found.into_iter().chain(last).find_map(|(steps, value)| Some((steps.join("."), who(&steps, part(value))?)))
    }
}

/// A value and all in it whose keys are among the words.
fn named<'v>(value: &'v Json, words: &[&str], steps: &mut Vec<String>, found: &mut Vec<(Vec<String>, &'v Json)>) {
    let is_new = |found: &[(Vec<String>, &Json)]| !found.iter().any(|(known, _)| known == steps);
    if steps.last().is_some_and(|key| words.contains(&key.as_str())) && is_new(found) {
        found.push((steps.clone(), value));
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        steps.push(key.clone());
        named(inner, words, steps, found);
        steps.pop();
    }
}
