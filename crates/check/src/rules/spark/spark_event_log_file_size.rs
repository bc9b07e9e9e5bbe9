//! Rolling event logs that are too small.

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
    title: "Rolling event logs have files of 10 MiB or more",
    why: "Spark refuses less than 10 MiB and does not start.",
    fix: "Set `spark.eventLog.rolling.maxFileSize=10m`.",
    covers: &["L48"],
    bad: Example::Manifests(
        "\
         apiVersion: sparkoperator.k8s.io/v1beta2\n\
         kind: SparkApplication\n\
         metadata:\n  \
         name: a\n\
         spec:\n  \
         sparkConf:\n    \
         spark.eventLog.rolling.maxFileSize: 1m  # wrong\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: sparkoperator.k8s.io/v1beta2\n\
         kind: SparkApplication\n\
         metadata:\n  \
         name: a\n\
         spec:\n  \
         sparkConf:\n    \
         spark.eventLog.rolling.maxFileSize: 10m\n",
    ),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for property in Spark::of(stack).properties() {
        // A bare number is in bytes here.
        let mib = match property.value.parse::<f64>() {
            Ok(bytes) => Some(bytes / 1_048_576.0),
            Err(_) => of_spark(&property.value),
        };
        if property.key == "spark.eventLog.rolling.maxFileSize" && mib.is_some_and(|mib| mib < LEAST) {
            property.wrong(report, format!("{} is less than Spark takes", property.value));
        }
    }
}

/// What Spark takes, in MiB.
const LEAST: f64 = 2.0;
