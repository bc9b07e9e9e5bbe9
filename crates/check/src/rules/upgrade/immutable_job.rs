//! Jobs that are there already.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-job",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "The template of a Job never changes under the same name",
    why: "`helm upgrade` fails with `spec.template: Invalid value: field is immutable` while the old Job is there. A new image, \
          or the chart's version in a label of the template, is enough.",
    fix: "Make it a hook with `helm.sh/hook-delete-policy: before-hook-creation`, or put a hash of its template into its name.",
    covers: &["Q32", "Q56"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: a
            spec:
              template:
                spec:
                  containers:
                    - name: a
                      image: a:1
        "},
        indoc! {"
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: a
            spec:
              template:
                spec:
                  containers:
                    - name: a
                      image: a:2  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: a
              annotations:
                helm.sh/hook: post-install
            spec:
              completions: 1
        "},
        indoc! {"
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: a
              annotations:
                helm.sh/hook: post-install
            spec:
              completions: 2
        "},
    ),
    check: Check::Upgrade(check),
};

const FIXED: [&str; 8] = [
    "template",
    "selector",
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
    "completions",
];

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for (index, old, new) in change::pairs(before, after, "batch", "Job") {
        let (was, is) = (old.at("spec"), new.at("spec"));
        for key in FIXED {
            let path = Path::of("spec").key(key);
            let found = match key {
                "completionMode" => {
                    let [was, is] = [was, is].map(|spec| change::or_default(&spec[key], "NonIndexed"));
                    change::difference(&was, &is, &path)
                }
                // An indexed Job can be made larger or smaller, together with its parallelism.
                "completions" if is["completionMode"] == "Indexed" => None,
                "completions" => {
                    let [was, is] = [was, is].map(|spec| spec[key].as_i64());
                    let one = |number: Option<i64>, spec: &serde_json::Value| {
                        number.or(spec["parallelism"].is_null().then_some(1))
                    };
                    (one(was, old.at("spec")) != one(is, new.at("spec"))).then_some(path)
                }
                _ => change::difference(&was[key], &is[key], &path),
            };
            if let Some(path) = found {
                let value = change::shown(change::value_at(&old.value, &path));
                report.object(index, path, format!("it was {value} and cannot change while the Job is there"));
            }
        }
    }
}
