//! Rules of charts: one rule, one file of `rules/`.
//!
//! A chart is looked at twice: as it is written ([`ChartSource`]) and as what it makes ([`Stack`], all objects of one
//! install). What a rule finds is led back to the line that a person wrote: their values file, or the template.

mod address;
mod api;
mod catalogue;
mod change;
mod config_references;
mod context;
mod downloads;
mod example;
mod grammar;
mod image;
mod images;
mod install;
mod monitors;
mod object;
mod page;
mod path;
mod place;
mod policies;
mod printed;
mod related;
mod replicas;
mod report;
mod rule;
mod rules;
mod spark;
mod waiver;
mod wires;

use sparkyard_model::{Finding, Severity};

pub use catalogue::{Checked, TargetOf, check_catalogue};
pub use change::upgraded;
pub use config_references::{CONFIG_MAPS_OF_CLUSTERS, Reference, references};
pub use context::{ChartSource, Stack, Target};
pub use downloads::{Download, Downloads, NamedJar, NamedPackage, downloads};
pub use grammar::quantity;
pub use images::{NamedImage, When, images};
pub use install::{Release, Stage, install};
pub use object::{Container, Embedded, Object, Pod, Role, fits, items, name, selects, walk};
pub use page::{book, page};
pub use path::{Here, Path, Step};
pub use report::Report;
pub use rule::{Check, Example, Group, Rule};
pub use rules::RULES;
pub use spark::memory::{of_spark as spark_memory, with_overhead as spark_pod_memory};
pub use waiver::{Waiver, apply as apply_waivers};

use crate::place::Blame;
use crate::report::{Found, Target as About};
use crate::spark::Spark;
use crate::wires::Network;

/// The rule of this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// What to say about an id that no rule has; `None` when one has it.
pub fn no_rule(id: &str) -> Option<String> {
    let ids = RULES.iter().map(|rule| rule.id);
    rule(id).is_none().then(|| match sparkyard_yaml::nearest(id, ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`sparkyard list rules` lists them".to_owned(),
    })
}

/// What is wrong with a chart as it is written.
pub fn check_source(source: &ChartSource<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Chart(check) = rule.check {
            let mut report = Report::default();
            check(source, &mut report);
            findings.extend(report.found.into_iter().map(|found| finding(rule, found, None)));
        }
    }
    once(findings)
}

/// What is wrong with the objects of an install.
pub fn check_stack(stack: &Stack) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (spark, network) = (Spark::of(stack), Network::of(stack));
    for rule in RULES {
        let mut report = Report::default();
        match rule.check {
            Check::Stack(check) => check(stack, &mut report),
            Check::Spark(check) => check(&spark, stack, &mut report),
            Check::Network(check) => check(&network, stack, &mut report),
            Check::Chart(_) | Check::Upgrade(_) => {}
        }
        findings.extend(report.found.into_iter().map(|found| finding(rule, found, Some(stack))));
    }
    once(findings)
}

/// What breaks when one version of a chart is replaced by the next.
pub fn check_upgrade(before: &Stack, after: &Stack) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Upgrade(check) = rule.check {
            let mut report = Report::default();
            check(before, after, &mut report);
            findings.extend(report.found.into_iter().map(|found| finding(rule, found, Some(after))));
        }
    }
    once(findings)
}

fn finding(rule: &Rule, found: Found, stack: Option<&Stack>) -> Finding {
    let (mut message, mut help) = (found.message, found.help);
    if let Some(stack) = stack {
        match &found.target {
            About::Object { index, embedded, .. } => {
                let document = embedded.as_ref().map(|key| format!("[{key}]")).unwrap_or_default();
                found_in(stack, *index, &document, &mut message);
            }
            About::Line { index, path, .. } => {
                let file = path.last_key().filter(|_| path.steps().len() == 2).map(|key| format!("[{key}]"));
                found_in(stack, *index, &file.unwrap_or_default(), &mut message);
            }
            About::Place(_) | About::Nothing => {}
        }
    }
    let first = blame(&found.target, stack);
    let others = || found.others.iter().map(|target| blame(target, stack)).find(|blame| blame.by_user);
    let blamed = if first.by_user { first } else { others().unwrap_or(first) };
    let at = blamed.noted(&mut help);
    let severity = found.severity.unwrap_or(rule.severity);
    Finding { rule: rule.id.to_owned(), severity, message, at, help: help.or(Some(rule.fix.to_owned())) }
}

fn blame(target: &About, stack: Option<&Stack>) -> Blame {
    let nowhere = |place| Blame { place, note: None, by_user: false };
    match (target, stack) {
        (About::Place(place), _) => nowhere(Some(place.clone())),
        (About::Nothing, _) | (_, None) => nowhere(None),
        (About::Object { index, embedded, path }, Some(stack)) => stack.blame(*index, embedded.as_deref(), path),
        (About::Line { index, path, line, word, key, value }, Some(stack)) => {
            stack.blame_line(*index, path, *line, word, (key, value))
        }
    }
}

/// Puts the object, and what of it, before a message.
fn found_in(stack: &Stack, index: usize, part: &str, message: &mut String) {
    if let Some(object) = stack.objects.get(index) {
        *message = format!("{}{part}: {message}", object.id());
    }
}

/// The same is said once, the worst first.
fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        if !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    kept
}

/// Whether findings are bad enough to fail: notes are not.
pub fn fails(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity >= Severity::Warning)
}
