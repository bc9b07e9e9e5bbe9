//! Ports that only root may open.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "low-port",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Containers listen on ports from 1024 on",
    why: "A program that is not root gets `Permission denied` when it opens a lower port, on every node whose container runtime \
          does not allow it.",
    fix: "Let the container listen on a higher port, 8080 for 80. The Service may keep the low one.",
    covers: &["Q12"],
    bad: Example::Manifests(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      ports:\n        \
         - containerPort: 80  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      ports:\n        \
         - containerPort: 8080\n",
    ),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
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
