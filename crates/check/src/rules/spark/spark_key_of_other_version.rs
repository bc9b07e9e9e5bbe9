//! Settings that the version of Spark in the image does not know.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::keys::KEYS;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-key-of-other-version",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Every setting exists in the version of Spark that reads it",
    why: "A setting that came with Spark 4 has no effect on 3.5, and one that was removed has none on 4. Nothing \
          is logged.",
    fix: "Take the setting out, or use an image of the version that has it.",
    covers: &["L77"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.connect.grpc.binding.address=${env:wrong}
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
            spark.connect.grpc.binding.address=0.0.0.0
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
    for set in spark.sets() {
        let Some((major, _)) = set.version.filter(|(major, _)| matches!(major, 3 | 4)) else { continue };
        for property in set.properties {
            if let Some(only) = KEYS.get(property.key.as_str()).and_then(|key| key.only).filter(|only| *only != major) {
                let message = format!("`{}` is a setting of Spark {only}; the image has Spark {major}", property.key);
                property.wrong_key(report, message);
            }
        }
    }
}
