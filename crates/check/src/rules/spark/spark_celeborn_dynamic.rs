//! Dynamic allocation that does not know of Celeborn.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-celeborn-dynamic",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "With Celeborn, dynamic allocation knows that executors hold no shuffled rows",
    why: "Shuffle tracking, on by default, keeps every executor that has shuffled, although its rows lie elsewhere: none \
          is ever given back. Switched off alone, Spark 3.5 and newer refuse to start, because nobody has told them \
          that the rows outlive executors.",
    fix: "Set `spark.dynamicAllocation.shuffleTracking.enabled=false`, and from Spark 3.5 on \
          `spark.shuffle.sort.io.plugin.class=org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO`.",
    covers: &["S16"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkVersion: 3.5.7
          sparkConf:
            spark.shuffle.manager: org.apache.spark.shuffle.celeborn.SparkShuffleManager
            spark.serializer: org.apache.spark.serializer.KryoSerializer
            spark.sql.adaptive.localShuffleReader.enabled: "false"
            spark.dynamicAllocation.enabled: "true"  # wrong
            spark.shuffle.sort.io.plugin.class: org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkVersion: 3.5.7
          sparkConf:
            spark.shuffle.manager: org.apache.spark.shuffle.celeborn.SparkShuffleManager
            spark.serializer: org.apache.spark.serializer.KryoSerializer
            spark.sql.adaptive.localShuffleReader.enabled: "false"
            spark.dynamicAllocation.enabled: "true"
            spark.dynamicAllocation.shuffleTracking.enabled: "false"
            spark.shuffle.sort.io.plugin.class: org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let is_celeborn = set.get("spark.shuffle.manager").is_some_and(|manager| manager.value.contains(".celeborn."));
        let is_open = set.process.is_some_and(|process| process.is_open);
        let Some(on) = set.get("spark.dynamicAllocation.enabled").filter(|on| on.is_true()) else { continue };
        if !is_celeborn || is_open {
            continue;
        }
        let tracks = set.get("spark.dynamicAllocation.shuffleTracking.enabled").is_none_or(|tracks| tracks.is_true());
        let told = set.get("spark.shuffle.sort.io.plugin.class").is_some();
        if tracks {
            on.wrong(report, "shuffle tracking is on: executors that have shuffled never leave");
        } else if !told && set.version.is_some_and(|version| version >= (3, 5)) {
            on.wrong(report, "`spark.shuffle.sort.io.plugin.class` is not set: Spark refuses to start");
        }
    }
}
