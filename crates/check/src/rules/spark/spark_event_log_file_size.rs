//! Rolling event logs that are too small.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::memory::of_spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-event-log-file-size",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Rolling event logs have files as large as Spark wants them",
    why: "Spark 3.5 refuses less than 10 MiB, Spark 4.1 less than 2 MiB: the driver does not start.",
    fix: "Set `spark.eventLog.rolling.maxFileSize=10m`.",
    covers: &["L48"],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.eventLog.rolling.maxFileSize: 1m  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.eventLog.rolling.maxFileSize: 10m
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let Some(size) = set.get("spark.eventLog.rolling.maxFileSize") else { continue };
        let least = if set.version.is_some_and(|(major, _)| major < 4) { 10.0 } else { 2.0 };
        // A bare number is in bytes here.
        let mib = match size.value.parse::<f64>() {
            Ok(bytes) => Some(bytes / 1_048_576.0),
            Err(_) => of_spark(&size.value),
        };
        if mib.is_some_and(|mib| mib < least) {
            size.wrong(report, format!("{} is less than the {least} MiB that Spark wants", size.value));
        }
    }
}
