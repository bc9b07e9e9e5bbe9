//! Metrics paths without their last slash.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-metrics-slash",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Paths of metrics of masters and workers end with a slash",
    why: "Without it the server answers with a redirect. Prometheus follows it, other scrapers and probes do not.",
    fix: "Write /metrics/master/prometheus/ and /metrics/prometheus/.",
    covers: &["S2"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
          annotations:
            prometheus.io/path: /metrics/master/prometheus  # wrong
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.master.Master]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
          annotations:
            prometheus.io/path: /metrics/master/prometheus/
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.master.Master]
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.processes.iter().filter(|p| matches!(p.program, Program::Master | Program::Worker)) {
        let Some(path) = process.pod.metadata["annotations"]["prometheus.io/path"].as_str() else { continue };
        if path.starts_with("/metrics/") && path.ends_with("prometheus") {
            let at = process.pod.path.key("metadata").key("annotations").key("prometheus.io/path");
            report.pod(&process.pod, at, format!("{path} is a redirect")).help(format!("write {path}/"));
        }
    }
}
