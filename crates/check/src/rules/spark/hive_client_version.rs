//! Hive clients that Spark does not have.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::image::version;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hive-client-version",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The version of the Hive client is one that Spark accepts",
    why: "Spark refuses all others when it opens the catalogue: `Unsupported Hive Metastore version`. With another \
          version than the built-in one it needs the jars too.",
    fix: "Spark 3.5: up to 2.3.9, and 3.0.0 to 3.1.3. Spark 4.1: 2.0.0 to 2.3.10, 3.0.0 to 3.1.3, 4.0.0 to 4.1.0.",
    covers: &["S10"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.sql.hive.metastore.version=4.0.0.wrong
            spark.sql.hive.metastore.jars=path
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
            spark.sql.hive.metastore.version=3.1.3
            spark.sql.hive.metastore.jars=path
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
    for set in spark.sets() {
        let Some(wanted) = set.get("spark.sql.hive.metastore.version") else { continue };
        let (Some(hive), Some((major, minor))) = (version(&wanted.value), set.version) else { continue };
        let fits = match (major, minor) {
            (3, 5) => hive <= (2, 3) || matches!(hive, (3, 0 | 1)),
            (4, 1) => matches!(hive, (2, 0..=3) | (3, 0 | 1) | (4, 0 | 1)),
            _ => continue,
        };
        let builtin = hive == (2, 3);
        if !fits {
            wanted.wrong(report, format!("Spark {major}.{minor} has no client for Hive {}", wanted.value));
        } else if !builtin && set.get("spark.sql.hive.metastore.jars").is_none_or(|jars| jars.value == "builtin") {
            wanted.wrong(
                report,
                format!(
                    "the built-in client is another version: Hive {} needs `spark.sql.hive.metastore.jars`",
                    wanted.value
                ),
            );
        }
    }
}
