//! Fields that must be there.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api::{self, Fault};
use crate::context::Stack;
use crate::object::{Object, Role};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "missing-field",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Every field that Kubernetes needs is there",
    why: "The API server refuses the object. Helm stops in the middle: what was made before it stays, what comes after is \
          missing.",
    fix: "Write the field. If it comes from a value that may be empty, say in the schema that it must not be.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: a:1
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    api::report(stack, report, Fault::Missing);
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| api::API.kind(object).is_some()) {
        let generated = object.at("metadata.generateName").is_string();
        if !object.kind().ends_with("List") && object.name().is_empty() && !generated {
            report.object(index, Path::of("metadata.name"), "it has no name");
        }
        for (path, message) in beyond(object) {
            report.object(index, Path::of(path), message);
        }
    }
    // A Pod's `containers` are asked for by the data, an image is not.
    for pod in api::whole_pods(stack) {
        for container in pod.containers().into_iter().filter(|container| container.role != Role::Ephemeral) {
            if container.value["image"].is_null() || container.value["image"] == "" {
                let message = format!("container {} has no image", container.name());
                report.pod(&pod, container.path.key("image"), message);
            }
        }
    }
}

/// What the API server asks for though the data does not.
fn beyond(object: &Object) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let empty = |path: &str| {
        let value = object.at(path);
        value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
    };
    match (object.group(), object.kind()) {
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job" | "CronJob")
        | ("", "Pod")
        | ("autoscaling", "HorizontalPodAutoscaler")
            if empty("spec") =>
        {
            found.push(("spec", "it has no spec"))
        }
        ("", "PersistentVolumeClaim") => {
            if empty("spec.accessModes") {
                found.push(("spec.accessModes", "a claim needs an access mode"));
            }
            if empty("spec.resources.requests.storage") {
                found.push(("spec.resources.requests.storage", "a claim needs a size"));
            }
        }
        ("", "Service") => {
            let outside = object.at("spec.type") == "ExternalName";
            if outside && empty("spec.externalName") {
                found.push(("spec.externalName", "a Service of type ExternalName needs the name"));
            }
            if !outside && empty("spec.ports") && object.at("spec.clusterIP") != "None" {
                found.push(("spec.ports", "a Service needs a port, unless it is headless"));
            }
        }
        ("networking.k8s.io", "Ingress") if empty("spec.rules") && empty("spec.defaultBackend") => {
            found.push(("spec", "an Ingress needs rules or a default backend"));
        }
        _ => {}
    }
    found
}
