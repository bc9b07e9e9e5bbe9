//! Disruption budgets that allow no disruption.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Object, fits};
use crate::path::Path;
use crate::replicas::replicas;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "pdb-sense",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "A PodDisruptionBudget lets at least one pod go, and broken pods always",
    why: "A node cannot be drained while a budget allows no disruption: `kubectl drain` and the upgrade of the cluster wait for \
          ever. So they do when the pods are broken, unless the budget lets unhealthy ones go.",
    fix: "Make a budget only for two replicas or more, with `maxUnavailable: 1` and `unhealthyPodEvictionPolicy: AlwaysAllow`.",
    covers: &["Q25"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 1
          template:
            metadata:
              labels: {app: a}
            spec: {}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: a
        spec:  # wrong
          minAvailable: 1  # wrong
          selector:
            matchLabels: {app: a}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 2
          template:
            metadata:
              labels: {app: a}
            spec: {}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: a
        spec:
          maxUnavailable: 1
          unhealthyPodEvictionPolicy: AlwaysAllow
          selector:
            matchLabels: {app: a}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, budget) in crate::api::of(stack, "policy", "PodDisruptionBudget") {
        let spec = budget.at("spec");
        if spec.is_object() && spec["unhealthyPodEvictionPolicy"].is_null() {
            let path = Path::of("spec.unhealthyPodEvictionPolicy");
            report.object(index, path, "pods that are not ready cannot be evicted while too few are");
        }
        let count = pods_of(stack, budget);
        let (path, allowed) = match (&spec["minAvailable"], &spec["maxUnavailable"]) {
            (Value::Null, Value::Null) => continue,
            (Value::Null, most) => ("spec.maxUnavailable", amount(most, count, true)),
            (least, _) => {
                let wanted = amount(least, count, true);
                ("spec.minAvailable", wanted.and_then(|wanted| count.map(|count| count - wanted)).or(all(least)))
            }
        };
        // No replicas need no budget, and nobody waits for them.
        if allowed.is_some_and(|allowed| allowed <= 0) && count != Some(0) {
            let of = count.map(|count| format!(" of {count}")).unwrap_or_default();
            report.object(index, Path::of(path), format!("it lets none{of} go, so no node with it can be drained"));
        }
    }
}

/// `minAvailable: 100%` lets none go, however many there are.
fn all(least: &Value) -> Option<i64> {
    (least == "100%").then_some(0)
}

/// How many pods a number or percentage means; percentages are rounded up.
fn amount(value: &Value, count: Option<i64>, up: bool) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let percent: i64 = value.as_str()?.strip_suffix('%')?.parse().ok()?;
    if percent == 0 {
        return Some(0);
    }
    let parts = count?.checked_mul(percent)?;
    Some(if up { parts.saturating_add(99) / 100 } else { parts / 100 })
}

/// How many pods a budget is about, when one workload of the stack is.
fn pods_of(stack: &Stack, budget: &Object) -> Option<i64> {
    let selector = budget.at("spec.selector");
    let chosen = |object: &&Object| {
        object.group() == "apps"
            && matches!(object.kind(), "Deployment" | "StatefulSet")
            && fits(selector, object.at("spec.template.metadata.labels"))
    };
    let mut found = stack.objects.iter().filter(chosen);
    let workload = found.next().filter(|_| selector.is_object())?;
    if found.next().is_some() {
        return None;
    }
    replicas(stack, workload)
}
