//! Connect servers that read no settings.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-connect-through-class",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Spark Connect is started by spark-submit",
    why: "`spark-class` starts the Java class and nothing else: it reads neither spark-defaults.conf nor \
          `--properties-file`. The server stops with `A master URL must be set in your configuration`.",
    fix: "Start it with `spark-submit --class org.apache.spark.sql.connect.service.SparkConnectServer`.",
    covers: &["L4"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.sql.connect.service.SparkConnectServer]  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.running(Program::Connect) {
        let through_class = process.text.contains("spark-class ") && !process.text.contains("spark-submit");
        // With the master among the options of the JVM it does start.
        if through_class && !process.text.contains("SparkSubmit") && !process.text.contains("-Dspark.master=") {
            process.wrong_word(
                report,
                "spark-class",
                "`spark-class` reads no settings, so that the server has no master",
            );
        }
    }
}
