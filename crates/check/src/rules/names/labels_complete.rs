//! The standard labels.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "labels-complete",
    group: Group::Names,
    severity: Severity::Warning,
    title: "Every object carries the standard labels",
    why: "`kubectl get all -l app.kubernetes.io/instance=...`, dashboards, cost reports and Argo CD find what belongs \
          together by these labels. An object without them is the one that stays behind. Only version, component or part-of \
          missing is a note: Helm leaves those to the chart.",
    fix: "Give it the helper of the chart that prints app.kubernetes.io/name, instance, component, part-of, version, \
          managed-by and helm.sh/chart.",
    covers: &["Q34"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-s3
          labels:  # wrong
            app: s3
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-s3
          labels:
            app.kubernetes.io/name: seaweedfs
            app.kubernetes.io/instance: demo
            app.kubernetes.io/component: s3
            app.kubernetes.io/part-of: demo
            app.kubernetes.io/version: "4.31"
            app.kubernetes.io/managed-by: Helm
            helm.sh/chart: seaweedfs-0.1.0
    "#}),
    check: Check::Stack(check),
};

/// What Helm's own guide asks for.
const RECOMMENDED: [&str; 4] =
    ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "helm.sh/chart"];

const OPTIONAL: [&str; 3] = ["app.kubernetes.io/version", "app.kubernetes.io/component", "app.kubernetes.io/part-of"];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        let is_missing = |key: &&str| object.labels()[*key].as_str().is_none_or(str::is_empty);
        let mut missing: Vec<&str> = RECOMMENDED.into_iter().filter(is_missing).collect();
        let severity = if missing.is_empty() { Severity::Note } else { Severity::Warning };
        missing.extend(OPTIONAL.into_iter().filter(is_missing));
        if !missing.is_empty() {
            let message = format!("no label {}", missing.join(", "));
            report.object(index, Path::of("metadata.labels"), message).severity(severity);
        }
    }
}
