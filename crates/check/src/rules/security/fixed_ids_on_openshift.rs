//! Numbers of users and groups on OpenShift.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Pod;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "fixed-ids-on-openshift",
    group: Group::Security,
    severity: Severity::Error,
    title: "No pod on OpenShift names its user, group or SELinux label",
    why: "Every namespace of OpenShift has its own range, and gives a number of it to the pod. A number that fits today's \
          namespace is refused in the next one, and the group of an image is not the group 0 that its files belong to.",
    fix: "Leave out runAsUser, runAsGroup, fsGroup and seLinuxOptions on OpenShift: one switch for all pods.",
    covers: &["Q03", "L63", "L64", "L65"],
    bad: Example::OpenShift(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext:
            runAsNonRoot: true
            fsGroup: 185  # wrong
          containers:
            - name: a
              securityContext:
                runAsUser: 185  # wrong
    "}),
    good: Example::OpenShift(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext:
            runAsNonRoot: true
          containers:
            - name: a
              securityContext:
                allowPrivilegeEscalation: false
    "}),
    check: Check::Stack(check),
};

const FIXED: [&str; 4] = ["runAsUser", "runAsGroup", "fsGroup", "seLinuxOptions"];

fn check(stack: &Stack, report: &mut Report) {
    // Who is admitted by `nonroot-v2` or `anyuid` may choose.
    let policies = &stack.target.policies;
    let is_restricted = policies.is_empty() || policies.iter().any(|policy| policy.to_string().contains("restricted"));
    if !stack.target.openshift || !is_restricted {
        return;
    }
    for pod in stack.pods() {
        look(&pod, &pod.spec["securityContext"], &pod.spec_path(), "the pod", report);
        for container in pod.containers() {
            let who = format!("container {}", container.name());
            look(&pod, &container.value["securityContext"], &container.path, &who, report);
        }
    }
}

fn look(pod: &Pod<'_>, context: &Value, path: &Path, who: &str, report: &mut Report) {
    for key in FIXED.into_iter().filter(|key| context.get(key).is_some_and(|value| !value.is_null())) {
        report.pod(pod, path.key("securityContext").key(key), format!("{who} sets {key}, which the namespace decides"));
    }
}
