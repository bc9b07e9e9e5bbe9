//! Secrets that pods refer to and nobody makes.

use indoc::indoc;
use std::collections::BTreeMap;

use sparkyard_model::Severity;

use crate::config_references::{is_made, is_of_user, references, referred};
use crate::context::Stack;
use crate::related::there_is;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-secret",
    group: Group::References,
    severity: Severity::Error,
    title: "Every Secret that a pod refers to exists",
    why: "The container does not start: `CreateContainerConfigError`, or `FailedMount` for a volume. The pod waits for ever, and \
          its log is empty.",
    fix: "Make the Secret in the chart, or let the person name one that exists, and say in the README which keys it must have.",
    covers: &["L50", "Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Secret
        metadata: {name: demo-s3}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              envFrom:
                - secretRef: {name: s3}  # wrong
          volumes:
            - {name: v, secret: {secretName: keys}}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Secret
        metadata: {name: demo-s3}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              envFrom:
                - secretRef: {name: demo-s3}
                - secretRef: {name: extra, optional: true}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    let mut made = BTreeMap::new();
    for pod in stack.pods() {
        for reference in references(&pod, "Secret") {
            let name = reference.name;
            if reference.optional || referred(stack, &pod, "Secret", name).is_some() {
                continue;
            }
            if *made.entry(name).or_insert_with(|| is_made(stack, name)) || is_of_user(stack, &pod, &reference) {
                continue;
            }
            let last = report.pod(&pod, reference.path, format!("no Secret `{name}` is made"));
            if let Some(help) = there_is(&stack.names("Secret")) {
                last.help(help);
            }
        }
    }
}
