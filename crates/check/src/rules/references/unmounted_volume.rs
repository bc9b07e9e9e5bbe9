//! Volumes that no container mounts.

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
    bad: Example::Manifests(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a}]\n  volumes:\n    \
         - {name: config, configMap: {name: a, optional: true}}  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      volumeMounts:\n        \
         - {name: tmp, mountPath: /tmp}\n  volumes:\n    - {name: tmp, emptyDir: {}}\n",
    ),
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
