//! Services without pods.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::related::{has_operators, pods_behind, shown, wants_labels_of_spark};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "service-selects-nothing",
    group: Group::References,
    severity: Severity::Error,
    title: "Every Service selects some pod",
    why: "A Service whose selector fits no pod has no endpoints. Its name resolves, and every connection is refused.",
    fix: "Use the same labels in the selector and in the pod template: one helper for both.",
    covers: &["Q33", "L26"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          selector: {app: s3, tier: data}  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec: {containers: []}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          selector: {app: s3}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: executors}
        spec:
          selector: {spark-role: executor}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3, tier: data}
        spec: {containers: []}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    // An operator's pods carry labels that it chooses.
    if !stack.target.complete || has_operators(stack) {
        return;
    }
    for (index, service) in stack.of_kind("Service") {
        let selector = service.at("spec.selector");
        let selects = selector.as_object().is_some_and(|labels| !labels.is_empty());
        if selects && !wants_labels_of_spark(selector) && pods_behind(stack, service).is_empty() {
            report.object(index, Path::of("spec.selector"), format!("no pod has the labels {}", shown(selector)));
        }
    }
}
