//! Connect servers without Connect.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-connect-jar",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Spark Connect 3.5 gets its jar",
    why: "The images of Spark 3.5 have no Connect inside: `Failed to load class SparkConnectServer`. Without the \
          jar in the executors, every query that returns rows fails with ClassCastException.",
    fix: "Bake spark-connect_2.12 into the image, or name it in `spark.jars` or `spark.jars.packages`.",
    covers: &["S4"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]  # wrong
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
            spark.jars.packages=org.apache.spark:spark-connect_2.12:3.5.9
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
    for process in spark.running(Program::Connect) {
        if process.version().is_none_or(|(major, _)| major >= 4) || !process.has_official_image() || process.is_open {
            continue;
        }
        let named = process.properties.iter().any(|property| property.value.contains("spark-connect_"));
        if !named && !process.text.contains("spark-connect_") {
            process.wrong_word(
                report,
                "SparkConnectServer",
                "the image of Spark 3.5 has no Spark Connect, and no setting names its jar",
            );
        }
    }
}
