//! Settings of Celeborn that do not fit.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-celeborn",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Celeborn is set up as its version and the version of Spark need it",
    why: "With a class that is gone, or with Java's own serialization, the application stops at its first shuffle. \
          Celeborn has no client for Spark 4.3 yet.",
    fix: "Use `org.apache.spark.shuffle.celeborn.SparkShuffleManager` and the KryoSerializer.",
    covers: &["S16", "L78"],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.shuffle.manager: org.apache.spark.shuffle.celeborn.RssShuffleManager  # wrong
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
            spark.celeborn.client.push.replicate.enabled: "true"
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let Some(manager) = set.get("spark.shuffle.manager").filter(|manager| manager.value.contains(".celeborn."))
        else {
            continue;
        };
        if manager.value.ends_with("RssShuffleManager") {
            manager
                .wrong(report, "this class is gone since Celeborn 0.4")
                .help("it is now `org.apache.spark.shuffle.celeborn.SparkShuffleManager`");
        }
        if set.version >= Some((4, 3)) {
            manager.wrong(report, "Celeborn has no client for this version of Spark");
        }
        match set.get("spark.serializer") {
            Some(serializer) if !serializer.value.ends_with("KryoSerializer") => {
                serializer.wrong(report, "Celeborn needs the KryoSerializer");
            }
            None if set.process.is_none_or(|process| !process.is_open) => {
                manager.wrong(report, "`spark.serializer` is not set, and Celeborn needs the KryoSerializer");
            }
            _ => {}
        }
        if let Some(old) = set.get("spark.celeborn.push.replicate.enabled") {
            old.wrong_key(report, "this setting has another name")
                .help("it is now `spark.celeborn.client.push.replicate.enabled`");
        }
    }
}
