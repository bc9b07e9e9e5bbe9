//! Selectors of workloads from one version to the next.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-selector",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "The selector of a workload never changes",
    why: "`helm upgrade` fails with `spec.selector: Invalid value: field is immutable`, for everybody who has the old version. \
          The only way out is to delete the workload first.",
    fix: "Keep the old selector. Put new labels into the template's metadata only.",
    covers: &["Q30", "Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: a
            spec:
              selector:
                matchLabels:
                  app: a
        "},
        indoc! {"
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: a
            spec:
              selector:
                matchLabels:
                  app: b  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: a
            spec:
              selector:
                matchLabels:
                  app: a
        "},
        indoc! {"
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: a
            spec:
              replicas: 2
              selector:
                matchLabels:
                  app: a
        "},
    ),
    check: Check::Upgrade(check),
};

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for kind in ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"] {
        for (index, old, new) in change::pairs(before, after, "apps", kind) {
            if let Some(path) =
                change::difference(old.at("spec.selector"), new.at("spec.selector"), &Path::of("spec.selector"))
            {
                let was = change::shown(change::value_at(&old.value, &path));
                report.object(index, path, format!("the selector was {was} here and cannot change"));
            }
        }
    }
}
