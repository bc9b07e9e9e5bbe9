//! Images that are no longer published.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "image-withdrawn",
    group: Group::Spark,
    severity: Severity::Error,
    title: "No image comes from a place that is gone",
    why: "MinIO has taken its images off Docker Hub, and Bitnami has moved its versions to a repository without \
          updates. The pod runs as long as its node has the image, and stops at the first new node: \
          ImagePullBackOff.",
    fix: "Take an image that is maintained, or a copy in a registry of your own.",
    covers: &["S17"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: minio/minio:RELEASE.2024-01-01T00-00-00Z  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: registry.example.com/minio/minio:RELEASE.2024-01-01T00-00-00Z
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            let image = container.value["image"].as_str().unwrap_or_default();
            let hub = image.strip_prefix("docker.io/").unwrap_or(image);
            let gone = match hub {
                _ if hub.starts_with("minio/minio") || hub.starts_with("minio/mc") => {
                    "MinIO publishes no images there any more"
                }
                // What is left of Bitnami's own is `latest`.
                _ if hub.starts_with("bitnami/") && !hub.ends_with(":latest") && !hub.contains('@') => {
                    "Bitnami has moved its versions to bitnamilegacy, which gets no updates"
                }
                _ => continue,
            };
            report.pod(&pod, container.path.key("image"), format!("{image}: {gone}"));
        }
    }
}
