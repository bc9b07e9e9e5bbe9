//! Connect servers that forget their tables.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-connect-catalog",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Spark Connect with a metastore uses it",
    why: "The catalogue of Spark Connect is in memory unless it is told otherwise. Tables are made without an \
          error, and are gone after a restart.",
    fix: "Set `spark.sql.catalogImplementation=hive`.",
    covers: &["S4"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.hadoop.hive.metastore.uris=thrift://wrong:9083
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
            spark.hadoop.hive.metastore.uris=thrift://metastore:9083
            spark.sql.catalogImplementation=hive
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.running(Program::Connect) {
        let uri = process.get("spark.hadoop.hive.metastore.uris").or_else(|| process.get("spark.hive.metastore.uris"));
        let is_hive = process
            .value("spark.sql.catalogImplementation")
            .is_some_and(|catalog| catalog == "hive" || catalog.contains('$'));
        // Catalogues of their own read the address too: Iceberg, Delta.
        let has_catalog = process.properties.iter().any(|property| property.key.starts_with("spark.sql.catalog."));
        if let Some(uri) = uri.filter(|_| !is_hive && !has_catalog && !process.is_open) {
            uri.wrong(report, "the server has the address of a metastore and does not use it");
        }
    }
}
