//! Secrets that pods refer to and nobody makes.

use std::collections::BTreeMap;

use sparkyard_model::Severity;

use crate::config_references::{is_made, references, referred};
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
    bad: Example::Manifests(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: demo-s3}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec:\n  containers:\n    - name: client\n      \
         envFrom:\n        - secretRef: {name: s3}  # wrong\n  volumes:\n    - {name: v, secret: {secretName: keys}}  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: demo-s3}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec:\n  containers:\n    - name: client\n      \
         envFrom:\n        - secretRef: {name: demo-s3}\n        - secretRef: {name: extra, optional: true}\n",
    ),
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
            if *made.entry(name).or_insert_with(|| is_made(stack, name)) {
                continue;
            }
            let last = report.pod(&pod, reference.path, format!("no Secret `{name}` is made"));
            if let Some(help) = there_is(&stack.names("Secret")) {
                last.help(help);
            }
        }
    }
}
