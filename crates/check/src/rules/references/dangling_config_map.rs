//! ConfigMaps that pods refer to and nobody makes.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::config_references::{is_made, is_of_user, references, referred};
use crate::context::Stack;
use crate::related::there_is;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-config-map",
    group: Group::References,
    severity: Severity::Error,
    title: "Every ConfigMap that a pod refers to exists",
    why: "The container does not start: `CreateContainerConfigError`, or `FailedMount` for a volume. The pod waits for ever, and \
          its log is empty.",
    fix: "Make the ConfigMap in the chart under the name that the pod uses, or mark the reference `optional: true`.",
    covers: &["L50", "Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: demo-s3}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              envFrom:
                - configMapRef: {name: s3}  # wrong
          volumes:
            - {name: v, configMap: {name: files}}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: demo-s3}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              envFrom:
                - configMapRef: {name: demo-s3}
                - configMapRef: {name: extra, optional: true}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    for pod in stack.pods() {
        for reference in references(&pod, "ConfigMap") {
            let name = reference.name;
            let is_there = || referred(stack, &pod, "ConfigMap", name).is_some() || is_made(stack, name);
            if reference.optional || is_there() || is_of_user(stack, &pod, &reference) {
                continue;
            }
            let last = report.pod(&pod, reference.path, format!("no ConfigMap `{name}` is made"));
            if let Some(help) = there_is(&stack.names("ConfigMap")) {
                last.help(help);
            }
        }
    }
}
