//! Policies that no pod is subject to.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::fits;
use crate::path::Path;
use crate::related::{has_operators, namespace, pods_with, shown, wants_labels_of_spark};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "policy-selects-nothing",
    group: Group::References,
    severity: Severity::Warning,
    title: "Every PodDisruptionBudget and NetworkPolicy selects some pod",
    why: "A budget that selects nothing protects nothing when nodes are drained, and a NetworkPolicy that selects nothing lets \
          everybody in. Both look fine in `kubectl get`.",
    fix: "Use the labels of the pod template in the selector: one helper for both.",
    covers: &["Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: a}
        spec:
          selector: {matchLabels: {app: b}}  # wrong
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a}
        spec:
          podSelector: {matchLabels: {app: b}}  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec: {containers: []}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: a}
        spec:
          selector: {matchLabels: {app: a}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: a}
        spec:
          podSelector: {}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec: {containers: []}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete || has_operators(stack) {
        return;
    }
    for (index, object) in stack.objects.iter().enumerate() {
        let path = match object.kind() {
            "PodDisruptionBudget" => "spec.selector",
            "NetworkPolicy" => "spec.podSelector",
            _ => continue,
        };
        let selector = object.at(path);
        let selects_all = selector.as_object().is_none_or(serde_json::Map::is_empty);
        if selects_all || wants_labels_of_spark(selector) {
            continue;
        }
        if pods_with(stack, namespace(stack, object), |labels| fits(selector, labels)).is_empty() {
            report.object(index, Path::of(path), format!("no pod fits the selector {}", shown(selector)));
        }
    }
}
