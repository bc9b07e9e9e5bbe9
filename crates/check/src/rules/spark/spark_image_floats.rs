//! Images of Spark whose tag moves.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::image::{is_official, parts, version};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-image-floats",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Images of Spark are pinned by their whole tag",
    why: "Under `latest` there is another version of Spark next month. Short tags differ too: 4.1.4 is Java 21 at \
          apache/spark and Java 17 at Docker's own spark. Clients and executors of another version fail with \
          errors that name neither.",
    fix: "Write the whole tag, such as 4.1.4-scala2.13-java17-python3-ubuntu, or a digest.",
    covers: &["S15"],
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:latest  # wrong\n      \
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]\n",
    ),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            let Some(image) = container.value["image"].as_str().filter(|image| is_official(image)) else { continue };
            let tag = parts(image).1.unwrap_or("latest");
            // A full tag names Scala, and by that everything else.
            if !image.contains('@') && !tag.contains("scala") {
                let what = if version(tag).is_some() { "does not say which Java and Scala it has" } else { "is another version of Spark from time to time" };
                report.pod(&pod, container.path.key("image"), format!("the tag {tag} {what}"));
            }
        }
    }
}
