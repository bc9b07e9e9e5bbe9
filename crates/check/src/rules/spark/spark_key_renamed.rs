//! Settings that have another name by now.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::keys::renamed;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-key-renamed",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "No setting has a name that newer versions of Spark ignore",
    why: "A setting that was renamed keeps its old name in files that are copied from one version to the next. \
          Newer versions drop the old name, and the cluster behaves as if nobody had set it.",
    fix: "Use the name of today.",
    covers: &["L77"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.blacklist.enabled: "true"  # wrong
    "#}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.excludeOnFailure.enabled=true
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for property in spark.properties() {
        if let Some(now) = renamed(&property.key) {
            let last = property.wrong_key(report, format!("`{}` is an old name", property.key));
            last.help(if now.is_empty() {
                "it has no successor: take it out".to_owned()
            } else {
                format!("its name is now `{now}`")
            });
        }
    }
}
