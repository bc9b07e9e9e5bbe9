//! Objects that belong to the whole cluster.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "cluster-scoped",
    group: Group::Security,
    severity: Severity::Warning,
    title: "A chart makes nothing outside of its namespace",
    why: "Whoever owns a project and not the cluster cannot install the chart: `forbidden`. And a second release of the chart \
          fails, or takes the object away from the first: CRDs of an operator, a Namespace, a ClusterRole.",
    fix: "Use Role instead of ClusterRole, `--create-namespace` instead of Namespace, and a chart of their own for CRDs, with \
          a note in the README for whoever administers the cluster.",
    covers: &["Q08", "Q58", "L43", "L69"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Namespace  # wrong
        metadata: {name: spark}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole  # wrong
        metadata: {name: spark}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: spark}
    "}),
    check: Check::Stack(check),
};

const OF_CLUSTER: [(&str, &str); 20] = [
    ("Namespace", ""),
    ("PersistentVolume", ""),
    ("Node", ""),
    ("ClusterRole", "rbac.authorization.k8s.io"),
    ("ClusterRoleBinding", "rbac.authorization.k8s.io"),
    ("CustomResourceDefinition", "apiextensions.k8s.io"),
    ("APIService", "apiregistration.k8s.io"),
    ("MutatingWebhookConfiguration", "admissionregistration.k8s.io"),
    ("ValidatingWebhookConfiguration", "admissionregistration.k8s.io"),
    ("ValidatingAdmissionPolicy", "admissionregistration.k8s.io"),
    ("ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io"),
    ("StorageClass", "storage.k8s.io"),
    ("CSIDriver", "storage.k8s.io"),
    ("PriorityClass", "scheduling.k8s.io"),
    ("RuntimeClass", "node.k8s.io"),
    ("IngressClass", "networking.k8s.io"),
    ("GatewayClass", "gateway.networking.k8s.io"),
    ("SecurityContextConstraints", "security.openshift.io"),
    ("MachineConfig", "machineconfiguration.openshift.io"),
    ("ClusterIssuer", "cert-manager.io"),
];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        if OF_CLUSTER.contains(&(object.kind(), object.group())) {
            report.object(index, Path::of("kind"), format!("the {} belongs to the whole cluster", object.kind()));
        }
    }
}
