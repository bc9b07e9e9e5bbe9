//! What a StatefulSet keeps for ever.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-statefulset",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "Service name, claims and pod management of a StatefulSet never change",
    why: "`helm upgrade` fails with `updates to statefulset spec for fields other than ... are forbidden`. Even a label of a \
          claim template is such a field, so a chart that prints its version there can be upgraded never.",
    fix: "Keep the old value, and give claim templates the selector labels only. To grow a disk, change the claims themselves.",
    covers: &["Q31", "Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: a
            spec:
              serviceName: a
              volumeClaimTemplates:
                - metadata:
                    name: data
                  spec:
                    resources:
                      requests:
                        storage: 1Gi
        "},
        indoc! {"
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: a
            spec:
              serviceName: a-headless  # wrong
              volumeClaimTemplates:
                - metadata:
                    name: data
                  spec:
                    resources:
                      requests:
                        storage: 2Gi  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: a
            spec:
              replicas: 1
              serviceName: a
        "},
        indoc! {"
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: a
            spec:
              replicas: 2
              serviceName: a
              podManagementPolicy: OrderedReady
        "},
    ),
    check: Check::Upgrade(check),
};

/// What may change; the selector has a rule of its own.
const MUTABLE: [&str; 8] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
    "revisionHistoryLimit",
    "selector",
];

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for (index, old, new) in change::pairs(before, after, "apps", "StatefulSet") {
        let (was, is) = (fixed(old.at("spec")), fixed(new.at("spec")));
        let keys: std::collections::BTreeSet<&String> =
            was.as_object().into_iter().chain(is.as_object()).flatten().map(|(k, _)| k).collect();
        for key in keys {
            if let Some(path) = change::difference(&was[key], &is[key], &Path::of("spec").key(key)) {
                let value = change::shown(change::value_at(&old.value, &path));
                report.object(index, path, format!("it was {value} and cannot change"));
            }
        }
    }
}

/// A spec without what may change, and with what Kubernetes sets.
fn fixed(spec: &Value) -> Value {
    let mut fixed = spec.as_object().cloned().unwrap_or_default();
    fixed.retain(|key, _| !MUTABLE.contains(&key.as_str()));
    fixed.insert("podManagementPolicy".to_owned(), change::or_default(&spec["podManagementPolicy"], "OrderedReady"));
    for template in fixed.get_mut("volumeClaimTemplates").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(map) = template.as_object_mut() {
            // Whether they are written or not, they are these.
            map.retain(|key, _| !matches!(key.as_str(), "apiVersion" | "kind" | "status"));
            if let Some(spec) = map.get_mut("spec").and_then(Value::as_object_mut) {
                let mode = change::or_default(spec.get("volumeMode").unwrap_or(&Value::Null), "Filesystem");
                spec.insert("volumeMode".to_owned(), mode);
            }
        }
    }
    Value::Object(fixed)
}
