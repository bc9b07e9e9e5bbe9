//! Requests and limits.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Role;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "resources-set",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "Every container asks for CPU and memory, and has a limit on memory",
    why: "A namespace with a quota refuses the pod. Without a quota the scheduler packs pods onto a node as if they needed \
          nothing, and the kernel kills the one that nobody expected.",
    fix: "Set requests for cpu and memory and a limit on memory, init containers too. A limit on CPU is a choice: it slows \
          Spark down when there is room.",
    covers: &["Q19"],
    bad: Example::Manifests(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      resources:  # wrong\n        \
         requests: {cpu: 100m}\n---\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata:\n  executor.yaml: |\n    apiVersion: v1\n    kind: Pod\n    \
         spec:\n      initContainers:\n        - name: jars  # wrong\n      containers:\n        - name: executor\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      resources:\n        \
         requests: {cpu: 100m, memory: 64Mi}\n        limits: {memory: 64Mi}\n",
    ),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        // Spark and operators set those of their pods from their own settings, but not of what runs before.
        let by_others = |role| pod.is_template() && role != Role::Init;
        for container in pod.containers().into_iter().filter(|c| !by_others(c.role) && c.role != Role::Ephemeral) {
            let resources = &container.value["resources"];
            let wanted = [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")];
            let missing: Vec<String> = wanted
                .into_iter()
                .filter(|(kind, name)| resources[kind][name].is_null())
                .map(|(kind, name)| format!("{kind}.{name}"))
                .collect();
            if !missing.is_empty() {
                let message = format!("container {} has no {}", container.name(), missing.join(", "));
                report.pod(&pod, container.path.key("resources"), message);
            }
        }
    }
}
