//! Namespaces that are written down.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::address::{SVC, names_services};
use crate::context::Stack;
use crate::object::{items, walk};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hardcoded-namespace",
    group: Group::Names,
    severity: Severity::Warning,
    title: "Nothing names a namespace other than the one that is installed into",
    why: "A chart with `namespace: default` in it installs half of itself where nobody looks, or is refused there. A host name \
          with the namespace written into it works in the author's cluster only.",
    fix: "Write `{{ .Release.Namespace }}`, or nothing. Ask for the namespace of something that lies elsewhere in a value.",
    covers: &["Q37"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: metastore
          namespace: default  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              env:
                - name: URI
                  value: thrift://metastore.dev.svc.cluster.local:9083  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: metastore
          namespace: spark
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              env:
                - name: URI
                  value: thrift://metastore.spark.svc.cluster.local:9083
                - name: OTHER
                  value: http://prometheus.monitoring.svc:9090
    "}),
    check: Check::Stack(check),
};

/// Kinds without a namespace; one that is written there is passed over.
const CLUSTER: [&str; 8] = [
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "Namespace",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "IngressClass",
];

fn check(stack: &Stack, report: &mut Report) {
    let ours = stack.target.namespace.as_str();
    let services = stack.names("Service");
    for (index, object) in stack.objects.iter().enumerate() {
        let namespace = object.namespace().filter(|_| !CLUSTER.contains(&object.kind()));
        if let Some(other) = namespace.filter(|name| !name.is_empty() && *name != ours) {
            report.object(index, Path::of("metadata.namespace"), format!("it goes into {other}, not into {ours}"));
        }
        for (at, subject) in items(&object.value["subjects"]).enumerate().filter(|(_, s)| s["kind"] == "ServiceAccount")
        {
            let (name, other) =
                (subject["name"].as_str().unwrap_or_default(), subject["namespace"].as_str().unwrap_or(ours));
            // An account of somebody else may well live elsewhere.
            let made = stack.find("ServiceAccount", name).filter(|made| made.namespace() != Some(other));
            if made.is_some() && other != ours && !other.is_empty() {
                let path = Path::of("subjects").index(at).key("namespace");
                report.object(index, path, format!("the ServiceAccount {name} is made in {ours}, not in {other}"));
            }
        }
        // Few objects name a host of the cluster, and one look at the text tells.
        if !names_services(&object.text) {
            continue;
        }
        walk(&object.value, &Path::root(), &mut |here, value| {
            let Value::String(text) = value else { return };
            for (service, namespace) in hosts(text) {
                if services.contains(&service) && namespace != ours && !elsewhere(stack, service, namespace) {
                    let message = format!("the host {service}.{namespace}.svc is not in {ours}, where {service} is");
                    report.object(index, here.path(), message);
                }
            }
        });
    }
}

/// Whether the stack makes the Service in that namespace.
fn elsewhere(stack: &Stack, service: &str, namespace: &str) -> bool {
    stack.of_kind("Service").any(|(_, object)| object.name() == service && object.namespace() == Some(namespace))
}

/// Service and namespace of every `service.namespace.svc` in a text.
fn hosts(text: &str) -> Vec<(&str, &str)> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let found = SVC.find_iter(text.as_bytes()).filter_map(|at| {
        let after = text.get(at + 4..)?;
        if after.starts_with(is_name) {
            return None;
        }
        let before = text.get(..at)?;
        let start = before
            .rfind(|c: char| !is_name(c) && c != '.')
            .map_or(0, |last| last + before[last..].chars().next().map_or(1, char::len_utf8));
        let mut names = before.get(start..)?.rsplit('.');
        let (namespace, service) = (names.next()?, names.next()?);
        Some((service, namespace)).filter(|_| !namespace.is_empty() && !service.is_empty())
    });
    found.collect()
}
