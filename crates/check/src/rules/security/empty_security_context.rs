//! Security settings with nothing in them.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::walk;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "empty-security-context",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Security contexts hold no empty map and no null",
    why: "`seLinuxOptions: {}` is refused by OpenShift as if somebody had chosen a label. `runAsUser:` without a number looks \
          like a setting, and shows that a value did not arrive where it was meant to. A context that is empty as a whole does \
          nothing, and is a note.",
    fix: "Print a key only when it has a value: `with` around it in the template.",
    covers: &["Q05"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext:
            seLinuxOptions: {}  # wrong
            runAsUser: null  # wrong
          containers:
            - {name: a, securityContext: {}}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext:
            runAsNonRoot: true
          containers:
            - {name: a}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        let mut contexts = vec![(pod.spec.get("securityContext"), pod.spec_path())];
        for container in pod.containers() {
            contexts.push((container.value.get("securityContext"), container.path));
        }
        for (context, path) in contexts {
            let Some(context) = context else { continue };
            let root = path.key("securityContext");
            walk(context, &root, &mut |here, value| {
                let what = match value {
                    Value::Null => "null",
                    Value::Object(map) if map.is_empty() => "empty",
                    _ => return,
                };
                let path = here.path();
                let severity = if path == root { Severity::Note } else { Severity::Warning };
                let message = format!("{path} is {what}");
                report.pod(&pod, path, message).severity(severity);
            });
        }
    }
}
