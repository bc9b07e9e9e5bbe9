//! Keys that the named Secret or ConfigMap does not have.

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
    bad: Example::Manifests(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {access-key: a}\n---\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata: {name: files}\ndata: {a.conf: a}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec:\n  containers:\n    - name: client\n      env:\n        \
         - name: KEY\n          valueFrom: {secretKeyRef: {name: keys, key: accessKey}}  # wrong\n  volumes:\n    \
         - name: v\n      configMap:\n        name: files\n        items:\n          - {key: b.conf, path: b.conf}  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {access-key: a}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec:\n  containers:\n    - name: client\n      env:\n        \
         - name: KEY\n          valueFrom: {secretKeyRef: {name: keys, key: access-key}}\n        \
         - name: TOKEN\n          valueFrom: {secretKeyRef: {name: keys, key: token, optional: true}}\n        \
         - name: ELSE\n          valueFrom: {secretKeyRef: {name: elsewhere, key: token}}\n",
    ),
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
