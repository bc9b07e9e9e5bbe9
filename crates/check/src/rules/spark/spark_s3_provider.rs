//! Credentials by a class of the other AWS SDK.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-s3-provider",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Providers of S3 credentials are of the SDK that the version of Spark has",
    why: "Spark 3.5 comes with version 1 of the AWS SDK, Spark 4 with version 2, and the classes have other names. \
          The first access to S3 fails with ClassNotFoundException.",
    fix: "Leave the provider out, or use one of Hadoop's own, such as \
          org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider.",
    covers: &["S3"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.hadoop.fs.s3a.aws.credentials.provider=com.amazonaws.auth.wrong.EnvironmentVariableCredentialsProvider
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
            spark.hadoop.fs.s3a.aws.credentials.provider=software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider
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
        let Some((major, _)) = set.version else { continue };
        let other = if major >= 4 { "com.amazonaws." } else { "software.amazon.awssdk." };
        for provider in set.properties.iter().filter(|property| property.key.ends_with("credentials.provider")) {
            let mut classes = provider.value.split(',').map(str::trim);
            if let Some(class) = classes.find(|class| class.starts_with(other)) {
                provider.wrong(report, format!("{class} is of an AWS SDK that Spark {major} does not have"));
            }
        }
    }
}
