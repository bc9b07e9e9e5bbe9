//! Requests and limits.

use indoc::indoc;
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
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              resources:  # wrong
                requests: {cpu: 100m}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: b
        data:
          executor.yaml: |
            apiVersion: v1
            kind: Pod
            spec:
              initContainers:
                - name: jars  # wrong
              containers:
                - name: executor
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              resources:
                requests: {cpu: 100m, memory: 64Mi}
                limits: {memory: 64Mi}
    "}),
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
