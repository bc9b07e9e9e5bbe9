//! Places for event logs that nobody makes.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Pod;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-event-log-made",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Something makes the folder for event logs in the bucket of the stack",
    why: "An empty bucket has no folders. The History Server stops with `Log directory specified does not exist`, \
          and every driver with FileNotFoundException, until somebody puts an object there by hand.",
    fix: "Let an init container or a Job put a marker object under the prefix before anything starts.",
    covers: &["S11", "L46"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.history.fs.logDirectory=s3a://logs/wrong
            spark.hadoop.fs.s3a.endpoint=http://s3:8333
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
        kind: Service
        metadata:
          name: s3
        spec:
          ports: [{port: 8333}]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.history.fs.logDirectory=s3a://logs/events
            spark.hadoop.fs.s3a.endpoint=http://s3:8333
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
        kind: Service
        metadata:
          name: s3
        spec:
          ports: [{port: 8333}]
        ---
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: bucket
        spec:
          template:
            spec:
              containers:
                - name: a
                  command: [mc, pipe, s3/logs/events/.keep]
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    if !stack.target.complete {
        return;
    }
    let said: Vec<String> = stack.pods().iter().map(said_by).collect();
    for set in spark.sets() {
        // A store outside the stack is somebody else's.
        let endpoint =
            set.get("spark.hadoop.fs.s3a.endpoint").map(|endpoint| endpoint.value.as_str()).unwrap_or_default();
        let host = endpoint.split("://").nth(1).unwrap_or_default().split(['.', ':', '/']).next().unwrap_or_default();
        if host.is_empty() || stack.find("Service", host).is_none() {
            continue;
        }
        for key in ["spark.eventLog.dir", "spark.history.fs.logDirectory"] {
            let Some(place) = set.get(key) else { continue };
            let path = place.value.strip_prefix("s3a://").and_then(|rest| rest.split_once('/'));
            let Some((_, prefix)) = path.map(|(bucket, prefix)| (bucket, prefix.trim_matches('/'))) else { continue };
            if !prefix.is_empty() && !prefix.contains('$') && !said.iter().any(|text| text.contains(prefix)) {
                place.wrong(report, format!("nothing in the stack makes `{prefix}` in the bucket"));
            }
        }
    }
}

/// What a pod says outside of its settings of Spark: environment and commands.
fn said_by(pod: &Pod<'_>) -> String {
    let containers = pod.containers();
    containers.iter().map(|c| format!("{} {} {}", c.value["env"], c.value["command"], c.value["args"])).collect()
}
