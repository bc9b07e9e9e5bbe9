//! Time to stop.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "grace-period",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "The grace period is longer than what happens before the program is told to stop",
    why: "The grace period includes the preStop hook. When the hook uses it up, the program is killed without being asked: a \
          database replays its log, a worker loses its shuffle files, the history server misses an event log.",
    fix: "Set terminationGracePeriodSeconds to the seconds of the hook plus those that the program needs. Never 0.",
    covers: &["Q29"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a
        spec:
          template:
            spec:
              containers:
                - name: a
                  lifecycle:
                    preStop:  # wrong
                      exec: {command: [sh, -c, "sleep 60; decommission"]}
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a
        spec:
          template:
            spec:
              terminationGracePeriodSeconds: 120
              containers:
                - name: a
                  lifecycle:
                    preStop:
                      exec: {command: [sh, -c, "sleep 60; decommission"]}
    "#}),
    check: Check::Stack(check),
};

/// What Kubernetes gives when nothing is said.
const DEFAULT: i64 = 30;

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        let given = pod.spec["terminationGracePeriodSeconds"].as_i64();
        if given == Some(0) && pod.serves() {
            report.pod(
                &pod,
                pod.spec_path().key("terminationGracePeriodSeconds"),
                "the program is killed without being asked",
            );
            continue;
        }
        // Spark sets that of its pods itself.
        let Some(grace) = given.or((!pod.is_template()).then_some(DEFAULT)) else { continue };
        for container in pod.containers() {
            let hook = &container.value["lifecycle"]["preStop"];
            let Some(seconds) = sleeps(hook).filter(|seconds| *seconds >= grace) else { continue };
            let message =
                format!("preStop of container {} sleeps {seconds} seconds, the pod gets {grace}", container.name());
            report.pod(&pod, container.path.keys("lifecycle.preStop"), message);
        }
    }
}

/// Seconds that a hook sleeps at least.
fn sleeps(hook: &Value) -> Option<i64> {
    if let Some(seconds) = hook["sleep"]["seconds"].as_i64() {
        return Some(seconds);
    }
    let command: Vec<&str> = hook["exec"]["command"].as_array()?.iter().filter_map(Value::as_str).collect();
    let command = command.join(" ");
    let words: Vec<&str> =
        command.split(|c: char| c.is_whitespace() || c == ';' || c == '&').filter(|word| !word.is_empty()).collect();
    // In a loop it is a pause between two looks, and nobody knows how many.
    if words.iter().any(|word| matches!(*word, "while" | "until" | "for")) {
        return None;
    }
    let pauses = words.windows(2).filter(|pair| matches!(pair.first(), Some(&"sleep" | &"/bin/sleep")));
    let seconds = pauses.filter_map(|pair| pair.get(1)?.trim_end_matches('s').parse::<i64>().ok());
    seconds.reduce(i64::saturating_add)
}
