//! Hosts that look like Services of the install and are none.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::address::{Address, Host, addresses, resolve};
use crate::context::Stack;
use crate::path::Path;
use crate::related::{is_custom, namespace, operator_makes, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::wires::{Caller, Network};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-service-host",
    group: Group::References,
    severity: Severity::Error,
    title: "Every in-cluster host that a setting names is a Service of the install",
    why: "The name does not resolve. The program waits, retries and gives up with `UnknownHostException`, often minutes after \
          the install has said that all is well.",
    fix: "Name the Service as it is called: release name and namespace included. One that is in the namespace already is \
          named by `--services`; `sparkyard up` looks itself.",
    covers: &["L26", "L57", "Q33"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-metastore}
        spec:
          selector: {app: metastore}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              env:
                - {name: URI, value: "thrift://metastore:9083"}  # wrong
                - {name: S3, value: "http://demo-s3.spark.svc:8333"}  # wrong
                - {name: UI, value: "http://demo-metastore.svc:80"}  # wrong
                - {name: PEER, value: "demo-db-0:5432"}  # wrong
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: demo-db}
        spec: {serviceName: demo-db-pods}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: client}
        data:
          spark-defaults.conf: |  # wrong
            spark.driver.host demo-driver.spark.svc.cluster.local
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-metastore}
        spec:
          selector: {app: metastore}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              env:
                - {name: URI, value: "thrift://demo-metastore:9083"}
                - {name: LONG, value: "thrift://demo-metastore.spark.svc.cluster.local:9083"}
                - {name: BUCKET, value: "s3a://metastore/events"}
                - {name: OTHER, value: "http://s3.storage.svc:8333"}
                - {name: OUTSIDE, value: "https://example.com"}
    "#}),
    check: Check::Network(check),
};

fn check(network: &Network<'_>, stack: &Stack, report: &mut Report) {
    for Caller { pod, own } in &network.pods {
        let mut known = aliases(pod.spec);
        // A pod finds itself by its own name.
        let itself = format!("{}-0", pod.object.name());
        known.push(&itself);
        for (path, hosts) in own {
            if let Some((message, help)) = wrong(stack, namespace(stack, pod.object), hosts, &known) {
                let last = report.pod(pod, path.clone(), message);
                if let Some(help) = help {
                    last.help(help);
                }
            }
        }
    }
    for text in &network.config {
        let Some(object) = stack.objects.get(text.index) else { continue };
        if let Some((message, help)) = wrong(stack, namespace(stack, object), &text.hosts, &[]) {
            let last = report.object(text.index, Path::of("data").key(text.key), message);
            if let Some(help) = help {
                last.help(help);
            }
        }
    }
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| is_custom(object)) {
        crate::object::walk(&object.value["spec"], &Path::of("spec"), &mut |here, value| {
            let text = value.as_str().filter(|text| text.contains(".svc"));
            if let Some((message, _)) =
                text.and_then(|text| wrong(stack, namespace(stack, object), &addresses(text), &[]))
            {
                report.object(index, here.path(), message);
            }
        });
    }
}

fn aliases(spec: &serde_json::Value) -> Vec<&str> {
    let hosts = crate::object::items(&spec["hostAliases"]).flat_map(|alias| crate::object::items(&alias["hostnames"]));
    hosts.filter_map(|host| host.as_str()).collect()
}

/// The first host of a text that is no Service, with what is there instead.
fn wrong(stack: &Stack, from: &str, hosts: &[Address], known: &[&str]) -> Option<(String, Option<String>)> {
    let is_there =
        |name: &String| from == stack.target.namespace && stack.target.services.iter().any(|service| service == name);
    hosts.iter().filter(|address| !known.contains(&address.host.as_str())).find_map(|address| {
        let host = &address.host;
        match resolve(stack, from, host) {
            Host::Missing(name) if is_there(&name) => None,
            Host::Word if is_there(host) => None,
            Host::NoNamespace => {
                Some((format!("`{host}` resolves to nothing: it needs the namespace before `.svc`"), None))
            }
            Host::Missing(name) if stack.target.complete && !made_by_others(stack, from, &name) => {
                let help = there_is(&stack.names("Service"));
                Some((format!("no Service `{name}` is made, which `{host}` names"), help))
            }
            Host::Word if address.is_machine() && pod_of_set(stack, host).is_some() => {
                let service = pod_of_set(stack, host)?;
                Some((format!("the pod `{host}` is found as `{host}.{service}` only"), None))
            }
            Host::Word if stack.target.complete && address.is_machine() => {
                let meant = meant(stack, address)?;
                Some((format!("no Service `{host}` is made"), Some(format!("there is `{meant}`"))))
            }
            _ => None,
        }
    })
}

/// Kubernetes, Spark and operators make Services of their own.
fn made_by_others(stack: &Stack, from: &str, name: &str) -> bool {
    name.ends_with("-driver-svc") || from == "default" && name == "kubernetes" || operator_makes(stack, name)
}

/// The Service by which a pod of a StatefulSet is found, if a word is the name of one: `demo-master-0`.
fn pod_of_set<'s>(stack: &'s Stack, host: &str) -> Option<&'s str> {
    let (set, _) = host.rsplit_once('-').filter(|(_, number)| number.parse::<u16>().is_ok())?;
    stack.find("StatefulSet", set)?.at("spec.serviceName").as_str().filter(|service| !service.is_empty())
}

/// The Service that a single word is meant to be: its name without the release's, or with a typing error.
fn meant<'s>(stack: &'s Stack, address: &Address) -> Option<&'s str> {
    let host = address.host.as_str();
    if host == "localhost" || host.len() < 2 {
        return None;
    }
    let close =
        |name: &&str| name.ends_with(&format!("-{host}")) || name.len() >= 6 && distance(name, host) <= name.len() / 6;
    stack.names("Service").into_iter().find(close)
}

/// How many letters differ: insertions, deletions and changes.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (before, to) in row.windows(2).zip(&b) {
            let change = before.first().copied().unwrap_or(0) + usize::from(from != *to);
            let delete = before.last().copied().unwrap_or(0) + 1;
            let insert = next.last().copied().unwrap_or(0) + 1;
            next.push(change.min(delete).min(insert));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
