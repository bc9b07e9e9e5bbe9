//! Selectors of workloads.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::object::{fits, items};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "selector-fits-template",
    group: Group::Objects,
    severity: Severity::Error,
    title: "The selector of a workload selects the pods of its template",
    why: "The API server refuses the workload: `selector does not match template labels`. A selector that can never be true \
          anywhere else is accepted and selects nothing.",
    fix: "Print the same helper of selector labels into `matchLabels` and into the labels of the template.",
    covers: &["Q54", "Q30"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          selector:
            matchLabels:  # wrong
              app: a
          template:
            metadata:
              labels:
                app: b
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          selector:
            matchLabels:
              app: a
          template:
            metadata:
              labels:
                app: a
                part: b
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        if api::API.kind(object).is_none() {
            continue;
        }
        if memchr::memmem::find(object.text.as_bytes(), b"matchExpressions").is_some() {
            crate::object::walk(&object.value, &Path::root(), &mut |here, value| {
                for wrong in expressions(value) {
                    report.object(index, here.path().key("matchExpressions"), wrong);
                }
            });
        }
        if object.group() != "apps"
            || !matches!(object.kind(), "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        {
            continue;
        }
        let selector = object.at("spec.selector");
        // What is missing is another rule's.
        if !selector.is_object() {
            continue;
        }
        let empty = |key: &str| match &selector[key] {
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => true,
        };
        if empty("matchLabels") && empty("matchExpressions") {
            report.object(index, Path::of("spec.selector"), "an empty selector is not allowed for a workload");
        } else if !fits(selector, object.at("spec.template.metadata.labels")) {
            let path = if empty("matchLabels") { "spec.selector" } else { "spec.selector.matchLabels" };
            report.object(index, Path::of(path), "the labels of the template do not fit the selector");
        }
    }
}

/// What is wrong with the expressions of a label selector.
fn expressions(selector: &Value) -> Vec<String> {
    // Affinity to nodes has expressions too, with more operators; the data knows those.
    let wrong = |expression: &Value| {
        let (key, operator) = (expression["key"].as_str()?, expression["operator"].as_str()?);
        let some = expression["values"].as_array().is_some_and(|values| !values.is_empty());
        match operator {
            "In" | "NotIn" => (!some).then(|| format!("{operator} of {key} needs values")),
            "Exists" | "DoesNotExist" => some.then(|| format!("{operator} of {key} takes no values")),
            "Gt" | "Lt" => None,
            other => Some(format!("`{other}` is no operator; use In, NotIn, Exists or DoesNotExist")),
        }
    };
    items(&selector["matchExpressions"]).filter_map(wrong).collect()
}
