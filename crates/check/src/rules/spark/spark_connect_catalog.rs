//! Connect servers that forget their tables.

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
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.master=local[1]\n    \
         spark.hadoop.hive.metastore.uris=thrift://wrong:9083\n\
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
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/spark/conf}\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.master=local[1]\n    \
         spark.hadoop.hive.metastore.uris=thrift://metastore:9083\n    \
         spark.sql.catalogImplementation=hive\n\
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
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/spark/conf}\n",
    ),
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
