//! Monitors of a port that is not there.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::monitors::{Selected, selected};
use crate::object::items;
use crate::path::Path;
use crate::related::{ports, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "monitor-port",
    group: Group::References,
    severity: Severity::Error,
    title: "Every port of a ServiceMonitor or PodMonitor is one of what it selects",
    why: "Prometheus drops targets without the named port and says nothing. Dashboards stay empty.",
    fix: "Name a port of the Service, or of a container for a PodMonitor. A number is no name: give the port a name.",
    covers: &["Q50", "L82"],
    bad: Example::Manifests(indoc! {"
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: a}
        spec:
          selector: {matchLabels: {app: s3}}
          endpoints:
            - port: metrics  # wrong
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          ports: [{name: http, port: 80}]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: a}
        spec:
          selector: {matchLabels: {app: s3}}
          endpoints:
            - port: metrics
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          ports: [{name: metrics, port: 80}]
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, monitor) in stack.objects.iter().enumerate() {
        let (list, known) = match selected(stack, monitor) {
            Some(Selected::Services(services)) if !services.is_empty() => {
                let names = |service: &'_ crate::object::Object| {
                    items(service.at("spec.ports"))
                        .filter_map(|port| port["name"].as_str())
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                };
                ("endpoints", services.into_iter().flat_map(names).collect::<Vec<String>>())
            }
            // Spark and operators add ports to the pods that they make.
            Some(Selected::Pods(pods)) if !pods.is_empty() && !pods.iter().any(|pod| pod.is_template()) => {
                ("podMetricsEndpoints", pods.iter().flat_map(ports).map(|(name, _)| name.to_owned()).collect())
            }
            _ => continue,
        };
        let endpoints: &Value = monitor.at("spec");
        for (at, endpoint) in items(&endpoints[list]).enumerate() {
            let Some(port) = endpoint["port"].as_str().filter(|port| !known.iter().any(|name| name == port)) else {
                continue;
            };
            let path = Path::of("spec").key(list).index(at).key("port");
            let last = report.object(index, path, format!("what it selects has no port `{port}`"));
            let known: Vec<&str> = known.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
            if let Some(help) = there_is(&known) {
                last.help(help);
            }
        }
    }
}
