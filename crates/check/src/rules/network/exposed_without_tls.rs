//! Pages that are open to the outside in clear.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "exposed-without-tls",
    group: Group::Network,
    severity: Severity::Warning,
    title: "Every Ingress and Route uses TLS",
    why: "Tokens of notebooks, and the settings and queries that Spark's pages show, cross the network readable by everybody \
          on the way.",
    fix: "Set `tls` with a Secret of the certificate; `tls.termination: edge` on a Route; `tls: [{}]` on an Ingress of OpenShift.",
    covers: &["Q49"],
    bad: Example::Manifests(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:  # wrong
          rules: [{host: a.example.com}]
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: {name: a}
        spec:  # wrong
          to: {kind: Service, name: a}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          tls: [{secretName: a}]
          rules: [{host: a.example.com}]
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: {name: a}
        spec:
          to: {kind: Service, name: a}
          tls: {termination: edge}
    "}),
    check: Check::Stack(check),
};

/// Parts of the annotations by which controllers are told about certificates.
const BY_ANNOTATION: [&str; 4] = ["certificate", "ssl", "tls", "route.openshift.io/termination"];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        let missing = match (object.kind(), object.group()) {
            ("Ingress", "networking.k8s.io") => object.at("spec.tls").as_array().is_none_or(Vec::is_empty),
            ("Route", "route.openshift.io") => object.at("spec.tls").is_null(),
            _ => false,
        };
        let annotations = object.at("metadata.annotations").as_object().into_iter().flatten();
        let told = annotations.into_iter().any(|(key, _)| BY_ANNOTATION.iter().any(|part| key.contains(part)));
        if missing && !told {
            report.object(index, Path::of("spec.tls"), "it serves in clear: no TLS");
        }
    }
}
