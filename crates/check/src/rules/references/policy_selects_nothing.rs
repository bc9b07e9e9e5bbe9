//! Policies that no pod is subject to.

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
    bad: Example::Manifests(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec:\n  \
         selector: {matchLabels: {app: b}}  # wrong\n---\n\
         apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  \
         podSelector: {matchLabels: {app: b}}  # wrong\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {app: a}\nspec: {containers: []}\n",
    ),
    good: Example::Manifests(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec:\n  \
         selector: {matchLabels: {app: a}}\n---\n\
         apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {app: a}\nspec: {containers: []}\n",
    ),
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
