//! Pods that get a token of the API without being asked.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::related::{find, namespace};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "token-mount-unsaid",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Every pod says whether it gets a token of the Kubernetes API",
    why: "Kubernetes mounts a token unless told otherwise. Whoever breaks into a notebook or a database then speaks to the API \
          with the rights of its ServiceAccount.",
    fix: "Set `automountServiceAccountToken: false` in the pod, and `true` only where the program calls the API: a Spark driver, \
          an operator.",
    covers: &["Q09"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:  # wrong
          containers: [{name: a}]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: b}
        automountServiceAccountToken: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          automountServiceAccountToken: false
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec:
          serviceAccountName: b
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    // Spark and operators give their pods what these need.
    for pod in stack.pods().into_iter().filter(|pod| !pod.is_template() || pod.embedded.is_some()) {
        let name = pod.spec["serviceAccountName"].as_str().unwrap_or("default");
        let account = find(stack, "ServiceAccount", name, namespace(stack, pod.object));
        let by_account = account.is_some_and(|(_, account)| account.value["automountServiceAccountToken"].is_boolean());
        if !pod.spec["automountServiceAccountToken"].is_boolean() && !by_account {
            let path = pod.spec_path().key("automountServiceAccountToken");
            report.pod(&pod, path, "the pod does not say whether it gets a token");
        }
    }
}
