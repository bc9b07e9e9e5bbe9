//! Rules of an Ingress that OpenShift passes over.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "ignored-ingress",
    group: Group::Network,
    severity: Severity::Error,
    title: "Every rule of an Ingress on OpenShift has a host and a path type that becomes a Route",
    why: "OpenShift makes a Route of each rule, and passes over those without a host or with `pathType: Exact`. There is no \
          event: the Ingress is there, the page is not.",
    fix: "Set the host, and `pathType: Prefix`; or make a Route, which finds a host by itself.",
    covers: &["Q49"],
    bad: Example::OpenShift(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          rules:
            - http: {paths: [{path: /, pathType: Prefix}]}  # wrong
            - host: a.example.com
              http:
                paths:
                  - {path: /, pathType: Exact}  # wrong
    "}),
    good: Example::OpenShift(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          rules:
            - host: a.example.com
              http:
                paths:
                  - {path: /, pathType: Prefix}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, ingress) in stack.of_kind("Ingress").filter(|_| stack.target.openshift) {
        // Another class is served by another controller.
        if !matches!(ingress.at("spec.ingressClassName").as_str(), None | Some("openshift-default")) {
            continue;
        }
        for (at, rule) in items(ingress.at("spec.rules")).enumerate() {
            let path = Path::of("spec.rules").index(at);
            if rule["host"].as_str().is_none_or(str::is_empty) {
                report.object(index, path.key("host"), "OpenShift makes no Route of a rule without a host");
            }
            for (route, value) in items(&rule["http"]["paths"]).enumerate() {
                if value["pathType"] == "Exact" {
                    let path = path.keys("http.paths").index(route).key("pathType");
                    report.object(index, path, "OpenShift makes no Route of `pathType: Exact`");
                }
            }
        }
    }
}
