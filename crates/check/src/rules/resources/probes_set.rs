//! Probes of what serves.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "probes-set",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "What serves has a readiness probe, and a liveness probe that is not the same",
    why: "Without readiness a Service sends requests to a program that still starts, and an upgrade takes the old pod away too \
          early. When liveness asks the same question, a busy server is restarted in the middle of its work.",
    fix: "Give every container with ports a readinessProbe. Let liveness ask less, or later: a port that is open, more failures.",
    covers: &["Q22"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          template:
            spec:
              containers:
                - name: a  # wrong
                  ports: [{containerPort: 8080}]
                - name: b
                  ports: [{containerPort: 8081}]
                  readinessProbe: {httpGet: {port: 8081}}
                  livenessProbe: {httpGet: {port: 8081}}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          template:
            spec:
              containers:
                - name: a
                  ports: [{containerPort: 8080}]
                  readinessProbe: {httpGet: {port: 8080}}
                  livenessProbe: {httpGet: {port: 8080}, failureThreshold: 10}
                - name: b
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods().iter().filter(|pod| pod.serves()) {
        for container in pod.main_containers() {
            let (ready, live) = (&container.value["readinessProbe"], &container.value["livenessProbe"]);
            let serves = items(&container.value["ports"]).next().is_some();
            if serves && !ready.is_object() {
                let path = container.path.key("readinessProbe");
                report.pod(pod, path, format!("container {} has ports and no readinessProbe", container.name()));
            } else if live.is_object() && live == ready {
                let path = container.path.key("livenessProbe");
                report.pod(pod, path, format!("liveness of container {} asks what readiness asks", container.name()));
            }
        }
    }
}
