//! Places for event logs that nobody makes.

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
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.history.fs.logDirectory=s3a://logs/wrong\n    \
         spark.hadoop.fs.s3a.endpoint=http://s3:8333\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: conf}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/spark/conf}\n\
         ---\n\
         apiVersion: v1\n\
         kind: Service\n\
         metadata:\n  \
         name: s3\n\
         spec:\n  \
         ports: [{port: 8333}]\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.history.fs.logDirectory=s3a://logs/events\n    \
         spark.hadoop.fs.s3a.endpoint=http://s3:8333\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: conf}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/spark/conf}\n\
         ---\n\
         apiVersion: v1\n\
         kind: Service\n\
         metadata:\n  \
         name: s3\n\
         spec:\n  \
         ports: [{port: 8333}]\n\
         ---\n\
         apiVersion: batch/v1\n\
         kind: Job\n\
         metadata:\n  \
         name: bucket\n\
         spec:\n  \
         template:\n    \
         spec:\n      \
         containers:\n        \
         - name: a\n          \
         command: [mc, pipe, s3/logs/events/.keep]\n",
    ),
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
