//! Event logs that become visible too late.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::memory::of_spark;
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-event-log-rolling",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Event logs on S3 roll in small files",
    why: "S3 shows a file only when it is closed. A server that never ends writes one file that nobody sees, and \
          it is lost when the pod is killed.",
    fix: "Set `spark.eventLog.rolling.enabled=true`, the default only since Spark 4, and \
          `spark.eventLog.rolling.maxFileSize=10m`.",
    covers: &["L48"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.eventLog.enabled=true
            spark.eventLog.dir=s3a://wrong/events
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:3.5.9-scala2.12-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.eventLog.enabled=true
            spark.eventLog.dir=s3a://logs/events
            spark.eventLog.rolling.enabled=true
            spark.eventLog.rolling.maxFileSize=10m
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:3.5.9-scala2.12-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.processes.iter().filter(|p| matches!(p.program, Program::Connect | Program::Thrift)) {
        let Some(dir) = process
            .get("spark.eventLog.dir")
            .filter(|dir| dir.value.starts_with("s3") && process.is_on("spark.eventLog.enabled"))
        else {
            continue;
        };
        let rolls = match process.get("spark.eventLog.rolling.enabled") {
            Some(rolling) => rolling.is_true(),
            None => process.version().is_none_or(|(major, _)| major >= 4),
        };
        let size = process.value("spark.eventLog.rolling.maxFileSize");
        if !rolls {
            dir.wrong(report, "one file until the server ends, and S3 shows only files that are closed");
        } else if size.is_none_or(|size| of_spark(size).is_some_and(|size| size > 64.0)) {
            dir.wrong(report, "S3 shows what happened only after 128 MiB of events")
                .help("set `spark.eventLog.rolling.maxFileSize=10m`");
        }
    }
}
