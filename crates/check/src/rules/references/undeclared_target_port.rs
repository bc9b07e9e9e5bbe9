//! Services that send to a port number that no container declares.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::related::{pods_behind, ports};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "undeclared-target-port",
    group: Group::References,
    severity: Severity::Warning,
    title: "Every port number that a Service sends to is declared by a container",
    why: "Kubernetes does not check the number. Where the containers declare other ports it is most likely a typing error or \
          an old default, and connections are refused.",
    fix: "Declare the port in the container with a name, and use that name as targetPort.",
    covers: &["Q23"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          selector: {app: s3}
          ports:
            - {port: 80, targetPort: 9000}  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          containers:
            - {name: s3, ports: [{containerPort: 8333}]}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          selector: {app: s3}
          ports:
            - {port: 80, targetPort: 8333}
            - {port: 8333}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          containers:
            - {name: s3, ports: [{containerPort: 8333}]}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, service) in stack.of_kind("Service") {
        let pods = pods_behind(stack, service);
        let known: Vec<u64> = pods.iter().flat_map(ports).map(|(_, number)| number).collect();
        // Containers need not declare anything, and then nothing can be said. Nor of a headless Service's numbers.
        let unjudged = known.is_empty() || pods.iter().any(|pod| pod.is_template());
        if unjudged || service.at("spec.clusterIP") == "None" {
            continue;
        }
        for (at, port) in items(service.at("spec.ports")).enumerate() {
            let path = Path::of("spec.ports").index(at);
            let (target, path) = match port["targetPort"].is_null() {
                true => (&port["port"], path.key("port")),
                false => (&port["targetPort"], path.key("targetPort")),
            };
            if let Some(number) = target.as_u64().filter(|number| !known.contains(number)) {
                let known: Vec<String> = known.iter().map(u64::to_string).collect();
                let message = format!("no container of its pods declares port {number}, only {}", known.join(", "));
                report.object(index, path, message);
            }
        }
    }
}
