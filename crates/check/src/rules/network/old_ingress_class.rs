//! The annotation that chose an Ingress controller before there was a field for it.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "old-ingress-class",
    group: Group::Network,
    severity: Severity::Warning,
    title: "The class of an Ingress is in its spec",
    why: "The annotation `kubernetes.io/ingress.class` is deprecated since Kubernetes 1.18. Controllers that no longer read it \
          leave the Ingress alone, and the page is not there.",
    fix: "Use `spec.ingressClassName`, and leave it out for the default class.",
    covers: &["Q49"],
    bad: Example::Manifests(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
          annotations:
            kubernetes.io/ingress.class: nginx  # wrong
        spec: {}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          ingressClassName: nginx
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, ingress) in stack.of_kind("Ingress") {
        let key = "kubernetes.io/ingress.class";
        if ingress.annotation(key).is_some() {
            report.object(
                index,
                Path::of("metadata.annotations").key(key),
                "the class is named by a deprecated annotation",
            );
        }
    }
}
