//! Connections that NetworkPolicies cut.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Pod, items};
use crate::path::Path;
use crate::policies::{Port, Way, pass, policies_of};
use crate::related::pods_behind;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::wires::{Network, Wire, same, target_ports};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "wire-blocked",
    group: Group::Network,
    severity: Severity::Error,
    title: "NetworkPolicies let every pod reach the Services that it names",
    why: "A dropped packet gives no error, only a timeout. It works in the test cluster, whose network ignores policies, and \
          fails in the one that enforces them.",
    fix: "Let the client's labels in at the pods of the Service (ingress), and let the client out to them (egress). Policies \
          see the port of the pod, not that of the Service.",
    covers: &["Q51", "L72"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata: {name: s3}
        spec:
          selector: {app: s3}
          ports: [{port: 80, targetPort: 8333}]
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          containers: [{name: s3}]
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: client
          labels: {app: client}
        spec:
          containers:
            - {name: c, env: [{name: S3, value: "http://s3:80"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: in}
        spec:
          podSelector: {matchLabels: {app: s3}}
          ingress:  # wrong
            - from: [{podSelector: {matchLabels: {app: other}}}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {matchLabels: {app: client}}
          policyTypes: [Egress]
          egress:  # wrong
            - ports: [{port: 80}]
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata: {name: s3}
        spec:
          selector: {app: s3}
          ports: [{port: 80, targetPort: 8333}]
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: s3
          labels: {app: s3}
        spec:
          containers: [{name: s3}]
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: client
          labels: {app: client}
        spec:
          containers:
            - {name: c, env: [{name: S3, value: "http://s3:80"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: in}
        spec:
          podSelector: {matchLabels: {app: s3}}
          ingress:
            - from: [{podSelector: {matchLabels: {app: client}}}]
              ports: [{port: 8333}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {matchLabels: {app: client}}
          policyTypes: [Egress]
          egress:
            - ports: [{port: 8000, endPort: 9000}]
    "#}),
    check: Check::Network(check),
};

fn check(network: &Network<'_>, stack: &Stack, report: &mut Report) {
    if stack.of_kind("NetworkPolicy").next().is_none() {
        return;
    }
    for wire in &network.wires {
        let Some(service) = stack.objects.get(wire.service) else { continue };
        let targets = pods_behind(stack, service);
        // A pod reaches itself whatever policies say.
        if targets.iter().any(|target| same(target, &wire.pod)) {
            continue;
        }
        for target in targets {
            for way in [Way::Out, Way::In] {
                judge(stack, wire, &target, way, report);
            }
        }
    }
}

fn judge(stack: &Stack, wire: &Wire<'_>, target: &Pod<'_>, way: Way, report: &mut Report) {
    let (subject, peer) = if way == Way::In { (target, &wire.pod) } else { (&wire.pod, target) };
    let policies = policies_of(stack, subject, way);
    let ports = ports_of(stack, wire, target);
    let Some((policy, _)) = policies.first() else { return };
    let passes = |(number, protocol): &(u64, String)| {
        pass(stack, &policies, way, peer, target, Port { number: *number, protocol })
    };
    // Without a port in the text any port of the Service may be meant.
    if ports.is_empty() || ports.iter().any(passes) {
        return;
    }
    let numbers: Vec<String> = ports.iter().map(|(number, _)| number.to_string()).collect();
    let (client, server, numbers) = (wire.pod.id(), target.id(), numbers.join(", "));
    let message = match way {
        Way::In => {
            format!("{client} cannot reach {server} at port {numbers}: no ingress rule of the target lets it in")
        }
        Way::Out => {
            format!("{client} cannot reach {server} at port {numbers}: no egress rule of the client lets it out")
        }
    };
    report.object(*policy, Path::of("spec").key(way.key()), message);
}

/// The ports of the target that a wire may mean.
fn ports_of(stack: &Stack, wire: &Wire<'_>, target: &Pod<'_>) -> Vec<(u64, String)> {
    let Some(service) = stack.objects.get(wire.service) else { return Vec::new() };
    let meant = |port: &&serde_json::Value| wire.port.is_none_or(|wanted| port["port"] == wanted);
    let mut found = Vec::new();
    for port in items(service.at("spec.ports")).filter(meant) {
        let protocol = port["protocol"].as_str().unwrap_or("TCP");
        found.extend(target_ports(port, target).into_iter().map(|number| (number, protocol.to_owned())));
    }
    // The name of a headless Service stands for its pods, at whatever port.
    if let Some(port) = wire.port.filter(|_| found.is_empty() && service.at("spec.clusterIP") == "None") {
        found.push((u64::from(port), "TCP".to_owned()));
    }
    found
}
