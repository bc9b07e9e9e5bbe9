//! Ports: numbers and names.

use indoc::indoc;
use std::collections::HashSet;

use serde_json::Value;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::grammar;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "ports-valid",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Ports lie between 1 and 65535 and have names that Kubernetes accepts",
    why: "The API server refuses the object. Names of ports are short: 15 characters, lower case, and each one once. A probe \
          of a named port that the container does not have never succeeds.",
    fix: "Correct the number or the name. A Service with several ports must name each of them.",
    covers: &["Q54", "Q55"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: a
        spec:
          ports:
            - name: http
              port: 80000  # wrong
            - port: 81  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              ports:
                - name: hive-metastore-thrift  # wrong
                  containerPort: 9083
              livenessProbe:
                tcpSocket:
                  port: thrift  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: a
        spec:
          ports:
            - name: http
              port: 80
              targetPort: http
            - name: rpc
              port: 81
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              ports:
                - name: thrift
                  containerPort: 9083
              livenessProbe:
                tcpSocket:
                  port: thrift
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in api::of(stack, "", "Service") {
        let ports = object.at("spec.ports").as_array().map_or(&[][..], Vec::as_slice);
        let mut names = HashSet::new();
        for (at, port) in ports.iter().enumerate() {
            let path = Path::of("spec.ports").index(at);
            let mut add = |key: &str, message: String| {
                report.object(index, path.key(key), message);
            };
            out_of_range(&port["port"]).into_iter().for_each(|message| add("port", message));
            target(&port["targetPort"]).into_iter().for_each(|message| add("targetPort", message));
            match port["name"].as_str().filter(|name| !name.is_empty()) {
                None if ports.len() > 1 => add("name", "a Service with several ports must name each".to_owned()),
                None => {}
                Some(name) if !names.insert(name) => add("name", format!("two ports are named {name}")),
                Some(name) => {
                    if let Some(wrong) = grammar::dns_label(name) {
                        add("name", format!("`{name}` is no name of a port: {wrong}"));
                    }
                }
            }
        }
    }
    for pod in stack.pods() {
        for container in pod.containers() {
            let mut names = HashSet::new();
            for (at, port) in items(&container.value["ports"]).enumerate() {
                let path = container.path.key("ports").index(at);
                for key in ["containerPort", "hostPort"] {
                    if let Some(message) = out_of_range(&port[key]).filter(|_| key != "hostPort" || port[key] != 0) {
                        report.pod(&pod, path.key(key), message);
                    }
                }
                let Some(name) = port["name"].as_str().filter(|name| !name.is_empty()) else { continue };
                if let Some(wrong) = grammar::port_name(name) {
                    report.pod(&pod, path.key("name"), format!("`{name}` is no name of a port: {wrong}"));
                } else if !names.insert(name) {
                    report.pod(&pod, path.key("name"), format!("two ports are named {name}"));
                }
            }
            let handlers =
                ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
            for (handler, kind) in
                handlers.into_iter().flat_map(|h| ["httpGet", "tcpSocket", "grpc"].map(|kind| (h, kind)))
            {
                let found = handler.split('.').fold(container.value, |value, key| &value[key]);
                let port = &found[kind]["port"];
                let path = container.path.keys(handler).key(kind).key("port");
                if let Some(message) = target(port) {
                    report.pod(&pod, path, message);
                } else if let Some(name) = port.as_str()
                    && name.parse::<u16>().is_err()
                    && !pod.is_template()
                    && !names.contains(name)
                {
                    report.pod(&pod, path, format!("container {} has no port named {name}", container.name()));
                }
            }
        }
    }
}

/// A number that is no port.
fn out_of_range(port: &Value) -> Option<String> {
    let number = port.as_i64()?;
    (!(1..=65535).contains(&number)).then(|| format!("{number} is no port; they go from 1 to 65535"))
}

/// A number or name that is no port.
fn target(port: &Value) -> Option<String> {
    match port.as_str() {
        Some(name) => grammar::port_name(name).map(|wrong| match name.parse::<u16>() {
            Ok(_) => format!("\"{name}\" in quotes is the name of a port, not its number"),
            Err(_) => format!("`{name}` is no name of a port: {wrong}"),
        }),
        None => out_of_range(port),
    }
}
