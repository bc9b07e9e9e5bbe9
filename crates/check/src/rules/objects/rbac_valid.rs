//! Roles and who has them.

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
    why: "The API server refuses a binding whose ServiceAccount has no namespace, or a rule without resources or API groups. \
          Only a ClusterRole can allow URLs.",
    fix: "Write `namespace: {{ .Release.Namespace }}` at every ServiceAccount of a binding, and apiGroups, resources and verbs \
          in every rule.",
    covers: &["Q54"],
    bad: Example::Manifests(
        "apiVersion: rbac.authorization.k8s.io/v1\n\
         kind: RoleBinding\n\
         metadata:\n  \
           name: a\n\
         roleRef:\n  \
           apiGroup: rbac.authorization.k8s.io\n  \
           kind: Role\n  \
           name: a\n\
         subjects:\n  \
           - kind: ServiceAccount\n    \
             name: spark\n    \
             apiGroup: v1  # wrong\n    \
             namespace: spark\n  \
           - kind: ServiceAccount  # wrong\n    \
             name: spark\n\
         ---\n\
         apiVersion: rbac.authorization.k8s.io/v1\n\
         kind: Role\n\
         metadata:\n  \
           name: a\n\
         rules:\n  \
           - resources: [pods]  # wrong\n    \
             verbs: [get]\n",
    ),
    good: Example::Manifests(
        "apiVersion: rbac.authorization.k8s.io/v1\n\
         kind: RoleBinding\n\
         metadata:\n  \
           name: a\n\
         roleRef:\n  \
           apiGroup: rbac.authorization.k8s.io\n  \
           kind: Role\n  \
           name: a\n\
         subjects:\n  \
           - kind: ServiceAccount\n    \
             name: spark\n    \
             namespace: spark\n\
         ---\n\
         apiVersion: rbac.authorization.k8s.io/v1\n\
         kind: Role\n\
         metadata:\n  \
           name: a\n\
         rules:\n  \
           - apiGroups: [\"\"]\n    \
             resources: [pods]\n    \
             verbs: [get]\n",
    ),
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
                        if subject["namespace"].as_str().is_none_or(str::is_empty) {
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
