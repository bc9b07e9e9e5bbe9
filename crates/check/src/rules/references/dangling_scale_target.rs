//! Autoscalers of what does not exist.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::related::{find, namespace, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-scale-target",
    group: Group::References,
    severity: Severity::Error,
    title: "Every autoscaler names a workload that exists",
    why: "The autoscaler reports `FailedGetScale` in an event and does nothing. Under load nothing grows.",
    fix: "Name the Deployment or StatefulSet as the chart names it, with its kind.",
    covers: &["Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: worker}
        spec: {}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: a}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: worker}
        spec: {}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: a}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: worker}
    "}),
    check: Check::Stack(check),
};

const SCALED: [&str; 4] = ["Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"];

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    for (index, object) in stack.objects.iter().enumerate() {
        let path = match object.kind() {
            "HorizontalPodAutoscaler" => "spec.scaleTargetRef",
            "VerticalPodAutoscaler" => "spec.targetRef",
            _ => continue,
        };
        let target = object.at(path);
        let (Some(kind), Some(name)) = (target["kind"].as_str(), target["name"].as_str()) else { continue };
        // What operators make of their own kinds is not known.
        let Some(kind) = SCALED.into_iter().find(|known| *known == kind) else { continue };
        if find(stack, kind, name, namespace(stack, object)).is_none() {
            let last = report.object(index, Path::of(path).key("name"), format!("no {kind} `{name}` is made"));
            let found = SCALED.into_iter().find(|other| stack.find(other, name).is_some());
            if let Some(help) = found.map(|kind| format!("it is a {kind}")).or(there_is(&stack.names(kind))) {
                last.help(help);
            }
        }
    }
}
