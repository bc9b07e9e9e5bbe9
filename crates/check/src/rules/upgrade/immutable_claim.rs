//! Claims that are bound.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::grammar::quantity;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-claim",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "A PersistentVolumeClaim can grow, and nothing else of it can change",
    why: "`helm upgrade` fails with `spec is immutable after creation` or `field can not be less than previous value`. A volume \
          never gets smaller, and never moves to another storage class.",
    fix: "Keep the old spec. For another class or mode make a claim of another name, and copy the data.",
    covers: &["Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: a
            spec:
              accessModes: [ReadWriteOnce]
              resources:
                requests:
                  storage: 10Gi
        "},
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: a
            spec:
              accessModes: [ReadWriteMany]  # wrong
              resources:
                requests:
                  storage: 5Gi  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: a
            spec:
              accessModes: [ReadWriteOnce]
              resources:
                requests:
                  storage: 10Gi
        "},
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: a
            spec:
              accessModes: [ReadWriteOnce]
              volumeMode: Filesystem
              resources:
                requests:
                  storage: 20Gi
        "},
    ),
    check: Check::Upgrade(check),
};

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for (index, old, new) in change::pairs(before, after, "", "PersistentVolumeClaim") {
        let (was, is) = (old.at("spec"), new.at("spec"));
        for key in
            ["accessModes", "storageClassName", "volumeMode", "volumeName", "selector", "dataSource", "dataSourceRef"]
        {
            let path = Path::of("spec").key(key);
            let changed = match key {
                "volumeMode" => {
                    let [was, is] = [was, is].map(|spec| change::or_default(&spec[key], "Filesystem"));
                    change::difference(&was, &is, &path)
                }
                // The empty text turns the default class off; nothing takes it. What the cluster filled in stays.
                "storageClassName" => {
                    (was[key] != is[key] && !is[key].is_null() && !was[key].is_null()).then_some(path)
                }
                "volumeName" if is[key].is_null() || was[key].is_null() => None,
                _ => change::difference(&was[key], &is[key], &path),
            };
            if let Some(path) = changed {
                let value = change::shown(change::value_at(&old.value, &path));
                report.object(index, path, format!("{key} was {value} and cannot change"));
            }
        }
        let size = |spec: &Value| quantity(&spec["resources"]["requests"]["storage"]);
        if let (Some(had), Some(has)) = (size(was), size(is))
            && has < had
        {
            let had = change::shown(&was["resources"]["requests"]["storage"]);
            report.object(
                index,
                Path::of("spec.resources.requests.storage"),
                format!("it was {had} and cannot shrink"),
            );
        }
    }
}
