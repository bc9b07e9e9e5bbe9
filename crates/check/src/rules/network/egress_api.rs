//! Pods that call the Kubernetes API and may not reach it.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::policies::{Port, Way, pass_outside, policies_of};
use crate::related::namespace;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "egress-api",
    group: Group::Network,
    severity: Severity::Error,
    title: "Pods with rights in the Kubernetes API may reach it",
    why: "A Spark driver that cannot reach the API server gets no executor: it waits for the connection until it times out, and \
          the application stays without work done.",
    fix: "Let it out to port 443 and to 6443: policies see the port of the API server, not that of its Service.",
    covers: &["Q51", "L72"],
    bad: Example::Manifests(indoc! {"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: a}
        subjects:
          - {kind: ServiceAccount, name: driver, namespace: spark}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: driver
          labels: {app: driver}
        spec:
          serviceAccountName: driver
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {matchLabels: {app: driver}}
          policyTypes: [Egress]
          egress:  # wrong
            - ports: [{port: 8333}]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: a}
        subjects:
          - {kind: ServiceAccount, name: driver, namespace: spark}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: driver
          labels: {app: driver}
        spec:
          serviceAccountName: driver
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {matchLabels: {app: driver}}
          policyTypes: [Egress]
          egress:
            - ports: [{port: 443}, {port: 6443}]
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        let policies = policies_of(stack, &pod, Way::Out);
        let Some((policy, _)) = policies.first() else { continue };
        let Some(account) = pod.spec["serviceAccountName"].as_str() else { continue };
        let space = namespace(stack, pod.object);
        let is_bound = stack.objects.iter().filter(|object| object.kind().ends_with("RoleBinding")).any(|binding| {
            let is_here = |subject: &Value| subject["namespace"].as_str().unwrap_or(namespace(stack, binding)) == space;
            items(&binding.value["subjects"]).any(|subject| subject["name"] == account && is_here(subject))
        });
        let calls = is_bound && pod.spec["automountServiceAccountToken"] != false;
        // Which of the two ports the server listens on is known to whoever runs the cluster.
        let open = [443, 6443].into_iter().any(|number| pass_outside(&policies, Port { number, protocol: "TCP" }));
        if calls && !open {
            let message = format!("{} has rights in the Kubernetes API and may not reach it", pod.id());
            report.object(*policy, Path::of("spec.egress"), message);
        }
    }
}
