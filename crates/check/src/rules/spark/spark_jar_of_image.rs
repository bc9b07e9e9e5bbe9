//! Jars that the image has under another number.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::image::{is_official, parts, version};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-jar-of-image",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Jars of Spark are named with the version that the image has",
    why: "A jar below /opt/spark/jars has the version of Spark in its name. After the next update of the image the \
          file is not there: NoSuchFileException, or `does not exist, skipping` and a missing class.",
    fix: "Leave the jar out: spark-submit finds classes of Spark by itself. Or write the version of the image.",
    covers: &["L16", "D13"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.1-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, "local:///opt/spark/jars/spark-connect_2.13-4.1.0.jar"]  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.1-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, "local:///opt/spark/jars/spark-connect_2.13-4.1.1.jar"]
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        let image = process.container.value["image"].as_str().filter(|image| is_official(image)).unwrap_or_default();
        let Some(has) = parts(image).1.and_then(|tag| tag.split('-').next()).filter(|has| version(has).is_some())
        else {
            continue;
        };
        for word in process
            .text
            .split([' ', ',', '=', ':'])
            .filter(|word| word.contains("/opt/spark/jars/spark-") && word.ends_with(".jar"))
        {
            let named = word.trim_end_matches(".jar").rsplit('-').next().unwrap_or_default();
            if version(named).is_some() && named.split('.').count() == 3 && has.split('.').count() == 3 && named != has
            {
                process.wrong_word(report, word, format!("the image has Spark {has}, and this jar is of {named}"));
            }
        }
    }
}
