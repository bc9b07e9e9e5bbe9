//! Bindings of a Role or to a ServiceAccount that does not exist.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::related::{find, namespace, operator_makes, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-role",
    group: Group::References,
    severity: Severity::Error,
    title: "Every RoleBinding gives a Role that exists to a ServiceAccount that exists",
    why: "Kubernetes accepts a binding of nothing to nobody. The pod then gets `403 Forbidden` from the API, and a Spark driver \
          dies when it asks for its first executor.",
    fix: "Name the Role and the ServiceAccount of the chart, and the ServiceAccount's namespace: the one of the release.",
    covers: &["Q10", "Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: driver}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: a}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: spark}  # wrong
        subjects:
          - {kind: ServiceAccount, name: driver, namespace: default}  # wrong
          - {kind: ServiceAccount, name: executor, namespace: spark}  # wrong
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: b}
        subjects:
          - {kind: ServiceAccount, name: driver}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: driver}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: spark}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: a}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: spark}
        subjects:
          - {kind: ServiceAccount, name: driver, namespace: spark}
          - {kind: ServiceAccount, name: driver}
          - {kind: Group, name: data-engineers}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, binding) in stack.objects.iter().enumerate() {
        if !matches!(binding.kind(), "RoleBinding" | "ClusterRoleBinding") {
            continue;
        }
        let here = namespace(stack, binding);
        // ClusterRoles come with the cluster too, so a missing one proves nothing.
        if let Some(name) = binding.at("roleRef.name").as_str().filter(|_| binding.at("roleRef.kind") == "Role")
            && stack.target.complete
            && find(stack, "Role", name, here).is_none()
        {
            let last = report.object(index, Path::of("roleRef.name"), format!("no Role `{name}` is made"));
            if let Some(help) = there_is(&stack.names("Role")) {
                last.help(help);
            }
        }
        for (at, subject) in items(&binding.value["subjects"]).enumerate() {
            let path = Path::of("subjects").index(at);
            let Some(name) = subject["name"].as_str().filter(|_| subject["kind"] == "ServiceAccount") else { continue };
            let space = match subject["namespace"].as_str().filter(|space| !space.is_empty()) {
                Some(space) => space,
                // A RoleBinding means its own namespace; the API refuses this of a ClusterRoleBinding.
                None if binding.kind() == "RoleBinding" => here,
                None => {
                    report.object(index, path, format!("the ServiceAccount `{name}` needs its namespace here"));
                    continue;
                }
            };
            if find(stack, "ServiceAccount", name, space).is_some() || name == "default" {
                continue;
            }
            let elsewhere = stack.of_kind("ServiceAccount").find(|(_, account)| account.name() == name);
            if let Some((_, account)) = elsewhere {
                let real = namespace(stack, account);
                let message = format!("the ServiceAccount `{name}` is made in namespace `{real}`, not in `{space}`");
                report.object(index, path.key("namespace"), message);
            } else if stack.target.complete && space == stack.target.namespace && !operator_makes(stack, name) {
                let last = report.object(index, path.key("name"), format!("no ServiceAccount `{name}` is made"));
                if let Some(help) = there_is(&stack.names("ServiceAccount")) {
                    last.help(help);
                }
            }
        }
    }
}
