//! Names of objects.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::grammar;
use crate::object::Object;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "object-name",
    group: Group::Names,
    severity: Severity::Error,
    title: "Names are valid and short enough for what Kubernetes makes of them",
    why: "The API server refuses the object, or, worse, accepts it and makes no pods: the name of a StatefulSet becomes a label \
          with a hash behind it, that of a CronJob gets eleven digits, that of a Job is a label. A long release name is enough.",
    fix: "Cut names in the helper, before the suffix and not after it: 52 characters for StatefulSets and CronJobs, 63 for \
          Services and Jobs.",
    covers: &["Q35", "L42"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: spark.connect  # wrong
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a-release-with-a-very-long-name-hive-metastore-postgresql  # wrong
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata:
          name: a-release-with-a-very-long-name-for-the-history-server-ui-of-spark  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: spark-connect
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: a-release-with-a-very-long-name-postgresql
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: demo:reader
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| !object.name().is_empty()) {
        if let Some(wrong) = wrong(object) {
            let message = format!("`{}` is no name for a {}: {wrong}", object.name(), object.kind());
            report.object(index, Path::of("metadata.name"), message);
        } else if let Some((path, message)) = route_host(stack, object) {
            report.object(index, Path::of(path), message);
        }
    }
}

/// What is wrong with the host of a Route. Without one OpenShift makes its first part of name and namespace.
fn route_host(stack: &Stack, object: &Object) -> Option<(&'static str, String)> {
    if (object.group(), object.kind()) != ("route.openshift.io", "Route") {
        return None;
    }
    let namespace = object.namespace().filter(|name| !name.is_empty());
    let namespace = namespace.unwrap_or(&stack.target.namespace);
    match object.at("spec.host").as_str().filter(|host| !host.is_empty()) {
        Some(host) => {
            let part = host.split('.').find(|part| part.len() > 63)?;
            Some(("spec.host", format!("a part of the host has {} characters; 63 are allowed", part.len())))
        }
        None => {
            let length = object.name().len() + 1 + namespace.len();
            let message = || format!("its host begins with name and namespace, {length} characters; 63 are allowed");
            (length > 63).then(|| ("metadata.name", message()))
        }
    }
}

fn wrong(object: &Object) -> Option<String> {
    let name = object.name();
    let most = |most: usize, why: &str| {
        let length = name.len();
        grammar::dns_subdomain(name)
            .or_else(|| (length > most).then(|| format!("it has {length} characters; {why}, so {most} are allowed")))
    };
    match (object.group(), object.kind()) {
        ("", "Service") => grammar::service_name(name),
        ("", "Namespace") => grammar::dns_label(name),
        ("apps", "StatefulSet") => most(52, "its pods carry it in a label with a hash behind"),
        ("batch", "CronJob") => most(52, "its Jobs have eleven more"),
        ("batch", "Job") => most(63, "its pods carry it in a label"),
        // OpenShift makes the host of name and namespace; Kubernetes' own are subdomains, bindings may hold more.
        ("rbac.authorization.k8s.io", _) => segment(name),
        (group, _) if api::API.has_group(group) => grammar::dns_subdomain(name),
        _ => segment(name),
    }
}

/// What is wrong with a name that only has to fit into a URL.
fn segment(name: &str) -> Option<String> {
    let bad = matches!(name, "." | "..") || name.contains(['/', '%']);
    bad.then(|| "it may hold no `/` and no `%`".to_owned())
}
