//! Spark on S3 without the jars for it.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Process, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-s3-client",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Spark that uses `s3a://` has the jars of S3A",
    why: "Spark's own images hold no client of S3. The driver or the History Server ends at its start with `Class \
          org.apache.hadoop.fs.s3a.S3AFileSystem not found`: the event log is the first to ask for it.",
    fix: "Take an image of yours with hadoop-aws and its AWS SDK baked in, of the Hadoop version that Spark is built with; or \
          name them in `spark.jars` or `spark.jars.packages`. Charts of sparkyard fetch them with `global.jars.source: download`.",
    covers: &["L17"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.history.fs.logDirectory=s3a://logs/events
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
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu  # wrong
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
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
            spark.history.fs.logDirectory=s3a://logs/events
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
              image: registry.example.com/spark:4.1.4-scala2.13-java17-s3
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    check: Check::Spark(check),
};

/// How the jars are called that hold the class, or bring it.
const JARS: &[&str] = &["hadoop-aws", "hadoop-cloud"];
/// Variables that Spark's scripts put on the class path.
const PATHS: &[&str] = &["SPARK_DAEMON_CLASSPATH", "SPARK_DIST_CLASSPATH", "HADOOP_CLASSPATH"];

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        if !process.has_official_image() || process.is_open || may_have_jars(process) {
            continue;
        }
        if let Some(asks) = process.properties.iter().find(|property| property.value.contains("s3a://")) {
            let message = format!("no jar with S3A is in this image or named, and `{}` is on s3a://", asks.key);
            process.wrong(report, "image", message).help("name an image of yours that holds hadoop-aws");
        }
    }
}

/// Whether the jars are named, or lie in a folder that something else fills.
fn may_have_jars(process: &Process<'_>) -> bool {
    let named = |text: &str| JARS.iter().any(|jar| text.contains(jar));
    let mut properties = process.properties.iter();
    named(&process.text)
        || properties.any(|property| named(&property.value) || property.key.ends_with(".extraClassPath"))
        || PATHS.iter().any(|variable| process.has_env(variable))
        || items(&process.container.value["volumeMounts"])
            .any(|mount| mount["mountPath"].as_str().is_some_and(|path| path.starts_with("/opt/spark/jars")))
}
