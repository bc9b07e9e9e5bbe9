//! Event logs in a folder of the container.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-event-log-default",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Event logs are switched on together with a place for them",
    why: "Without a place Spark writes to /tmp/spark-events, which does not exist: the driver and the History \
          Server stop with FileNotFoundException. If somebody makes it, the logs go with the container.",
    fix: "Set `spark.eventLog.dir` for writers and `spark.history.fs.logDirectory` for the History Server, to a \
          bucket or a volume that all of them see.",
    covers: &["S11", "L47"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.eventLog.enabled: "true"  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.eventLog.enabled: "true"
            spark.eventLog.dir: s3a://logs/events
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let is_open = set.process.is_some_and(|process| process.is_open);
        let Some(on) = set.get("spark.eventLog.enabled").filter(|on| on.is_true() && !is_open) else { continue };
        // The History Server reads the same file and writes nothing.
        let writes = set.process.is_none_or(|process| process.program != Program::History);
        if set.get("spark.eventLog.dir").is_none() && writes {
            on.wrong(report, "event logs are on, and `spark.eventLog.dir` is not set");
        }
    }
}
