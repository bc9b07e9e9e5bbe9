//! Executors that never leave.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-shuffle-tracking",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Dynamic allocation has a time after which executors with shuffle files go",
    why: "Spark tracks which executors hold shuffle files and keeps them; the time after which it gives up is \
          infinite. After a large job all executors stay, idle and paid for.",
    fix: "Set `spark.dynamicAllocation.shuffleTracking.timeout`, 30min for example.",
    covers: &["S16"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.dynamicAllocation.enabled: "true"  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.dynamicAllocation.enabled: "true"
            spark.dynamicAllocation.shuffleTracking.timeout: 30min
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let Some(on) = set.get("spark.dynamicAllocation.enabled").filter(|on| on.is_true()) else { continue };
        let tracks =
            set.get("spark.dynamicAllocation.shuffleTracking.enabled").is_none_or(|tracking| tracking.is_true());
        let elsewhere = set.is_on("spark.shuffle.service.enabled")
            || set.is_on("spark.decommission.enabled")
            || set.get("spark.shuffle.manager").is_some()
            || set.get("spark.shuffle.sort.io.plugin.class").is_some();
        if tracks && !elsewhere && set.get("spark.dynamicAllocation.shuffleTracking.timeout").is_none() {
            on.wrong(report, "executors that hold shuffle files never leave");
        }
    }
}
