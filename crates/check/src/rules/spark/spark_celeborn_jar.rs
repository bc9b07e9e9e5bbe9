//! A shuffle manager that executors fetch too late.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-celeborn-jar",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Executors before Spark 4 have Celeborn's client when they start",
    why: "Until Spark 4.0 an executor makes its shuffle manager before it fetches `spark.jars` from the driver. It dies \
          with a ClassNotFoundException, the driver asks for another one, and so on without end.",
    fix: "Bake the client into the image, or put it on a volume of the executors and name it in \
          `spark.executor.extraClassPath`.",
    covers: &["L78"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkVersion: 3.5.7
          sparkConf:
            spark.shuffle.manager: org.apache.spark.shuffle.celeborn.SparkShuffleManager  # wrong
            spark.serializer: org.apache.spark.serializer.KryoSerializer
            spark.sql.adaptive.localShuffleReader.enabled: "false"
            spark.jars: local:///jars/celeborn-client-spark-3-shaded_2.12-0.5.4.jar
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
            spark.executor.extraClassPath: /jars/celeborn-client-spark-3-shaded_2.12-0.5.4.jar
            spark.driver.extraClassPath: /jars/celeborn-client-spark-3-shaded_2.12-0.5.4.jar
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let manager = set.get("spark.shuffle.manager").filter(|manager| manager.value.contains(".celeborn."));
        let Some(manager) = manager.filter(|_| set.version.is_some_and(|version| version < (4, 0))) else { continue };
        let served = ["spark.jars", "spark.jars.packages"]
            .into_iter()
            .find(|key| set.get(key).is_some_and(|jars| jars.value.contains("celeborn-client")));
        if let Some(key) = served.filter(|_| set.get("spark.executor.extraClassPath").is_none()) {
            manager.wrong(report, format!("executors need this class before they fetch `{key}`, where its jar is"));
        }
    }
}
