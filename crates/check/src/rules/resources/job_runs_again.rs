//! Jobs that Kubernetes takes away and helm makes again.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "job-runs-again",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "A Job of a release has no time to live",
    why: "Kubernetes takes a finished Job away when its ttlSecondsAfterFinished is over. The next `helm upgrade` finds it \
          missing and makes it again, whatever the upgrade is about: a job that ran last week runs once more. Argo CD and \
          Flux do so within minutes, over and over.",
    fix: "Take ttlSecondsAfterFinished out; helm takes the Job away when the release no longer holds it. If it is to run with \
          each upgrade, make it a hook.",
    covers: &["Q56"],
    bad: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a
          labels: {app.kubernetes.io/managed-by: Helm}
        spec:
          backoffLimit: 2
          ttlSecondsAfterFinished: 86400  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a
          labels: {app.kubernetes.io/managed-by: Helm}
        spec:
          backoffLimit: 2
        ---
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: b
          annotations: {helm.sh/hook: post-upgrade}
          labels: {app.kubernetes.io/managed-by: Helm}
        spec:
          ttlSecondsAfterFinished: 86400
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.of_kind("Job") {
        let of_release = object.hook.is_empty() && object.labels()["app.kubernetes.io/managed-by"] == "Helm";
        if of_release && !object.at("spec.ttlSecondsAfterFinished").is_null() {
            let path = Path::of("spec").key("ttlSecondsAfterFinished");
            report.object(index, path, "the next `helm upgrade` after this time makes the Job, and so runs it, again");
        }
    }
}
