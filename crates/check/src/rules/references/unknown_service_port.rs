//! Ports that the named Service does not have.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::address::{Address, Host, resolve};
use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::related::namespace;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::wires::{Caller, Network};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-service-port",
    group: Group::References,
    severity: Severity::Error,
    title: "Every `host:port` of a setting names a port that the Service has",
    why: "A Service answers on its own ports only. A connection to another one hangs until it times out, and looks like a \
          network fault.",
    fix: "Use the port of the Service, or add the port to it.",
    covers: &["L26", "Q23"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          ports: [{port: 8333}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              env:
                - {name: S3, value: "http://demo-s3:9000"}  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          ports: [{port: 8333}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: demo-driver}
        spec:
          clusterIP: None
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          containers:
            - name: client
              env:
                - {name: S3, value: "http://demo-s3.spark.svc:8333"}
                - {name: DRIVER, value: "demo-driver:7078"}
    "#}),
    check: Check::Network(check),
};

fn check(network: &Network<'_>, stack: &Stack, report: &mut Report) {
    for Caller { pod, own } in &network.pods {
        for (path, hosts) in own {
            if let Some(message) = wrong(stack, namespace(stack, pod.object), hosts) {
                report.pod(pod, path.clone(), message);
            }
        }
    }
    for text in &network.config {
        let Some(object) = stack.objects.get(text.index) else { continue };
        if let Some(message) = wrong(stack, namespace(stack, object), &text.hosts) {
            report.object(text.index, Path::of("data").key(text.key), message);
        }
    }
}

fn wrong(stack: &Stack, from: &str, hosts: &[Address]) -> Option<String> {
    hosts.iter().filter(|address| address.is_machine()).find_map(|address| {
        let port = address.port?;
        let Host::Service(index) = resolve(stack, from, &address.host) else { return None };
        let service = stack.objects.get(index)?;
        // The name of a headless Service stands for its pods, with all of their ports.
        let is_open = service.at("spec.clusterIP") == "None" || service.at("spec.type") == "ExternalName";
        let ports: Vec<u64> = items(service.at("spec.ports")).filter_map(|port| port["port"].as_u64()).collect();
        let missing = !is_open && !ports.is_empty() && !ports.contains(&u64::from(port));
        missing.then(|| {
            let ports: Vec<String> = ports.iter().map(u64::to_string).collect();
            format!("the Service `{}` has no port {port}, only {}", service.name(), ports.join(", "))
        })
    })
}
