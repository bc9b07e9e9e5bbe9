//! What a pod can be told about itself.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::object::{items, name};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "downward-fields",
    group: Group::Objects,
    severity: Severity::Error,
    title: "A fieldRef names a field that a pod can be told",
    why: "The API server refuses the workload: `unsupported pod field path`. Only a few fields of the pod can become variables, \
          fewer still can become files.",
    fix: "Use metadata.name, metadata.namespace, metadata.uid, status.podIP, status.hostIP, spec.nodeName or \
          spec.serviceAccountName, and metadata.labels['key'] with quotes in the brackets.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              env:
                - name: HOST
                  valueFrom: {fieldRef: {fieldPath: status.podIp}}  # wrong
                - name: MEMORY
                  valueFrom: {resourceFieldRef: {resource: memory}}  # wrong
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              env:
                - name: HOST
                  valueFrom: {fieldRef: {fieldPath: status.podIP}}
                - name: APP
                  valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}
                - name: MEMORY
                  valueFrom: {resourceFieldRef: {resource: limits.memory}}
    "#}),
    check: Check::Stack(check),
};

const VARIABLES: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const FILES: [&str; 5] =
    ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"];
const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

fn check(stack: &Stack, report: &mut Report) {
    for pod in api::whole_pods(stack) {
        let mut refs = Vec::new();
        for container in pod.containers() {
            for (at, entry) in items(&container.value["env"]).enumerate() {
                let path = container.path.key("env").index(at).key("valueFrom");
                refs.push((&VARIABLES[..], &entry["valueFrom"], path, format!("variable {}", name(entry))));
            }
        }
        for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
            let path = pod.spec_path().key("volumes").index(at);
            let own = [(&volume["downwardAPI"]["items"], path.keys("downwardAPI.items"))].into_iter();
            let projected = items(&volume["projected"]["sources"]).enumerate().map(|(source, value)| {
                let path = path.keys("projected.sources").index(source).keys("downwardAPI.items");
                (&value["downwardAPI"]["items"], path)
            });
            for (list, path) in own.chain(projected) {
                for (number, item) in items(list).enumerate() {
                    refs.push((&FILES[..], item, path.index(number), format!("volume {}", name(volume))));
                }
            }
        }
        for (allowed, source, path, what) in refs {
            if let Some(field) = source["fieldRef"]["fieldPath"].as_str().filter(|field| !field.is_empty()) {
                let help = allowed.join(", ");
                if !allowed.contains(&field) && !is_entry(field) {
                    let path: Path = path.keys("fieldRef.fieldPath");
                    report.pod(&pod, path, format!("{what} cannot get {field}")).help(format!("one of: {help}"));
                }
            }
            if let Some(resource) = source["resourceFieldRef"]["resource"].as_str().filter(|field| !field.is_empty()) {
                let of = |kind: &str| resource.strip_prefix(kind);
                let known = of("limits.")
                    .or_else(|| of("requests."))
                    .is_some_and(|name| RESOURCES.contains(&name) || name.starts_with("hugepages-"));
                if !known {
                    let path = path.keys("resourceFieldRef.resource");
                    report
                        .pod(&pod, path, format!("{what} cannot get {resource}"))
                        .help("limits.memory, requests.cpu and the like");
                }
            }
        }
    }
}

/// `metadata.labels['app']`
fn is_entry(field: &str) -> bool {
    ["metadata.labels['", "metadata.annotations['"]
        .into_iter()
        .any(|start| field.strip_prefix(start).is_some_and(|rest| rest.ends_with("']") && rest.len() > 2))
}
