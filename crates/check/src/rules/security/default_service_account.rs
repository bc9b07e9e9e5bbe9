//! Pods that share the ServiceAccount of the namespace.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "default-service-account",
    group: Group::Security,
    severity: Severity::Warning,
    title: "No pod runs under the ServiceAccount `default`",
    why: "Rights that somebody gives to `default` for one pod are those of every pod in the namespace that names no account of \
          its own.",
    fix: "Make a ServiceAccount for each component, with values to name one that exists.",
    covers: &["Q10"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:  # wrong
          containers: [{name: a}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec:
          serviceAccountName: default  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: a}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          serviceAccountName: a
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    // Spark and operators name the account of their pods in settings of their own.
    for pod in stack.pods().into_iter().filter(|pod| !pod.is_template()) {
        let named = pod.spec["serviceAccountName"].as_str().or(pod.spec["serviceAccount"].as_str());
        if named.is_none_or(|name| name.is_empty() || name == "default") {
            let path = pod.spec_path().key("serviceAccountName");
            report.pod(&pod, path, "the pod runs under the ServiceAccount `default`");
        }
    }
}
