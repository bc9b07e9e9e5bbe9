//! Variables in a file that nobody fills in.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-conf-not-expanded",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Files of settings name no variable that nobody fills in",
    why: "Kubernetes fills in `$(NAME)` in commands and in the environment, not in files; Spark fills in \
          `${env:NAME}` only. The driver announces itself to its executors as the host `$(POD_IP)`, and they never \
          come.",
    fix: "Give the setting on the command line, `--conf key=$(NAME)`, where Kubernetes fills it in.",
    covers: &["D6", "D7"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.driver.host=$(POD_IP)_wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.driver.host=demo-driver.spark.svc
            spark.ui.proxyBase=${env:BASE}
            spark.app.name=${spark.other}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for file in &spark.files {
        for property in file.properties() {
            if let Some(word) = unfilled(&property.value).filter(|word| !file.is_template || word.starts_with("$(")) {
                property.wrong(
                    report,
                    format!("nobody fills in {word}: `{}` has this very text as its value", property.key),
                );
            }
        }
    }
}

/// A variable that neither Spark nor Kubernetes fills in in a file.
fn unfilled(value: &str) -> Option<&str> {
    let start = value.find("$(").or_else(|| value.find("{{ "))?;
    let rest = value.get(start..)?;
    let close = if rest.starts_with("$(") { ")" } else { "}}" };
    // Names of Spark such as {{APP_ID}} have no spaces.
    rest.get(..rest.find(close)? + close.len())
}
