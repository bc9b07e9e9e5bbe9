//! Roles and who has them.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "rbac-valid",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Roles and their bindings are complete",
    why: "The API server refuses a ClusterRoleBinding whose ServiceAccount has no namespace, or a rule without resources or API groups. \
          Only a ClusterRole can allow URLs.",
    fix: "Write `namespace: {{ .Release.Namespace }}` at every ServiceAccount of a binding, and apiGroups, resources and verbs \
          in every rule.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: a
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: a
        subjects:
          - kind: ServiceAccount
            name: spark
            apiGroup: v1  # wrong
            namespace: spark
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: a
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: a
        subjects:
          - kind: ServiceAccount  # wrong
            name: spark
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: a
        rules:
          - resources: [pods]  # wrong
            verbs: [get]
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: a
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: a
        subjects:
          - kind: ServiceAccount
            name: spark
            namespace: spark
          - kind: ServiceAccount
            name: of-the-same-namespace
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: a
        rules:
          - apiGroups: [""]
            resources: [pods]
            verbs: [get]
    "#}),
    check: Check::Stack(check),
};

const RBAC: &str = "rbac.authorization.k8s.io";

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate().filter(|(_, object)| object.group() == RBAC) {
        let (kind, value) = (object.kind(), &object.value);
        if matches!(kind, "RoleBinding" | "ClusterRoleBinding") {
            let role = &value["roleRef"];
            let path = Path::of("roleRef");
            let allowed: &[&str] = if kind == "RoleBinding" { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
            if let Some(wrong) = role["kind"].as_str().filter(|kind| !kind.is_empty() && !allowed.contains(kind)) {
                report.object(index, path.key("kind"), format!("a {kind} cannot refer to a {wrong}"));
            }
            if let Some(group) = role["apiGroup"].as_str().filter(|group| !group.is_empty() && *group != RBAC) {
                report.object(index, path.key("apiGroup"), format!("apiGroup is {group}; {RBAC} is wanted"));
            }
            for (at, subject) in items(&value["subjects"]).enumerate() {
                let path = Path::of("subjects").index(at);
                let group = subject["apiGroup"].as_str().unwrap_or_default();
                match subject["kind"].as_str() {
                    Some("ServiceAccount") => {
                        // In a RoleBinding it is looked for in the namespace of the binding.
                        if kind == "ClusterRoleBinding" && subject["namespace"].as_str().is_none_or(str::is_empty) {
                            report.object(index, path.key("namespace"), "a ServiceAccount needs its namespace here");
                        }
                        if !group.is_empty() {
                            report.object(index, path.key("apiGroup"), "a ServiceAccount has no apiGroup");
                        }
                    }
                    Some("User" | "Group") if !matches!(group, "" | RBAC) => {
                        report.object(index, path.key("apiGroup"), format!("apiGroup is {group}; {RBAC} is wanted"));
                    }
                    Some("User" | "Group" | "") | None => {}
                    Some(other) => {
                        report.object(
                            index,
                            path.key("kind"),
                            format!("`{other}` is no ServiceAccount, User or Group"),
                        );
                    }
                }
            }
        }
        for (at, rule) in items(&value["rules"]).enumerate().filter(|_| matches!(kind, "Role" | "ClusterRole")) {
            let path = Path::of("rules").index(at);
            let some = |key: &str| items(&rule[key]).next().is_some();
            if some("nonResourceURLs") {
                if kind == "Role" {
                    report.object(index, path.key("nonResourceURLs"), "only a ClusterRole can allow URLs");
                } else if some("resources") || some("apiGroups") {
                    report.object(index, path.key("nonResourceURLs"), "one rule is about resources or about URLs");
                }
                continue;
            }
            for key in ["apiGroups", "resources"].into_iter().filter(|key| !some(key)) {
                report.object(index, path.key(key), format!("the rule has no {key}"));
            }
        }
    }
}
