//! `capabilities`.

use std::collections::BTreeSet;

use super::reasons::Reasons;
use super::rules::Rules;
use crate::pod::{Capabilities, Context, Place};

/// Adds what the constraint adds and drops what it drops. Both lists come back sorted and without
/// repetitions, but only if something was missing.
pub(super) fn fill<'a>(rules: &Rules<'a>, context: &mut Context<'a>) {
    let (add, drop) = match &context.capabilities {
        Some(own) => (set(&own.add), set(&own.drop)),
        None => (BTreeSet::new(), BTreeSet::new()),
    };
    let default_add = rules.scc.default_add_capabilities.iter().map(String::as_str);
    let all_added: BTreeSet<&str> =
        default_add.filter(|name| !drop.contains(name)).chain(add.iter().copied()).collect();
    let required = rules.scc.required_drop_capabilities.iter().map(String::as_str);
    let all_dropped: BTreeSet<&str> = required.chain(drop.iter().copied()).collect();
    if all_added.len() != add.len() || all_dropped.len() != drop.len() {
        let (add, drop) = (all_added.into_iter().collect(), all_dropped.into_iter().collect());
        context.capabilities = Some(Capabilities { add, drop });
    }
}

fn set<'a>(names: &[&'a str]) -> BTreeSet<&'a str> {
    names.iter().copied().collect()
}

pub(super) fn check(rules: &Rules<'_>, place: Place<'_>, context: &Context<'_>, reasons: &mut Reasons<'_>) {
    let scc = rules.scc;
    // What must be dropped was filled in.
    let Some(capabilities) = &context.capabilities else { return };
    if scc.allowed_capabilities.iter().any(|name| name == "*") {
        return;
    }
    let known = |name: &&str| {
        scc.allowed_capabilities.iter().chain(&scc.default_add_capabilities).any(|allowed| allowed == name)
    };
    for added in capabilities.add.iter().filter(|name| !known(name)) {
        let allowed = if scc.allowed_capabilities.is_empty() {
            "none may be".to_owned()
        } else {
            format!("only {} may be", scc.allowed_capabilities.join(", "))
        };
        let message = format!("the capability `{added}` is added, {allowed}");
        reasons.secured("capabilities", place, "capabilities.add", message, format!("remove `{added}`"));
    }
}
