//! Pods that the cluster would refuse.

use indoc::indoc;
use sparkyard_admission::PodRef;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "pod-admission",
    group: Group::Security,
    severity: Severity::Error,
    title: "Every pod is admitted under the policy that is asked for",
    why: "A namespace that enforces Pod Security `restricted`, or OpenShift's `restricted-v2`, refuses the pod: a line in an \
          event of its controller, and nothing runs. Init containers, hooks, tests and the executors that Spark makes from \
          a template are judged like all others.",
    fix: "Set what the message names. The helpers of this catalogue do it for every container.",
    covers: &["Q01", "Q02", "Q07", "Q13", "Q24", "S8", "L64", "L65", "L67", "L68", "L73"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          securityContext:
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
          containers:
            - name: a
              image: a:1
              securityContext:
                allowPrivilegeEscalation: true  # wrong
                capabilities: {drop: [ALL]}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          securityContext:
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
          containers:
            - name: a
              image: a:1
              securityContext:
                allowPrivilegeEscalation: false
                capabilities: {drop: [ALL]}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for policy in &stack.target.policies {
            let judged = PodRef { metadata: pod.metadata, spec: pod.spec };
            let Err(violations) = policy.judge(judged, &stack.target.ranges) else { continue };
            for violation in violations {
                // Violations name places from the pod's root; ours start at the object's.
                let path = pod.path.join(&Path::parse(&violation.path));
                let message = format!("{policy} refuses it: {} [{}]", violation.message, violation.check);
                report.pod(&pod, path, message).help(violation.help.clone());
            }
        }
    }
}
