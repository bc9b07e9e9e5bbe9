//! A reader that Celeborn has no use for.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-celeborn-reader",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "With Celeborn, adaptive execution does not read shuffles locally",
    why: "When a join turns out small, adaptive execution lets each task read what one writer left on its own node. With \
          Celeborn nothing lies there, and the rows of all writers are in one file: each task reads the file and throws \
          most of it away.",
    fix: "Set `spark.sql.adaptive.localShuffleReader.enabled=false`.",
    covers: &["L78"],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.shuffle.manager: org.apache.spark.shuffle.celeborn.SparkShuffleManager  # wrong
            spark.serializer: org.apache.spark.serializer.KryoSerializer
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.shuffle.manager: org.apache.spark.shuffle.celeborn.SparkShuffleManager
            spark.serializer: org.apache.spark.serializer.KryoSerializer
            spark.sql.adaptive.localShuffleReader.enabled: "false"
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let manager = set.get("spark.shuffle.manager").filter(|manager| manager.value.contains(".celeborn."));
        let is_open = set.process.is_some_and(|process| process.is_open);
        let Some(manager) = manager.filter(|_| !is_open) else { continue };
        let is_off = |key: &str| set.get(key).is_some_and(|setting| !setting.is_true());
        if !is_off("spark.sql.adaptive.localShuffleReader.enabled") && !is_off("spark.sql.adaptive.enabled") {
            manager.wrong(report, "tasks of small joins read whole files and throw most of them away");
        }
    }
}
