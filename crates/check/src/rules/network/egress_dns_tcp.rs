//! Pods that may not ask DNS by TCP.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::rules::network::egress_dns::cut_off;
use crate::wires::Network;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "egress-dns-tcp",
    group: Group::Network,
    severity: Severity::Warning,
    title: "Pods that may ask DNS by UDP may do so by TCP",
    why: "A long answer does not fit into a UDP packet and is asked for again by TCP. Most names resolve, and one with many \
          addresses does not: hard to find.",
    fix: "Open the port of DNS for UDP and TCP.",
    covers: &["Q51", "L72"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: client
          labels: {app: client}
        spec:
          containers:
            - {name: c, env: [{name: URL, value: "https://example.com"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {matchLabels: {app: client}}
          policyTypes: [Egress]
          egress:  # wrong
            - ports: [{port: 443}, {port: 53, protocol: UDP}]
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: client
          labels: {app: client}
        spec:
          containers:
            - {name: c, env: [{name: URL, value: "https://example.com"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {matchLabels: {app: client}}
          policyTypes: [Egress]
          egress:
            - ports: [{port: 443}, {port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
    "#}),
    check: Check::Network(check),
};

fn check(network: &Network<'_>, stack: &Stack, report: &mut Report) {
    let by_none = cut_off(network, stack, "UDP");
    for (policy, pod, port) in cut_off(network, stack, "TCP") {
        if !by_none.iter().any(|(_, other, _)| *other == pod) {
            let message = format!("{pod} may ask DNS at port {port} by UDP only");
            report.object(policy, Path::of("spec.egress"), message);
        }
    }
}
