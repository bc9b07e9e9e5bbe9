//! Images of Spark whose tag moves.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
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
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:latest  # wrong
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            if let Some(message) = container.value["image"].as_str().and_then(floats) {
                report.pod(&pod, container.path.key("image"), message);
            }
        }
    }
    // Operators take the image from a field of their own.
    for (index, object) in
        stack.objects.iter().enumerate().filter(|(_, object)| object.kind().ends_with("SparkApplication"))
    {
        for path in ["spec.image", "spec.driver.image", "spec.executor.image", "spec.template.image"] {
            if let Some(message) = object.at(path).as_str().and_then(floats) {
                report.object(index, Path::of(path), message);
            }
        }
    }
}

/// What is wrong with the tag of an image of Spark.
fn floats(image: &str) -> Option<String> {
    let tag = parts(image).1.unwrap_or("latest");
    // A full tag names Scala, and by that everything else.
    if !is_official(image) || image.contains('@') || tag.contains("scala") {
        return None;
    }
    let what = match version(tag) {
        Some(_) => "does not say which Java and Scala it has",
        None => "is another version of Spark from time to time",
    };
    Some(format!("the tag {tag} {what}"))
}
