//! A committer that is not there.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-magic-committer",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The magic committer comes with the jar that has it",
    why: "On Spark 3.5 this setting makes every write look for a class of spark-hadoop-cloud, writes to local \
          files too: `ClassNotFoundException: PathOutputCommitProtocol`. The images do not have it.",
    fix: "Add spark-hadoop-cloud of the version of Spark, or leave the setting out.",
    covers: &["S14", "L62"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.hadoop.fs.s3a.bucket.wrong.committer.magic.enabled=true
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
            spark.jars.packages=org.apache.spark:spark-hadoop-cloud_2.12:3.5.9
            spark.hadoop.fs.s3a.bucket.tables.committer.magic.enabled=true
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
    for process in &spark.processes {
        let has_jar = process.properties.iter().any(|property| property.value.contains("spark-hadoop-cloud"));
        // Jars may lie on the class path in a folder that something else fills.
        let may_have = process.properties.iter().any(|property| property.key.ends_with(".extraClassPath"));
        if !process.has_official_image() || has_jar || may_have || process.is_open || process.version() != Some((3, 5))
        {
            continue;
        }
        for property in
            process.properties.iter().filter(|property| property.key.starts_with("spark.hadoop.fs.s3a.bucket."))
        {
            if property.key.ends_with(".committer.magic.enabled") && property.is_true() {
                property.wrong_key(report, "Spark 3.5 needs spark-hadoop-cloud for this, and nothing names it");
            }
        }
    }
}
