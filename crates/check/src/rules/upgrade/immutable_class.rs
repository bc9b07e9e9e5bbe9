//! Classes of storage and priority.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-class",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "StorageClasses and PriorityClasses keep what they were made with",
    why: "`helm upgrade` fails with `updates to provisioner are forbidden` or `may not be changed in an update`.",
    fix: "Make a class of another name. What uses the old one goes on with it.",
    covers: &["Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: a
            provisioner: ebs.csi.aws.com
        "},
        indoc! {"
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: a
            provisioner: ebs.csi.aws.com
            reclaimPolicy: Retain  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: a
            provisioner: ebs.csi.aws.com
        "},
        indoc! {"
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: a
            provisioner: ebs.csi.aws.com
            reclaimPolicy: Delete
            allowVolumeExpansion: true
        "},
    ),
    check: Check::Upgrade(check),
};

/// Group, kind, and the fields that are fixed with their defaults.
type Class = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const CLASSES: [Class; 3] = [
    (
        "storage.k8s.io",
        "StorageClass",
        &[("provisioner", ""), ("parameters", ""), ("reclaimPolicy", "Delete"), ("volumeBindingMode", "Immediate")],
    ),
    ("scheduling.k8s.io", "PriorityClass", &[("value", ""), ("preemptionPolicy", "PreemptLowerPriority")]),
    ("node.k8s.io", "RuntimeClass", &[("handler", "")]),
];

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for (group, kind, fields) in CLASSES {
        for (index, old, new) in change::pairs(before, after, group, kind) {
            for (field, default) in fields {
                let or_default =
                    |value: &Value| if default.is_empty() { value.clone() } else { change::or_default(value, default) };
                let (was, is) = (or_default(&old.value[*field]), or_default(&new.value[*field]));
                if let Some(path) = change::difference(&was, &is, &Path::of(field)) {
                    report.object(index, path, format!("{field} was {} and cannot change", change::shown(&was)));
                }
            }
        }
    }
}
