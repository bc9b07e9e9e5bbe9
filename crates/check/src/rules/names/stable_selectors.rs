//! Labels that do not belong into selectors.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "stable-selectors",
    group: Group::Names,
    severity: Severity::Error,
    title: "Selectors and claim templates hold no label that changes with a version",
    why: "Selectors cannot be changed. With the chart's or the program's version in one, every `helm upgrade` to a newer version \
          fails; in a Service it cuts off all old pods while the new ones start.",
    fix: "Print the helper with app.kubernetes.io/name, instance and component there, not the one with all labels.",
    covers: &["Q30", "Q31"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a
        spec:
          selector:
            matchLabels:
              app.kubernetes.io/name: a
              app.kubernetes.io/version: "4.1"  # wrong
          volumeClaimTemplates:
            - metadata:
                name: data
                labels:
                  helm.sh/chart: a-1.0.0  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a
          labels:
            app.kubernetes.io/version: "4.1"
        spec:
          selector:
            matchLabels:
              app.kubernetes.io/name: a
              app.kubernetes.io/instance: demo
    "#}),
    check: Check::Stack(check),
};

const CHANGING: [&str; 3] = ["helm.sh/chart", "app.kubernetes.io/version", "chart"];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        let mut add = |path: Path, labels: &Value, what: &str| {
            for key in CHANGING.into_iter().filter(|key| !labels[*key].is_null()) {
                report.object(index, path.key(key), format!("{key} changes with the version; {what} cannot"));
            }
        };
        match (object.group(), object.kind()) {
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") => {
                add(Path::of("spec.selector.matchLabels"), object.at("spec.selector.matchLabels"), "a selector");
                for (at, template) in items(object.at("spec.volumeClaimTemplates")).enumerate() {
                    let path = Path::of("spec.volumeClaimTemplates").index(at).keys("metadata.labels");
                    add(path, &template["metadata"]["labels"], "a claim template");
                }
            }
            ("", "Service") => add(Path::of("spec.selector"), object.at("spec.selector"), "what a Service selects"),
            ("policy", "PodDisruptionBudget") => {
                add(Path::of("spec.selector.matchLabels"), object.at("spec.selector.matchLabels"), "a budget");
            }
            _ => {}
        }
    }
}
