//! Tolerations and affinity.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Pod, items};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "scheduling-valid",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Tolerations and node affinity are complete and do not contradict themselves",
    why: "The API server refuses the workload. These come from the user's values as they are, so the chart's own tests never see \
          them.",
    fix: "A toleration with `Exists` has no value, one without a key needs `Exists`. `In` and `NotIn` need values, `Exists` takes \
          none, `Gt` and `Lt` take one number.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          tolerations:
            - key: spark
              operator: Exists
              value: "yes"  # wrong
            - effect: NoSchedule  # wrong
          affinity:
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                  - matchExpressions:
                      - key: disk
                        operator: In  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          tolerations:
            - operator: Exists
            - key: spark
              value: "yes"
              effect: NoExecute
              tolerationSeconds: 60
          affinity:
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                  - matchExpressions:
                      - key: cores
                        operator: Gt
                        values: ["8"]
    "#}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for (at, toleration) in items(&pod.spec["tolerations"]).enumerate() {
            let path = pod.spec_path().key("tolerations").index(at);
            let text = |key: &str| toleration[key].as_str().unwrap_or_default();
            if text("key").is_empty() && text("operator") != "Exists" {
                report.pod(&pod, path.key("operator"), "a toleration without a key needs the operator Exists");
            } else if text("operator") == "Exists" && !text("value").is_empty() {
                report.pod(&pod, path.key("value"), "a toleration with Exists takes no value");
            }
            if !toleration["tolerationSeconds"].is_null() && text("effect") != "NoExecute" {
                report.pod(&pod, path.key("tolerationSeconds"), "tolerationSeconds is for the effect NoExecute only");
            }
        }
        node_affinity(&pod, report);
    }
}

fn node_affinity(pod: &Pod<'_>, report: &mut Report) {
    let affinity = &pod.spec["affinity"]["nodeAffinity"];
    let path = pod.spec_path().keys("affinity.nodeAffinity");
    let mut terms: Vec<(&Value, Path)> = Vec::new();
    let (required, preferred) =
        ("requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution");
    for (at, term) in items(&affinity[required]["nodeSelectorTerms"]).enumerate() {
        terms.push((term, path.key(required).key("nodeSelectorTerms").index(at)));
    }
    for (at, term) in items(&affinity[preferred]).enumerate() {
        terms.push((&term["preference"], path.key(preferred).index(at).key("preference")));
    }
    for (term, path) in terms {
        for (at, expression) in items(&term["matchExpressions"]).enumerate() {
            let values = expression["values"].as_array().map_or(0, Vec::len);
            let number = || expression["values"][0].as_str().is_some_and(|text| text.parse::<i64>().is_ok());
            let wrong = match expression["operator"].as_str() {
                Some("In" | "NotIn") if values == 0 => "it needs values",
                Some("Exists" | "DoesNotExist") if values > 0 => "it takes no values",
                Some("Gt" | "Lt") if values != 1 || !number() => "it takes one number, in quotes",
                _ => continue,
            };
            let path = path.key("matchExpressions").index(at).key("operator");
            report.pod(pod, path, format!("operator {}: {wrong}", expression["operator"].as_str().unwrap_or_default()));
        }
    }
}
