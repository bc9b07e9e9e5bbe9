//! Settings that name classes which the image does not have.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-class-missing",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A class that a setting names is in the image or in a jar that is named",
    why: "The driver dies at start with ClassNotFoundException, or, for a catalog, the first query does. Spark's images \
          hold Spark alone.",
    fix: "Name the jar in `spark.jars` or `spark.jars.packages`, or bake it into an image of your own.",
    covers: &["L17"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions  # wrong
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
              command: [/opt/spark/bin/spark-submit, job.py]
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
            spark.jars=/jars/iceberg-spark-runtime-4.0_2.13-1.10.0.jar
            spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions
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
              command: [/opt/spark/bin/spark-submit, job.py]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    check: Check::Spark(check),
};

/// How classes begin that no image of Spark holds, and how the jars are called that hold them.
const JARS: &[(&str, &str)] = &[
    ("org.apache.iceberg.", "iceberg-spark-runtime"),
    ("io.delta.", "delta-spark"),
    ("org.apache.spark.sql.delta.", "delta-spark"),
    ("org.apache.hudi.", "hudi-spark"),
    ("org.apache.spark.sql.hudi.", "hudi-spark"),
    ("org.apache.spark.shuffle.celeborn.", "celeborn-client-spark"),
    ("com.nvidia.spark.", "rapids-4-spark"),
    ("io.openlineage.", "openlineage-spark"),
    ("org.apache.spark.internal.io.cloud.", "spark-hadoop-cloud"),
    ("com.google.cloud.hadoop.", "gcs-connector"),
    ("org.projectnessie.", "nessie-spark-extensions"),
];

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        // An image of one's own may hold anything; so may folders that somebody else fills.
        if !process.has_official_image() || process.is_open {
            continue;
        }
        for property in &process.properties {
            let class = property.value.split([',', ' ', ';']).map(str::trim);
            for (class, jar) in class.filter_map(|class| Some((class, jar_of(class)?))) {
                let named = process.properties.iter().any(|other| other.value.contains(jar));
                if !named && !process.text.contains(jar) {
                    property.wrong(report, format!("`{class}` is in no jar that is named; it lies in {jar}"));
                }
            }
        }
    }
}

fn jar_of(class: &str) -> Option<&'static str> {
    JARS.iter().find(|(start, _)| class.starts_with(start)).map(|(_, jar)| *jar)
}
