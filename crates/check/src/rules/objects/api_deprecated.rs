//! APIs that Kubernetes will drop.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api::{API, Version};
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "api-deprecated",
    group: Group::Objects,
    severity: Severity::Warning,
    title: "No object uses an API that will be removed",
    why: "The chart works until the cluster is upgraded. Then the next `helm upgrade` fails, on the day when somebody needs it.",
    fix: "Use the apiVersion that replaces it.",
    covers: &["Q53"],
    bad: Example::Manifests(indoc! {"
        apiVersion: resource.k8s.io/v1beta1  # wrong
        kind: DeviceClass
        metadata:
          name: gpu
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: resource.k8s.io/v1
        kind: DeviceClass
        metadata:
          name: gpu
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    let target = Version::of(stack);
    for (index, object) in stack.objects.iter().enumerate() {
        let Some(kind) = API.kind(object) else { continue };
        let Some(deprecated) = kind.deprecated.filter(|deprecated| *deprecated <= target) else { continue };
        // What is gone already is another rule's.
        if kind.removed.is_none_or(|removed| removed > target) {
            let when = kind.removed.map(|removed| format!(" and goes in {removed}")).unwrap_or_default();
            let message = format!("{} {} is deprecated since {deprecated}{when}", object.api_version(), object.kind());
            report.object(index, Path::of("apiVersion"), message);
        }
    }
}
