//! Addresses of Services.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-service",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "A Service keeps its cluster IP, and stays headless or not",
    why: "`helm upgrade` fails with `spec.clusterIP: Invalid value: \"None\": may not change once set`. The other way round \
          nothing fails, and the Service stays headless.",
    fix: "Keep it as it was, and add a second Service under another name.",
    covers: &["Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: Service
            metadata:
              name: a
            spec:
              ports: [{port: 80}]
        "},
        indoc! {"
            apiVersion: v1
            kind: Service
            metadata:
              name: a
            spec:
              clusterIP: None  # wrong
              ports: [{port: 80}]
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: v1
            kind: Service
            metadata:
              name: a
            spec:
              clusterIP: None
              ports: [{port: 80}]
        "},
        indoc! {"
            apiVersion: v1
            kind: Service
            metadata:
              name: a
            spec:
              clusterIP: None
              ports: [{port: 81}]
        "},
    ),
    check: Check::Upgrade(check),
};

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for (index, old, new) in change::pairs(before, after, "", "Service") {
        if old.at("spec.type") == "ExternalName" || new.at("spec.type") == "ExternalName" {
            continue;
        }
        let address =
            |object: &crate::object::Object| object.at("spec.clusterIP").as_str().unwrap_or_default().to_owned();
        let (was, is) = (address(old), address(new));
        let path = Path::of("spec.clusterIP");
        match (was.as_str(), is.as_str()) {
            ("None", "") => {
                report.object(index, path, "it was headless, and stays so without a word");
            }
            // Any address may have been given out; naming that one is fine.
            ("", "None") => {
                report.object(index, path, "it has a cluster IP and cannot become headless");
            }
            (was, is) if was != is && !was.is_empty() && !is.is_empty() => {
                report.object(index, path, format!("clusterIP was {was} and cannot change"));
            }
            _ => {}
        }
    }
}
