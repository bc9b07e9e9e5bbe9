//! Ports that only root may open.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Container, items};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "low-port",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Containers listen on ports from 1024 on",
    why: "A program that is not root gets `Permission denied` when it opens a lower port, on every node whose container runtime \
          does not allow it. One that has the capability NET_BIND_SERVICE may.",
    fix: "Let the container listen on a higher port, 8080 for 80. The Service may keep the low one.",
    covers: &["Q12"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              ports:
                - containerPort: 80  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              ports:
                - containerPort: 8080
            - name: b
              securityContext:
                capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
              ports:
                - containerPort: 443
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers().into_iter().filter(|container| !may_open(container)) {
            for (at, port) in items(&container.value["ports"]).enumerate() {
                if let Some(number) = port["containerPort"].as_u64().filter(|number| (1..1024).contains(number)) {
                    let path = container.path.key("ports").index(at).key("containerPort");
                    let message =
                        format!("container {} listens on {number}, which only root may open", container.name());
                    report.pod(&pod, path, message);
                }
            }
        }
    }
}

/// Whether a container has the capability for it. The policies of the platform say whether it may have it.
fn may_open(container: &Container<'_>) -> bool {
    let added = &container.value["securityContext"]["capabilities"]["add"];
    items(added).any(|name| matches!(name.as_str(), Some("NET_BIND_SERVICE" | "CAP_NET_BIND_SERVICE" | "ALL")))
}
