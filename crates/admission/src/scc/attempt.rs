//! One constraint tried on one pod: fill in what is missing, then hold the whole against the rules.

use std::borrow::Cow;

use super::reasons::Reasons;
use super::rules::Rules;
use super::{capabilities, groups, host, se_linux, seccomp, users, volumes};
use crate::Violation;
use crate::pod::{Container, Context, Groups, Place, Pod};

/// A pod as the constraint leaves it: what may differ from the pod that came.
pub(super) struct Filled<'a> {
    pub(super) context: Context<'a>,
    pub(super) groups: Groups,
    /// The seccomp profile in the words of the pod's annotation, if it has one.
    pub(super) seccomp: Option<Cow<'a, str>>,
    /// In the order of the pod's containers.
    pub(super) containers: Vec<Context<'a>>,
}

/// A container with what it inherits.
pub(super) struct Inside<'p, 'a> {
    pub(super) pod: &'p Pod<'a>,
    /// The pod, already filled.
    pub(super) whole: &'p Filled<'a>,
    pub(super) container: &'p Container<'a>,
}

/// Tries the constraint.
///
/// # Errors
/// Every reason against the pod.
pub(super) fn attempt<'a>(rules: &Rules<'a>, pod: &Pod<'a>) -> Result<Filled<'a>, Vec<Violation>> {
    let mut reasons = Reasons::new(rules.scc);
    let mut filled = fill_pod(rules, pod);
    groups::check(rules, &filled.groups, &mut reasons);
    seccomp::check_pod(rules, pod, &filled, &mut reasons);
    se_linux::check(rules, Place::Pod, filled.context.se_linux, &mut reasons);
    host::check_pod(rules, pod, &mut reasons);
    volumes::check(rules, pod, &mut reasons);

    for container in &pod.containers {
        let inside = Inside { pod, whole: &filled, container };
        let context = fill_container(rules, &inside);
        users::check(rules, &inside, &context, &mut reasons);
        // The pod's own options were checked above.
        if context.se_linux.is_some() {
            se_linux::check(rules, container.place, context.se_linux, &mut reasons);
        }
        seccomp::check_container(rules, &inside, &context, &mut reasons);
        capabilities::check(rules, container.place, &context, &mut reasons);
        host::check_container(rules, &inside, &context, &mut reasons);
        filled.containers.push(context);
    }
    if reasons.any() { Err(reasons.into_vec()) } else { Ok(filled) }
}

fn fill_pod<'a>(rules: &Rules<'a>, pod: &Pod<'a>) -> Filled<'a> {
    let mut context = pod.context.clone();
    context.se_linux = context.se_linux.or(rules.se_linux);
    let named = seccomp::of_pod(rules, pod);
    let seccomp = (!named.words.is_empty()).then_some(named.words);
    if seccomp.is_some() {
        context.seccomp = named.profile;
    }
    Filled { context, groups: groups::fill(rules, &pod.groups), seccomp, containers: Vec::new() }
}

fn fill_container<'a>(rules: &Rules<'a>, inside: &Inside<'_, 'a>) -> Context<'a> {
    let mut context = inside.container.context.clone();
    users::fill(rules, inside, &mut context);
    capabilities::fill(rules, &mut context);
    seccomp::fill_container(inside, &mut context);
    host::fill(rules, &mut context);
    context
}
