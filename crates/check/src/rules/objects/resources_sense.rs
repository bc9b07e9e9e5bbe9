//! Requests, limits and sizes that contradict each other.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::grammar::quantity;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "resources-sense",
    group: Group::Objects,
    severity: Severity::Error,
    title: "No request is above its limit, and no amount is negative or far too small",
    why: "The API server refuses a pod whose request is above its limit. `memory: 512` are 512 bytes and `400m` is less than \
          one: such a container is killed before it starts.",
    fix: "Write memory as Mi or Gi, CPU as 500m or 2, and make the limit at least the request.",
    covers: &["Q54", "Q19"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              resources:
                requests:
                  cpu: 2  # wrong
                  memory: 512m  # wrong
                limits:
                  cpu: 1500m
                  memory: 512Mi
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
                requests:
                  cpu: 500m
                  memory: 512Mi
                limits:
                  memory: 0.5Gi
    "}),
    check: Check::Stack(check),
};

/// Nothing runs in less memory: a unit was forgotten.
const LEAST: f64 = 100_000.0;

fn check(stack: &Stack, report: &mut Report) {
    for pod in api::whole_pods(stack) {
        for container in pod.containers() {
            let resources = &container.value["resources"];
            for kind in ["requests", "limits"] {
                for (name, given) in resources[kind].as_object().into_iter().flatten() {
                    let Some(amount) = quantity(given) else { continue };
                    let limit = quantity(&resources["limits"][name]);
                    let path = container.path.key("resources").key(kind).key(name);
                    let bytes = matches!(name.as_str(), "memory" | "ephemeral-storage");
                    if amount < 0.0 {
                        report.pod(&pod, path, format!("{kind}.{name} is negative"));
                    } else if bytes && amount > 0.0 && amount < LEAST {
                        let message = format!("{kind}.{name} is {amount} bytes");
                        report.pod(&pod, path, message).help("write a unit: Mi or Gi");
                    } else if let Some(limit) = limit.filter(|limit| kind == "requests" && amount > *limit) {
                        // A limit without a unit is said above; then it is not the request that is wrong.
                        if !bytes || limit >= LEAST {
                            report.pod(&pod, path, format!("the request for {name} is above its limit"));
                        }
                    }
                }
            }
        }
    }
    for (index, claim) in api::of(stack, "", "PersistentVolumeClaim") {
        if quantity(claim.at("spec.resources.requests.storage")).is_some_and(|size| size <= 0.0) {
            report.object(index, Path::of("spec.resources.requests.storage"), "the size of a claim must be above 0");
        }
    }
}
