//! Jobs that end.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Object;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "job-limits",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "A Job has an end: retries, a deadline, and somebody who cleans up",
    why: "A Job that hangs holds its pods, and `helm install` with a hook, for ever. Finished Jobs and their pods pile up until \
          the quota of the namespace is used up. CronJobs that overlap write the same table twice.",
    fix: "Set backoffLimit and activeDeadlineSeconds, ttlSecondsAfterFinished on what nobody takes away (helm does so with \
          hooks and with the Jobs of a release), and concurrencyPolicy: Forbid with startingDeadlineSeconds on CronJobs.",
    covers: &["Q56"],
    bad: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a
        spec:  # wrong
          backoffLimit: 2
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a
        spec:
          backoffLimit: 2
          activeDeadlineSeconds: 600
          ttlSecondsAfterFinished: 86400
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: a
        spec:
          concurrencyPolicy: Forbid
          startingDeadlineSeconds: 600
          jobTemplate:
            spec:
              backoffLimit: 2
              activeDeadlineSeconds: 600
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| object.group() == "batch") {
        let mut missing = |path: &str, keys: &[&str]| {
            let spec = object.at(path);
            let absent: Vec<&str> = keys.iter().copied().filter(|key| spec[*key].is_null()).collect();
            if spec.is_object() && !absent.is_empty() {
                report.object(index, Path::of(path), format!("it has no {}", absent.join(", ")));
            }
        };
        match object.kind() {
            "Job" if cleaned(object) => missing("spec", &["backoffLimit", "activeDeadlineSeconds"]),
            "Job" => missing("spec", &["backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"]),
            "CronJob" => {
                missing("spec", &["concurrencyPolicy", "startingDeadlineSeconds"]);
                missing("spec.jobTemplate.spec", &["backoffLimit", "activeDeadlineSeconds"]);
            }
            _ => {}
        }
    }
}

/// Whether helm takes a Job away: it does so with hooks before it makes them anew, unless told otherwise, and with what
/// a release no longer holds.
fn cleaned(object: &Object) -> bool {
    !object.hook.is_empty() || object.labels()["app.kubernetes.io/managed-by"] == "Helm"
}
