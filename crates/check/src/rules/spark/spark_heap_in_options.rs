//! Heaps that are set where Spark does not allow it.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-heap-in-options",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The heap of drivers and executors is not set in Java options",
    why: "Spark refuses `-Xmx` in these options and does not start: `not allowed to specify max heap memory \
          settings through java options`.",
    fix: "Set `spark.driver.memory` and `spark.executor.memory`.",
    covers: &["L21", "Q21"],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.executor.extraJavaOptions: -XX:+UseG1GC -Xmx4g  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.executor.extraJavaOptions: -XX:+UseG1GC
            spark.executor.memory: 4g
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for property in spark.properties() {
        let is_options = matches!(
            property.key.as_str(),
            "spark.driver.extraJavaOptions"
                | "spark.executor.extraJavaOptions"
                | "spark.driver.defaultJavaOptions"
                | "spark.executor.defaultJavaOptions"
        );
        if is_options && property.value.split_whitespace().any(|word| word.starts_with("-Xmx")) {
            property.wrong(report, format!("Spark refuses -Xmx in `{}`", property.key));
        }
    }
}
