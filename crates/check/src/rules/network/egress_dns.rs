//! Pods that may not ask DNS.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::policies::{Port, Way, pass_outside, policies_of};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::wires::{Caller, Network, same};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "egress-dns",
    group: Group::Network,
    severity: Severity::Error,
    title: "Pods that may not reach everything may reach DNS",
    why: "Every name fails to resolve: `UnknownHostException` for a Service that is there. It is the first thing that an egress \
          policy breaks.",
    fix: "Let it out to port 53, UDP and TCP. OpenShift's DNS pods listen on 5353, and policies see that port.",
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
            - ports: [{port: 443}]
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
    for (policy, pod, port) in cut_off(network, stack, "UDP") {
        let message = format!("{pod} names hosts and may not ask DNS at port {port} by UDP");
        report.object(policy, Path::of("spec.egress"), message);
    }
}

/// The pods that name a host and may not ask DNS by a protocol: index of a policy that says so, the pod, the port.
pub(in crate::rules) fn cut_off(network: &Network<'_>, stack: &Stack, protocol: &str) -> Vec<(usize, String, u64)> {
    let number = if stack.target.openshift { 5353 } else { 53 };
    let mut found = Vec::new();
    for Caller { pod, own } in &network.pods {
        let policies = policies_of(stack, pod, Way::Out);
        let Some((policy, _)) = policies.first() else { continue };
        let mut hosts = own.iter().flat_map(|(_, hosts)| hosts.iter());
        let names = hosts.any(|address| address.host != "localhost" && address.is_machine());
        let asks = names || network.wires.iter().any(|wire| same(&wire.pod, pod));
        if asks && !pass_outside(&policies, Port { number, protocol }) {
            found.push((*policy, pod.id(), number));
        }
    }
    found
}
