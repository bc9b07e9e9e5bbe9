//! Metastores that start once.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::image::{parts, version};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hive-schema-again",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A Hive 3 metastore does not make its schema at every start",
    why: "The image of Hive 3 runs `schematool -initSchema` whenever it starts. The second time the tables are \
          there, it ends with an error, and the metastore never comes back after its first restart.",
    fix: "Set IS_RESUME to `true` and make the schema once, in an init container or a Job; or use Hive 4, which \
          upgrades what is there.",
    covers: &["S10", "L56"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/hive:3.1.3  # wrong
              env:
                - name: SERVICE_NAME
                  value: metastore
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/hive:3.1.3
              env:
                - name: SERVICE_NAME
                  value: metastore
                - name: IS_RESUME
                  value: "true"
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.running(Program::Metastore) {
        let image = process.container.value["image"].as_str().unwrap_or_default();
        let (path, tag) = parts(image);
        let is_three = path == "apache/hive" && tag.and_then(version).is_some_and(|(major, _)| major == 3);
        // Its own start script makes the schema; another command does what it says.
        let own_script = process.container.value["command"].is_null();
        if is_three && own_script && !process.has_env("IS_RESUME") && !process.is_open {
            process.wrong(report, "image", "Hive 3 makes its schema at every start, and fails the second time");
        }
    }
}
