//! Programs that need a while to start.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Container;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "startup-time",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "A Java program gets a minute to start before liveness kills it",
    why: "A JVM on a busy node, with a pull of jars or a migration of a schema before it, needs a minute or two. Liveness kills \
          it before that, again and again, and the log shows no fault.",
    fix: "Add a startupProbe with many failures: `periodSeconds: 5`, `failureThreshold: 60`. Liveness begins when it succeeds.",
    covers: &["Q22"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          template:
            spec:
              containers:
                - name: history
                  image: docker.io/apache/spark:4.1.0
                  livenessProbe:  # wrong
                    tcpSocket: {port: 18080}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          template:
            spec:
              containers:
                - name: history
                  image: docker.io/apache/spark:4.1.0
                  startupProbe:
                    failureThreshold: 60
                    tcpSocket: {port: 18080}
                  livenessProbe:
                    tcpSocket: {port: 18080}
                - name: proxy
                  image: docker.io/library/nginx:1.29
                  livenessProbe:
                    tcpSocket: {port: 8080}
    "}),
    check: Check::Stack(check),
};

/// Seconds that it must have.
const LEAST: i64 = 60;

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods().iter().filter(|pod| pod.serves()) {
        for container in pod.main_containers().into_iter().filter(is_java) {
            let live = &container.value["livenessProbe"];
            if !live.is_object() || container.value["startupProbe"].is_object() {
                continue;
            }
            let number = |key: &str, default: i64| live[key].as_i64().filter(|number| *number > 0).unwrap_or(default);
            let tries = number("periodSeconds", 10).saturating_mul(number("failureThreshold", 3));
            let patience = number("initialDelaySeconds", 0).saturating_add(tries);
            if patience < LEAST {
                let message = format!(
                    "container {} is killed when it does not answer after {patience} seconds",
                    container.name()
                );
                report.pod(pod, container.path.key("livenessProbe"), message);
            }
        }
    }
}

/// Whether a container runs on a JVM, as far as its image and command show.
fn is_java(container: &Container<'_>) -> bool {
    const IMAGES: [&str; 8] = ["spark", "hive", "hadoop", "trino", "kafka", "zookeeper", "celeborn", "kyuubi"];
    let image = container.value["image"].as_str().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    let image_name = last.split([':', '@']).next().unwrap_or_default();
    let part = |part: &str| IMAGES.contains(&part);
    image_name.split(['-', '_', '.']).any(part)
        || container.words().any(|word| word == "java" || word.ends_with("/java"))
}
