//! Settings that Spark does not know.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::keys::{Known, NEWEST, look_up, renamed};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-key-unknown",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Every setting of Spark is one that Spark reads",
    why: "Spark takes any name that starts with `spark.` and says nothing about those that it does not know. The \
          setting has no effect, and the executor that should have 8g is killed at 1g.",
    fix: "Correct the name. Settings of your own programs go under a first word that is not one of Spark's.",
    covers: &["L21", "D9"],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.executor.memry: 8g  # wrong
            spark.kubernetes.executor.request.memory: 8g  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.executor.memory=8g
            spark.hadoop.fs.s3a.path.style.access=true
            spark.celeborn.master.endpoints=celeborn:9097
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    // Settings of versions that are newer than the table are not in it.
    if spark.newest().is_some_and(|newest| newest > NEWEST) {
        return;
    }
    for property in spark.properties() {
        let Known::No(near) = look_up(&property.key) else { continue };
        if renamed(&property.key).is_some() {
            continue;
        }
        let last = property.wrong_key(report, format!("Spark has no setting `{}`", property.key));
        if let Some(near) = near {
            last.help(format!("did you mean `{near}`?"));
        }
    }
}
