//! The same setting twice.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-key-twice",
    group: Group::Spark,
    severity: Severity::Error,
    title: "No setting stands twice in one file with two values",
    why: "Only the last one holds. Somebody changes the first one and nothing happens; of two lists, such as \
          listeners, one is lost.",
    fix: "Keep one. Values of a list are joined with commas.",
    covers: &["L18"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.extraListeners=com.example.A
            spark.executor.memory=2g
            spark.extraListeners=com.example.Wrong.wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.extraListeners=com.example.A,com.example.B
            spark.executor.memory=2g
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for file in &spark.files {
        let properties: Vec<_> = file.properties().collect();
        for (index, property) in properties.iter().enumerate() {
            let first = properties.iter().take(index).find(|other| other.key == property.key);
            if let Some(first) = first.filter(|first| first.value != property.value) {
                let line = first.at.line.map_or(0, |line| line + 1);
                let message = format!(
                    "`{}` stands in line {line} of the file already, with the value `{}`",
                    property.key, first.value
                );
                property.wrong(report, message);
            }
        }
    }
}
