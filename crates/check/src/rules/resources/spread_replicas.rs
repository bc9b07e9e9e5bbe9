//! Replicas that may all lie on one node.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{fits, items};
use crate::replicas::replicas;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spread-replicas",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "Several replicas are spread over nodes",
    why: "Two replicas on one node are gone together when the node is. The scheduler spreads pods a little by itself, and stops \
          when nodes are full.",
    fix: "Add a topologySpreadConstraint on kubernetes.io/hostname with `whenUnsatisfiable: ScheduleAnyway`, or a preferred pod \
          anti-affinity, with the labels of these pods.",
    covers: &["Q27"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 2
          template:
            metadata:
              labels: {app: a}
            spec:  # wrong
              containers: []
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 2
          template:
            metadata:
              labels: {app: a}
            spec:
              topologySpreadConstraints:
                - maxSkew: 1
                  topologyKey: kubernetes.io/hostname
                  whenUnsatisfiable: ScheduleAnyway
                  labelSelector: {matchLabels: {app: a}}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods().iter().filter(|pod| pod.serves() && pod.object.kind() != "DaemonSet") {
        let Some(count) = replicas(stack, pod.object).filter(|count| *count > 1) else { continue };
        let mut selectors: Vec<(&Value, crate::path::Path)> = Vec::new();
        for (at, spread) in items(&pod.spec["topologySpreadConstraints"]).enumerate() {
            let path = pod.spec_path().key("topologySpreadConstraints").index(at).key("labelSelector");
            selectors.push((&spread["labelSelector"], path));
        }
        let anti = &pod.spec["affinity"]["podAntiAffinity"];
        for (list, term) in [
            ("requiredDuringSchedulingIgnoredDuringExecution", ""),
            ("preferredDuringSchedulingIgnoredDuringExecution", "podAffinityTerm"),
        ] {
            for (at, entry) in items(&anti[list]).enumerate() {
                let path = pod
                    .spec_path()
                    .keys("affinity.podAntiAffinity")
                    .key(list)
                    .index(at)
                    .keys(term)
                    .key("labelSelector");
                let entry = if term.is_empty() { entry } else { &entry[term] };
                selectors.push((&entry["labelSelector"], path));
            }
        }
        let chooses = |selector: &Value| selector.is_object() && fits(selector, pod.labels());
        if selectors.is_empty() {
            let message = format!("{count} replicas may all lie on one node");
            report.pod(pod, pod.spec_path().key("topologySpreadConstraints"), message);
        } else if !selectors.iter().any(|(selector, _)| chooses(selector)) {
            for (_, path) in selectors {
                report.pod(pod, path, "the selector is not about the pod's own labels, so its replicas are not spread");
            }
        }
    }
}
