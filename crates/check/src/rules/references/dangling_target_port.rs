//! Services that send to a named port that no pod has.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::related::{pods_behind, ports, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-target-port",
    group: Group::References,
    severity: Severity::Error,
    title: "Every port name that a Service sends to is a port of its pods",
    why: "A Service leaves out the pods that do not have the named port: it has no endpoint for that port, and connections \
          are refused.",
    fix: "Give the container's port that name, or use the name that it has.",
    covers: &["Q23", "Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          selector: {app: s3}
          ports:
            - {port: 80, targetPort: http}  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          containers:
            - {name: s3, ports: [{name: s3, containerPort: 8333}]}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-s3}
        spec:
          selector: {app: s3}
          ports:
            - {port: 80, targetPort: s3}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          containers:
            - {name: s3, ports: [{name: s3, containerPort: 8333}]}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, service) in stack.of_kind("Service") {
        let pods = pods_behind(stack, service);
        // Spark and operators add ports to the pods that they make.
        if pods.is_empty() || pods.iter().any(|pod| pod.is_template()) {
            continue;
        }
        let known: Vec<&str> =
            pods.iter().flat_map(ports).map(|(name, _)| name).filter(|name| !name.is_empty()).collect();
        for (at, port) in items(service.at("spec.ports")).enumerate() {
            let Some(name) = port["targetPort"].as_str().filter(|name| name.parse::<u16>().is_err()) else { continue };
            if !known.contains(&name) {
                let path = Path::of("spec.ports").index(at).key("targetPort");
                let last = report.object(index, path, format!("no container of its pods has a port `{name}`"));
                if let Some(help) = there_is(&known) {
                    last.help(help);
                }
            }
        }
    }
}
