//! Lines of a settings file that are read otherwise than they look.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-conf-syntax",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Files of settings have no quotes, no comments behind values, and no setting without a value",
    why: "Spark reads these files as Java does: quotes are part of the value, and so is a `#` behind it. \
          `\"true\"` in quotes is not true: the path style of S3 stays off, and the job looks for a host named \
          after the bucket.",
    fix: "Write `key=value`, without quotes. A comment has a line of its own.",
    covers: &["L5", "L52", "D8"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.hadoop.fs.s3a.path.style.access="wrong"
            spark.eventLog.enabled=true  # wrong
            spark.app.wrong.name
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            # Event logs.
            spark.eventLog.enabled=true
            spark.driver.extraJavaOptions=-Da="b c"
            spark.hadoop.fs.s3a.path.style.access   true
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for file in &spark.files {
        for property in file.properties() {
            let (key, value) = (&property.key, &property.value);
            let quoted = |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
            if value.is_empty() {
                property.wrong_key(report, format!("`{key}` has no value"));
            } else if (quoted('"') || quoted('\'')) && !value[1..value.len() - 1].contains(['"', '\'']) {
                // Options of Java are taken apart as a shell does it.
                match key.ends_with("JavaOptions") {
                    true if value.contains(' ') => {
                        property.wrong(report, "all of it is one option for Java: the quotes keep it together")
                    }
                    true => continue,
                    false => property.wrong(report, format!("the quotes are part of the value of `{key}`")),
                };
            } else if value.contains(" #") {
                property.wrong(report, format!("the comment is part of the value of `{key}`"));
            }
        }
    }
}
