//! Two objects of the same kind and name.

use indoc::indoc;
use std::collections::HashMap;

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "duplicate-object",
    group: Group::Objects,
    severity: Severity::Error,
    title: "No two objects have the same kind and name",
    why: "Helm fails with `already exists`, or the second overwrites the first. Two charts that share a release name, or a \
          name that was cut to 63 characters, are how it happens.",
    fix: "Give each its own name: the release's name, the chart's and the component's, cut before the last part and not after.",
    covers: &["Q35", "Q55"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark
          namespace: other
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    let mut seen: HashMap<_, &str> = HashMap::new();
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| !object.name().is_empty()) {
        // A hook runs at its own time, and helm can delete it before the next.
        if !object.hook.is_empty() {
            continue;
        }
        let namespace = object.namespace().filter(|name| !name.is_empty());
        let namespace = namespace.unwrap_or(&stack.target.namespace);
        let key = (object.group(), object.kind(), namespace, object.name());
        if let Some(first) = seen.insert(key, &object.source) {
            report.object(index, Path::of("metadata.name"), format!("{first} makes one of the same name"));
        }
    }
}
