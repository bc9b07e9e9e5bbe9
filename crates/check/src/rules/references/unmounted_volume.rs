//! Volumes that no container mounts.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unmounted-volume",
    group: Group::References,
    severity: Severity::Warning,
    title: "Every volume of a pod is mounted by a container",
    why: "The settings, keys or room on disk that the volume was meant to give never reach the program. It runs with its own \
          defaults, and nobody sees why.",
    fix: "Mount the volume, or take it out.",
    covers: &["Q33", "L33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers: [{name: a}]
          volumes:
            - {name: config, configMap: {name: a, optional: true}}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              volumeMounts:
                - {name: tmp, mountPath: /tmp}
          volumes:
            - {name: tmp, emptyDir: {}}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    // Operators mount volumes into containers that they add, Spark into the one that it completes.
    for pod in stack.pods().into_iter().filter(|pod| !pod.is_template()) {
        let mounted = |name: &str| {
            let lists =
                pod.containers().into_iter().flat_map(|c| [&c.value["volumeMounts"], &c.value["volumeDevices"]]);
            lists.flat_map(items).any(|mount| mount["name"] == name)
        };
        for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
            if let Some(name) = volume["name"].as_str().filter(|name| !mounted(name)) {
                let path = pod.spec_path().key("volumes").index(at).key("name");
                report.pod(&pod, path, format!("no container mounts the volume `{name}`"));
            }
        }
    }
}
