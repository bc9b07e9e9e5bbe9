//! Monitors that Prometheus finds nothing with.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::monitors::{Selected, selected};
use crate::path::Path;
use crate::related::{has_operators, shown};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "monitor-selects-nothing",
    group: Group::References,
    severity: Severity::Error,
    title: "Every ServiceMonitor selects a Service, and every PodMonitor a pod",
    why: "Prometheus shows no target and no error. Dashboards stay empty, and alerts that need the metric never fire.",
    fix: "Select by labels of the Service itself, not of its pods; for a PodMonitor by those of the pod template.",
    covers: &["Q33", "Q50", "L82"],
    bad: Example::Manifests(indoc! {"
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: a}
        spec:
          selector: {matchLabels: {app: s3}}  # wrong
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: s3}
        spec:
          selector: {app: s3}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: a}
        spec:
          selector: {matchLabels: {app: s3}}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          selector: {app: s3}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete || has_operators(stack) {
        return;
    }
    for (index, monitor) in stack.objects.iter().enumerate() {
        let what = match selected(stack, monitor) {
            Some(Selected::Services(services)) if services.is_empty() => "Service",
            Some(Selected::Pods(pods)) if pods.is_empty() => "pod",
            _ => continue,
        };
        let labels = shown(monitor.at("spec.selector"));
        report.object(index, Path::of("spec.selector"), format!("no {what} has the labels {labels}"));
    }
}
