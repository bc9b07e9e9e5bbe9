//! Keys that the named Secret or ConfigMap does not have.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::config_references::{keys, references, referred};
use crate::context::Stack;
use crate::related::there_is;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-key",
    group: Group::References,
    severity: Severity::Error,
    title: "Every key that a pod takes from a Secret or ConfigMap is in it",
    why: "The container does not start: `couldn't find key ... in Secret`. The Secret is there, so people look everywhere else.",
    fix: "Use the key that the Secret or ConfigMap has, or mark the reference `optional: true`.",
    covers: &["L50"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Secret
        metadata: {name: keys}
        stringData: {access-key: a}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: files}
        data: {a.conf: a}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              env:
                - name: KEY
                  valueFrom: {secretKeyRef: {name: keys, key: accessKey}}  # wrong
          volumes:
            - name: v
              configMap:
                name: files
                items:
                  - {key: b.conf, path: b.conf}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Secret
        metadata: {name: keys}
        stringData: {access-key: a}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              env:
                - name: KEY
                  valueFrom: {secretKeyRef: {name: keys, key: access-key}}
                - name: TOKEN
                  valueFrom: {secretKeyRef: {name: keys, key: token, optional: true}}
                - name: ELSE
                  valueFrom: {secretKeyRef: {name: elsewhere, key: token}}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for kind in ["Secret", "ConfigMap"] {
            for reference in references(&pod, kind).into_iter().filter(|reference| !reference.optional) {
                let name = reference.name;
                let Some(known) = referred(stack, &pod, kind, name).and_then(keys) else { continue };
                for (key, path) in reference.keys.into_iter().filter(|(key, _)| !known.contains(key)) {
                    let last = report.pod(&pod, path, format!("the {kind} `{name}` has no key `{key}`"));
                    if let Some(help) = there_is(&known) {
                        last.help(help);
                    }
                }
            }
        }
    }
}
