//! Probes that Spark Connect does not answer.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-grpc-probe",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Spark Connect is probed by TCP",
    why: "The server speaks gRPC but not the health service of gRPC. It answers UNIMPLEMENTED, the pod is never \
          ready, and the liveness probe kills it again and again.",
    fix: "Use `tcpSocket` with the port 15002. For more, `httpGet` of /api/v1/version on the port 4040.",
    covers: &["S1"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              readinessProbe:
                grpc: {port: 15002}  # wrong
    "}),
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              readinessProbe:
                tcpSocket: {port: 15002}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.running(Program::Connect) {
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            if process.container.value[probe]["grpc"].is_object() {
                process.wrong(report, &format!("{probe}.grpc"), "Spark Connect does not answer health checks of gRPC");
            }
        }
    }
}
