//! Scratch space without an end.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{items, name};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "empty-dir-size",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "Every emptyDir has a size limit",
    why: "An emptyDir without one grows until the node's disk is full. The kubelet then evicts pods, and not only the one that \
          wrote. In memory it counts against the limit of the containers, which are killed.",
    fix: "Set `sizeLimit` on the emptyDir, or a limit on ephemeral-storage for every container of the pod.",
    covers: &["Q20"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: work
              emptyDir: {}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: work
              emptyDir:
                sizeLimit: 1Gi
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        let containers = pod.main_containers();
        let limited = |container: &crate::object::Container<'_>| {
            !container.value["resources"]["limits"]["ephemeral-storage"].is_null()
        };
        let bounded = !containers.is_empty() && containers.iter().all(limited);
        for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
            let directory = &volume["emptyDir"];
            // A limit on a container's ephemeral storage does not count what lies in memory.
            let counted = bounded && directory["medium"] != "Memory";
            if directory.is_object() && directory["sizeLimit"].is_null() && !counted {
                let path = pod.spec_path().key("volumes").index(at).keys("emptyDir.sizeLimit");
                report.pod(&pod, path, format!("the emptyDir {} has no sizeLimit", name(volume)));
            }
        }
    }
}
