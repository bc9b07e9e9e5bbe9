//! Lines that spark-submit skips.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Property, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-property-ignored",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Every setting in spark-defaults.conf starts with `spark.`",
    why: "`spark-submit` skips all others and prints a warning at most: `Ignoring non-Spark config property`. \
          Credentials and endpoints of S3 are then missing.",
    fix: "Settings of Hadoop and Hive get `spark.hadoop.` before their name.",
    covers: &["L5"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            fs.s3a.endpoint=http://wrong:8333
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.hadoop.fs.s3a.endpoint=http://s3:8333
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for file in spark.files.iter().filter(|file| file.name.contains("spark-defaults")) {
        for line in file.lines.iter().filter(|line| !line.key.starts_with("spark.")) {
            let property = Property { key: line.key.clone(), value: line.value.clone(), at: file.at(line.number) };
            let last =
                property.wrong_key(report, format!("Spark skips `{}`: it does not start with `spark.`", line.key));
            if line.key.starts_with("fs.") || line.key.starts_with("hive.") || line.key.starts_with("hadoop.") {
                last.help(format!("write `spark.hadoop.{}`", line.key));
            }
        }
    }
}
