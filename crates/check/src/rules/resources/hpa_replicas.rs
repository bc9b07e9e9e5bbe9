//! Who says how many replicas there are.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::replicas::autoscaler;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hpa-replicas",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "A workload with an autoscaler does not set replicas",
    why: "Every `helm upgrade` and every sync of Argo CD sets the number back to the chart's. Pods are killed under load, and the \
          autoscaler starts them anew.",
    fix: "Leave `replicas` out while autoscaling is switched on: `{{- if not .Values.autoscaling.enabled }}`.",
    covers: &["Q26"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 2  # wrong
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: a
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}
          maxReplicas: 4
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec: {}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: a
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}
          maxReplicas: 4
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| object.group() == "apps") {
        let Some(scaler) = autoscaler(stack, object) else { continue };
        if !object.at("spec.replicas").is_null() {
            report.object(index, Path::of("spec.replicas"), format!("{} sets the number too", scaler.id()));
        }
    }
}
