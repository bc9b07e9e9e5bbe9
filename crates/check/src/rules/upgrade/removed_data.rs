//! Claims that an upgrade leaves out.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "removed-data",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "No upgrade takes a volume with data away",
    why: "Helm deletes what the new version no longer makes, and with a claim most clusters delete the disk. A StatefulSet of \
          a new name starts with empty disks: the old ones are there, and nobody reads them.",
    fix: "Keep the name. To let a claim go, first ship a version that has `helm.sh/resource-policy: keep` on it.",
    covers: &["Q32", "Q31"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: warehouse
        "},
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: tables  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: warehouse
              annotations:
                helm.sh/resource-policy: keep
        "},
        indoc! {"
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: tables
        "},
    ),
    check: Check::Upgrade(check),
};

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for claim in change::removed(before, after, "", "PersistentVolumeClaim") {
        if claim.annotation("helm.sh/resource-policy") != Some("keep") {
            add(
                after,
                report,
                "PersistentVolumeClaim",
                format!("the claim {} is deleted, and its data with it", claim.name()),
            );
        }
    }
    for set in change::removed(before, after, "apps", "StatefulSet") {
        if items(set.at("spec.volumeClaimTemplates")).next().is_some() {
            add(
                after,
                report,
                "StatefulSet",
                format!("the StatefulSet {} is gone; its claims stay behind", set.name()),
            );
        }
    }
    for (index, old, new) in change::pairs(before, after, "apps", "StatefulSet") {
        let keeps = |object: &crate::object::Object| items(object.at("spec.volumeClaimTemplates")).next().is_some();
        if keeps(old) && !keeps(new) {
            report.object(
                index,
                Path::of("spec.volumeClaimTemplates"),
                "its claims are no longer used; their data stays behind",
            );
        }
    }
}

/// What is gone has no line any more; one of the same kind is likely what it is now called.
fn add(after: &Stack, report: &mut Report, kind: &str, message: String) {
    match after.of_kind(kind).next() {
        Some((index, _)) => report.object(index, Path::of("metadata.name"), message),
        None => report.place(None, message),
    };
}
