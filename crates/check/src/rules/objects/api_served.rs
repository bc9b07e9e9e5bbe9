//! APIs that Kubernetes does not serve.

use indoc::indoc;
use sparkyard_model::Severity;
use sparkyard_yaml::nearest;

use crate::api::{API, Version};
use crate::context::Stack;
use crate::object::Object;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "api-served",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Every apiVersion and kind is served by the release of Kubernetes",
    why: "Helm stops with `no matches for kind`. After an upgrade of the cluster even `helm uninstall` may stop, because it \
          cannot read what it once made.",
    fix: "Write the apiVersion that the message names. Most kinds have one that all supported releases serve.",
    covers: &["Q53"],
    bad: Example::Manifests(indoc! {"
        apiVersion: policy/v1beta1  # wrong
        kind: PodDisruptionBudget
        metadata:
          name: a
        ---
        apiVersion: apps/v1
        kind: Deploymnet  # wrong
        metadata:
          name: a
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: a
        ---
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    let target = Version::of(stack);
    for (index, object) in stack.objects.iter().enumerate() {
        if object.api_version().is_empty() || object.kind().is_empty() {
            // Not an object at all, unless one of both is there.
            let path = if object.kind().is_empty() { "kind" } else { "apiVersion" };
            report.object(index, Path::of(path), format!("it has no {path}"));
            continue;
        }
        if !API.has_group(object.group()) || object.kind().ends_with("List") {
            continue;
        }
        let Some(kind) = API.kind(object) else {
            unknown(index, object, target, report);
            continue;
        };
        let message = match (kind.introduced, kind.removed) {
            (_, Some(removed)) if removed <= target => {
                format!("Kubernetes {removed} and newer do not serve {} {}", object.api_version(), object.kind())
            }
            (Some(introduced), _) if introduced > target => {
                format!("{} {} is there from Kubernetes {introduced} on", object.api_version(), object.kind())
            }
            _ => continue,
        };
        let last = report.object(index, Path::of("apiVersion"), message);
        if let Some(api) = served(object, target) {
            last.help(format!("for Kubernetes {target} write apiVersion: {api}"));
        }
    }
}

fn unknown(index: usize, object: &Object, target: Version, report: &mut Report) {
    let (api, kind) = (object.api_version(), object.kind());
    let elsewhere = served(object, target);
    let Some(kinds) = API.kinds.get(api) else {
        let last = report.object(index, Path::of("apiVersion"), format!("Kubernetes has no API {api}"));
        if let Some(api) = elsewhere {
            last.help(format!("write apiVersion: {api}"));
        }
        return;
    };
    if let Some(other) = elsewhere {
        let last = report.object(index, Path::of("apiVersion"), format!("{api} has no kind {kind}"));
        last.help(format!("write apiVersion: {other}"));
    } else {
        let last = report.object(index, Path::of("kind"), format!("{api} has no kind {kind}"));
        if let Some(near) = nearest(kind, kinds.keys().copied()) {
            last.help(format!("did you mean `{near}`?"));
        }
    }
}

/// Another API that serves the kind, a stable one first.
fn served(object: &Object, target: Version) -> Option<&'static str> {
    let serves = |kind: &crate::api::Kind| {
        let there = kind.introduced.is_none_or(|introduced| introduced <= target);
        let gone = kind.removed.is_some_and(|removed| removed <= target);
        there && !gone
    };
    let same = |api: &&'static str| {
        *api != object.api_version()
            && API.kinds.get(*api).and_then(|kinds| kinds.get(object.kind())).is_some_and(serves)
    };
    let mut found: Vec<&'static str> = API.kinds.keys().copied().filter(same).collect();
    let stable = |api: &str| !api.contains("alpha") && !api.contains("beta");
    found.sort_by_key(|api| (!stable(api), std::cmp::Reverse(*api)));
    found.first().copied()
}
