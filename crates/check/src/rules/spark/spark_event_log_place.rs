//! Event logs that the History Server does not read.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-event-log-place",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The History Server reads where applications write",
    why: "The list of applications stays empty, and nothing is in any log: both sides work, each with a folder of \
          its own.",
    fix: "Give `spark.eventLog.dir` and `spark.history.fs.logDirectory` the same value, best from one value of the \
          chart.",
    covers: &["L47"],
    bad: Example::Manifests(indoc! {r#"
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
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: b
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer, --conf, spark.eventLog.enabled=true, --conf, "spark.eventLog.dir=s3a://logs/history"]  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.history.fs.logDirectory=s3a://logs/events/
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
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: b
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer, --conf, spark.eventLog.enabled=true, --conf, "spark.eventLog.dir=s3a://logs/events"]
    "#}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    let mut read = Vec::new();
    for server in spark.running(Program::History) {
        match server.value("spark.history.fs.logDirectory") {
            Some(places) => read.extend(places.split(',').map(plain)),
            // It may be set where nobody sees it.
            None => return,
        }
    }
    if read.is_empty() || !stack.target.complete || read.iter().any(|place| place.contains('$')) {
        return;
    }
    for set in spark.sets() {
        let Some(dir) =
            set.get("spark.eventLog.dir").filter(|dir| set.is_on("spark.eventLog.enabled") && !dir.value.contains('$'))
        else {
            continue;
        };
        if !read.contains(&plain(&dir.value)) {
            dir.wrong(
                report,
                format!("event logs go to {}, and the History Server reads {}", dir.value, read.join(", ")),
            );
        }
    }
}

/// A place without what makes no difference.
fn plain(place: &str) -> String {
    let place = place.trim().trim_end_matches('/');
    place.strip_prefix("file://").or_else(|| place.strip_prefix("file:")).unwrap_or(place).to_owned()
}
