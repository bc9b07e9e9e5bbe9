//! Containers that may write to their image.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "read-only-root",
    group: Group::Security,
    severity: Severity::Warning,
    title: "The root file system of every container is read-only",
    why: "What an attacker writes into a container stays there, and what a program writes into it fills the node's disk \
          uncounted. With a read-only root every path that is written has a volume with a size.",
    fix: "Set `readOnlyRootFilesystem: true`, and mount an emptyDir with a size on every path that the program writes.",
    covers: &["Q06", "L70"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              securityContext:  # wrong
                allowPrivilegeEscalation: false
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              securityContext:
                readOnlyRootFilesystem: true
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            if container.value["securityContext"]["readOnlyRootFilesystem"] != true {
                let path = container.path.keys("securityContext.readOnlyRootFilesystem");
                report.pod(&pod, path, format!("container {} may write to its image", container.name()));
            }
        }
    }
}
