//! From rules to causes: each once, echoes left out.

use serde::Serialize;

use crate::{Found, Observed, RULES, Rule};

/// Why something does not run, for a person or a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Id of the rule: `storage-class`.
    pub rule: &'static str,
    /// The object that shows it.
    pub object: String,
    /// The component.
    pub component: String,
    /// What is wrong.
    pub message: String,
    /// The cluster's own words.
    pub evidence: String,
    /// What to do.
    pub cure: String,
    /// Where more is said.
    pub page: String,
    /// Seconds for which waiting may still help.
    pub patience: u64,
}

/// The causes in what was seen, the surest first.
pub fn diagnose(observed: &Observed) -> Vec<Cause> {
    let found: Vec<(&Rule, Found)> =
        RULES.iter().flat_map(|rule| (rule.find)(observed).into_iter().map(move |found| (*rule, found))).collect();
    let mut causes: Vec<Cause> = Vec::new();
    for (rule, one) in &found {
        if is_echo(rule, one, &found) || causes.iter().any(|known| same(known, rule, one)) {
            continue;
        }
        causes.push(Cause {
            rule: rule.id,
            object: one.object.clone(),
            component: one.component.clone(),
            message: one.message.clone(),
            evidence: one.evidence.clone(),
            cure: one.cure.clone().unwrap_or_else(|| rule.cure.to_owned()),
            page: format!("docs/fix.md#{}", rule.id),
            patience: rule.patience,
        });
    }
    causes
}

/// Whether something else explains it: its pod has a better cause, or what it waits for has one.
fn is_echo(rule: &Rule, one: &Found, all: &[(&Rule, Found)]) -> bool {
    let better = |other: &Rule, found: &Found| {
        !other.vague && other.id != rule.id && !found.component.is_empty() && found.component == one.component
    };
    if rule.vague && all.iter().any(|(other, found)| better(other, found)) {
        return true;
    }
    let neighbour = one.waits_for.as_deref();
    neighbour.is_some_and(|name| all.iter().any(|(_, found)| found.component == name && found != one))
}

/// The same said of a second pod of the component is no news.
fn same(known: &Cause, rule: &Rule, one: &Found) -> bool {
    known.rule == rule.id && known.message == one.message && known.component == one.component
}
