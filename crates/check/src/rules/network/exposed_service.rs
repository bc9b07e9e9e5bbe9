//! Services that are open to the outside.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "exposed-service",
    group: Group::Network,
    severity: Severity::Warning,
    title: "Services stay inside the cluster unless somebody asks for more",
    why: "NodePort opens the port on every node, and LoadBalancer gets a public address from most clouds: a Spark server without \
          login is then one scan away. Quotas of many namespaces refuse both.",
    fix: "Use ClusterIP as the default, and offer Ingress or Route for pages.",
    covers: &["Q52"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec:
          type: NodePort  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec:
          type: ClusterIP
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, service) in stack.of_kind("Service") {
        if let Some(kind @ ("NodePort" | "LoadBalancer")) = service.at("spec.type").as_str() {
            report.object(index, Path::of("spec.type"), format!("the Service is open to the outside: {kind}"));
        }
        if service.at("spec.externalIPs").as_array().is_some_and(|list| !list.is_empty()) {
            report.object(index, Path::of("spec.externalIPs"), "the Service takes addresses outside of the cluster");
        }
    }
}
