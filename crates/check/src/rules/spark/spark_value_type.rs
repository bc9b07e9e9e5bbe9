//! Values that Spark cannot read.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::keys::{KEYS, misfit};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-value-type",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Every value is of the type that its setting has",
    why: "Spark stops at the first value that it cannot read: a size of Kubernetes such as `4Gi`, a fraction such \
          as `1.5g`, a word where a number is wanted. Some are read only when a job needs them, hours after the \
          start.",
    fix: "Sizes are written 512m or 4g, times 500ms, 60s or 2h, switches true or false.",
    covers: &["L21", "L5", "D8"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.executor.memory: 4Gi  # wrong
            spark.eventLog.enabled: "yes"  # wrong
            spark.dynamicAllocation.executorIdleTimeout: 1 minute  # wrong
    "#}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.executor.memory=4g
            spark.eventLog.enabled=true
            spark.dynamicAllocation.executorIdleTimeout=60s
            spark.network.timeout=${spark.other}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for property in spark.properties() {
        let Some(key) = KEYS.get(property.key.as_str()) else { continue };
        // Variables are filled in later. Quotes and the like are the subject of `spark-conf-syntax`.
        if property.value.is_empty() || property.value.contains(['"', '\'', '#']) {
            continue;
        }
        if let Some(message) = misfit(key.of, &property.value) {
            property.wrong(report, format!("`{}`: {message}", property.key));
        }
    }
}
