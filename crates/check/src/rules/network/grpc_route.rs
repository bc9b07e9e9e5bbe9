//! Routes that turn gRPC into HTTP/1.1.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::related::{find, namespace};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "grpc-route",
    group: Group::Network,
    severity: Severity::Warning,
    title: "A Route to Spark Connect carries HTTP/2",
    why: "OpenShift's router speaks HTTP/1.1 to the pods behind a Route that it decrypts. A client of Spark Connect, which is \
          gRPC, gets an error about the protocol and no hint why.",
    fix: "Use `termination: passthrough` with TLS in the pod, or set `appProtocol: kubernetes.io/h2c` on the Service's port and \
          switch HTTP/2 on in the router. Inside the cluster no Route is needed.",
    covers: &["L71", "Q52"],
    bad: Example::OpenShift(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: connect}
        spec:
          ports: [{name: connect, port: 15002}]
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: {name: connect}
        spec:
          to: {kind: Service, name: connect}
          port: {targetPort: connect}
          tls: {termination: edge}  # wrong
    "}),
    good: Example::OpenShift(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: connect}
        spec:
          ports: [{name: connect, port: 15002, appProtocol: kubernetes.io/h2c}, {name: ui, port: 4040}]
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: {name: connect}
        spec:
          to: {kind: Service, name: connect}
          port: {targetPort: connect}
          tls: {termination: edge}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, route) in stack.of_kind("Route").filter(|(_, route)| route.group() == "route.openshift.io") {
        let Some(name) = route.at("spec.to.name").as_str() else { continue };
        let Some((_, service)) = find(stack, "Service", name, namespace(stack, route)) else { continue };
        let wanted = route.at("spec.port.targetPort");
        let keys = ["name", "port", "targetPort"];
        let is_meant = |port: &&serde_json::Value| keys.iter().any(|key| !wanted.is_null() && port[*key] == *wanted);
        let Some(port) = items(service.at("spec.ports")).find(is_meant) else { continue };
        let is_grpc = port["port"] == 15002 || port["name"].as_str().is_some_and(|name| name.starts_with("grpc"));
        let passes = route.at("spec.tls.termination") == "passthrough" || port["appProtocol"] == "kubernetes.io/h2c";
        if is_grpc && !passes {
            let message = format!("the router speaks HTTP/1.1 to the Service `{name}`, which is gRPC");
            report.object(index, Path::of("spec.tls.termination"), message);
        }
    }
}
