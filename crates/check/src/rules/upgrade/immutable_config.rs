//! ConfigMaps and Secrets that say that they do not change.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-config",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "An immutable ConfigMap or Secret does not change, and a Secret keeps its type",
    why: "`helm upgrade` fails with `field is immutable when immutable is set`, and the flag cannot be taken back.",
    fix: "Put a hash of the data into the name, so that new data is a new object. Never change the type of a Secret.",
    covers: &["Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
            immutable: true
            data:
              a: b
        "},
        indoc! {"
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
            immutable: true
            data:
              a: c  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
            data:
              a: b
        "},
        indoc! {"
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
            immutable: true
            data:
              a: c
        "},
    ),
    check: Check::Upgrade(check),
};

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for kind in ["ConfigMap", "Secret"] {
        for (index, old, new) in change::pairs(before, after, "", kind) {
            if kind == "Secret" {
                let [was, is] = [old, new].map(|object| change::or_default(&object.value["type"], "Opaque"));
                if was != is {
                    report.object(
                        index,
                        Path::of("type"),
                        format!("its type was {} and cannot change", change::shown(&was)),
                    );
                }
            }
            if old.value["immutable"] != true {
                continue;
            }
            if new.value["immutable"] != true {
                report.object(index, Path::of("immutable"), "it was immutable, which cannot be taken back");
            }
            for key in ["data", "binaryData", "stringData"] {
                if let Some(path) = change::difference(&old.value[key], &new.value[key], &Path::of(key)) {
                    report.object(index, path, "it is immutable, and its data changed");
                }
            }
        }
    }
}
