//! When pods are started again.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "restart-policy",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Pods of workloads restart always, pods of Jobs do not",
    why: "The API server refuses a Job whose template does not say `restartPolicy: OnFailure` or `Never`, since the default is \
          `Always`, and a Deployment that says anything else than `Always`.",
    fix: "Write `restartPolicy: Never` or `OnFailure` into the template of a Job, and nothing into that of other workloads.",
    covers: &["Q54", "Q56"],
    bad: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a
        spec:
          template:
            spec:  # wrong
              containers: []
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a
        spec:
          template:
            spec:
              restartPolicy: Never  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a
        spec:
          template:
            spec:
              restartPolicy: Never
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a
        spec:
          template:
            spec:
              containers: []
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in api::whole_pods(stack) {
        let policy = pod.spec["restartPolicy"].as_str().filter(|policy| !policy.is_empty()).unwrap_or("Always");
        let path = pod.spec_path().key("restartPolicy");
        match pod.object.kind() {
            "Job" | "CronJob" if policy == "Always" => {
                report.pod(&pod, path, "the pods of a Job cannot have restartPolicy Always, the default");
            }
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" if policy != "Always" => {
                report.pod(&pod, path, format!("restartPolicy {policy} is not allowed here"));
            }
            _ => {}
        }
    }
}
