//! Volumes of a claim that nobody makes.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::related::{find, namespace, operator_makes, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-claim",
    group: Group::References,
    severity: Severity::Error,
    title: "Every PersistentVolumeClaim that a pod mounts exists",
    why: "The pod stays `Pending`: `persistentvolumeclaim \"...\" not found` is all that the scheduler says.",
    fix: "Make the claim in the chart under the name that the pod uses, or use volumeClaimTemplates of a StatefulSet.",
    covers: &["Q33", "L50"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          volumes:
            - {name: data, persistentVolumeClaim: {claimName: data}}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          volumes:
            - {name: data, persistentVolumeClaim: {claimName: data}}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    for pod in stack.pods() {
        for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
            let Some(name) = volume["persistentVolumeClaim"]["claimName"].as_str() else { continue };
            // Spark replaces `OnDemand` by a claim of each executor.
            let made = find(stack, "PersistentVolumeClaim", name, namespace(stack, pod.object)).is_some();
            if made || name == "OnDemand" || of_stateful_set(stack, name) || operator_makes(stack, name) {
                continue;
            }
            let path = pod.spec_path().key("volumes").index(at).keys("persistentVolumeClaim.claimName");
            let last = report.pod(&pod, path, format!("no PersistentVolumeClaim `{name}` is made"));
            if let Some(help) = there_is(&stack.names("PersistentVolumeClaim")) {
                last.help(help);
            }
        }
    }
}

/// Whether it is the claim of a StatefulSet's pod: `data-demo-s3-0`.
fn of_stateful_set(stack: &Stack, name: &str) -> bool {
    let Some((start, number)) = name.rsplit_once('-') else { return false };
    let is_claim = |template: &serde_json::Value, set: &str| {
        template["metadata"]["name"].as_str().is_some_and(|claim| format!("{claim}-{set}") == start)
    };
    number.parse::<u32>().is_ok()
        && stack
            .of_kind("StatefulSet")
            .any(|(_, set)| items(set.at("spec.volumeClaimTemplates")).any(|template| is_claim(template, set.name())))
}
