//! Metrics that are a web page.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{fits, selects};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Process, Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-metrics-html",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Prometheus scrapes only what has metrics",
    why: "The History Server and the Hive Metastore have no metrics for Prometheus. The History Server answers \
          /metrics with its front page, Prometheus cannot read it, and the target is down for ever.",
    fix: "Run the JMX exporter as a Java agent and scrape its port, or do not scrape the pod.",
    covers: &["S2"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
          annotations:
            prometheus.io/scrape: "true"  # wrong
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
    "#}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in &spark.processes {
        if !matches!(process.program, Program::History | Program::Metastore) || has_exporter(process) {
            continue;
        }
        let what = if process.program == Program::History { "the History Server" } else { "the Hive Metastore" };
        if process.pod.metadata["annotations"]["prometheus.io/scrape"] == "true" {
            let path = process.pod.path.key("metadata").key("annotations").key("prometheus.io/scrape");
            report.pod(&process.pod, path, format!("{what} has no metrics for Prometheus"));
        }
        for (index, monitor) in stack.of_kind("PodMonitor") {
            if monitor.at("spec.selector").is_object() && fits(monitor.at("spec.selector"), process.pod.labels()) {
                report.object(
                    index,
                    Path::of("spec.selector"),
                    format!("selects {}: {what} has no metrics for Prometheus", process.pod.id()),
                );
            }
        }
        let services =
            stack.of_kind("Service").filter(|(_, service)| selects(service.at("spec.selector"), process.pod.labels()));
        let labels: Vec<_> = services.map(|(_, service)| service.labels()).collect();
        for (index, monitor) in stack.of_kind("ServiceMonitor") {
            let selector = monitor.at("spec.selector");
            if selector.is_object() && labels.iter().any(|labels| fits(selector, labels)) {
                report.object(
                    index,
                    Path::of("spec.selector"),
                    format!("selects {}: {what} has no metrics for Prometheus", process.pod.id()),
                );
            }
        }
    }
}

/// Whether an agent or another container may have the metrics.
fn has_exporter(process: &Process<'_>) -> bool {
    let env = process.container.value["env"].to_string();
    process.text.contains("javaagent")
        || env.contains("javaagent")
        || process.is_open
        || process.pod.main_containers().len() > 1
}
