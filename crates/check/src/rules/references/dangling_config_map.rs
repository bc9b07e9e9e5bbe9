//! ConfigMaps that pods refer to and nobody makes.

use sparkyard_model::Severity;

use crate::config_references::{is_made, references, referred};
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
    bad: Example::Manifests(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: demo-s3}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec:\n  containers:\n    - name: client\n      \
         envFrom:\n        - configMapRef: {name: s3}  # wrong\n  volumes:\n    - {name: v, configMap: {name: files}}  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: demo-s3}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec:\n  containers:\n    - name: client\n      \
         envFrom:\n        - configMapRef: {name: demo-s3}\n        - configMapRef: {name: extra, optional: true}\n",
    ),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    for pod in stack.pods() {
        for reference in references(&pod, "ConfigMap") {
            let name = reference.name;
            if reference.optional || referred(stack, &pod, "ConfigMap", name).is_some() || is_made(stack, name) {
                continue;
            }
            let last = report.pod(&pod, reference.path, format!("no ConfigMap `{name}` is made"));
            if let Some(help) = there_is(&stack.names("ConfigMap")) {
                last.help(help);
            }
        }
    }
}
