//! Images whose tag moves.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::image::{is_official, parts};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "image-floats",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Images are pinned by a tag other than `latest`, or by a digest",
    why: "The node pulls what `latest` is on the day when the pod starts. A restart changes the program without anybody having \
          changed the chart, two nodes run two versions, and nobody can say what was checked and what runs.",
    fix: "Write the full version as the tag, or a digest. Make it a value, so that a mirror or a newer version can be named.",
    covers: &["Q16"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          initContainers:
            - name: a
              image: localhost:5000/acme/tool  # wrong
          containers:
            - name: b
              image: docker.io/acme/server:latest  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          initContainers:
            - name: a
              image: localhost:5000/acme/tool:1.2.3
          containers:
            - name: b
              image: docker.io/acme/server:latest@sha256:00
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            let image = container.value["image"].as_str().filter(|image| !image.is_empty());
            // Of Spark's own images a rule of theirs asks for more.
            let Some(image) = image.filter(|image| !image.contains('@') && !is_official(image)) else { continue };
            let what = match parts(image).1 {
                None | Some("") => "has no tag, which means `latest`",
                Some("latest") => "is pulled as `latest`",
                Some(_) => continue,
            };
            let message = format!("container {}: {image} {what}", container.name());
            report.pod(&pod, container.path.key("image"), message);
        }
    }
}
