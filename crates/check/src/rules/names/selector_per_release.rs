//! Selectors that two releases share.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Object;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "selector-per-release",
    group: Group::Names,
    severity: Severity::Warning,
    title: "Selectors tell two releases of a chart apart",
    why: "Two releases in one namespace steal each other's traffic: the Service of one sends half of its requests to the pods of \
          the other, and sessions break now and then.",
    fix: "Add `app.kubernetes.io/instance: {{ .Release.Name }}` to the selector and to the labels of the pods.",
    covers: &["D19", "Q30", "Q36"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-jupyter
        spec:
          selector:  # wrong
            app: jupyter
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-jupyter
        spec:
          selector:
            app.kubernetes.io/name: jupyter
            app.kubernetes.io/instance: demo
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-driver
        spec:
          selector:
            app: demo-driver
    "}),
    check: Check::Stack(check),
};

/// Labels whose values are of one release, one pod or one application by what they are.
const OWN: [&str; 7] = [
    "app.kubernetes.io/instance",
    "release",
    "instance",
    "statefulset.kubernetes.io/pod-name",
    "spark-app-selector",
    "job-name",
    "batch.kubernetes.io/job-name",
];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        let path = match (object.group(), object.kind()) {
            ("", "Service") => "spec.selector",
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet") => "spec.selector.matchLabels",
            _ => continue,
        };
        let Some(selector) = object.at(path).as_object().filter(|selector| !selector.is_empty()) else { continue };
        if !selector.iter().any(|(key, value)| OWN.contains(&key.as_str()) || names(object, value)) {
            report.object(index, Path::of(path), "no label of it is the release's own");
        }
    }
}

/// Whether the value of a label holds the name of the object, which is made of the release's, or the other way round
/// with a suffix: `demo-s3` selects `demo`.
fn names(object: &Object, value: &Value) -> bool {
    let own = object.name();
    value.as_str().is_some_and(|value| {
        value == own || value.starts_with(&format!("{own}-")) || own.starts_with(&format!("{value}-"))
    })
}
