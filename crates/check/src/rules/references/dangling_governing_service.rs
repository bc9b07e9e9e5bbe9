//! StatefulSets that name a Service that does not exist.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::related::{find, namespace, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-governing-service",
    group: Group::References,
    severity: Severity::Warning,
    title: "The `serviceName` of every StatefulSet is a Service of the install",
    why: "The pods run, but none of them has a name: `a-0.a-headless` does not resolve, and members of a cluster never find \
          each other.",
    fix: "Make the Service (headless, if members talk to each other), or name the one that exists.",
    covers: &["Q33", "Q52"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: a}
        spec:
          serviceName: a-headless  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec:
          clusterIP: None
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: a}
        spec:
          serviceName: a
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    for (index, set) in stack.of_kind("StatefulSet") {
        let Some(name) = set.at("spec.serviceName").as_str().filter(|name| !name.is_empty()) else { continue };
        if find(stack, "Service", name, namespace(stack, set)).is_none() {
            let last = report.object(index, Path::of("spec.serviceName"), format!("no Service `{name}` is made"));
            if let Some(help) = there_is(&stack.names("Service")) {
                last.help(help);
            }
        }
    }
}
