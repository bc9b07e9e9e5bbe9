//! Pods that run under a ServiceAccount that nobody makes.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-service-account",
    group: Group::References,
    severity: Severity::Error,
    title: "Every ServiceAccount that a pod names exists",
    why: "The controller cannot create the pod: `serviceaccount \"...\" not found` stands in an event of the ReplicaSet, and \
          `helm install` says that all is well.",
    fix: "Make the ServiceAccount in the chart, under the same name.",
    covers: &["Q10", "Q33", "D16"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          serviceAccountName: spark  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          serviceAccountName: spark
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        let Some(name) = pod.spec["serviceAccountName"].as_str().filter(|name| *name != "default") else { continue };
        if stack.target.complete && stack.find("ServiceAccount", name).is_none() {
            let made = stack.names("ServiceAccount");
            let last = report.pod(
                &pod,
                pod.spec_path().key("serviceAccountName"),
                format!("no ServiceAccount `{name}` is made"),
            );
            if !made.is_empty() {
                last.help(format!("there is: {}", made.join(", ")));
            }
        }
    }
}
