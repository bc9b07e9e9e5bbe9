//! Bindings of roles.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::change;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "immutable-role-ref",
    group: Group::Upgrade,
    severity: Severity::Error,
    title: "A binding never refers to another role",
    why: "`helm upgrade` fails with `cannot change roleRef`. To rename a Role, or to make a ClusterRole of it, is enough.",
    fix: "Give the binding another name too: helm then makes the new one and takes the old one away.",
    covers: &["Q32"],
    bad: Example::Upgrade(
        indoc! {"
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: a
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: a
        "},
        indoc! {"
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: a
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: a-driver  # wrong
        "},
    ),
    good: Example::Upgrade(
        indoc! {"
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: a
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: a
        "},
        indoc! {"
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: a-driver
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: a-driver
        "},
    ),
    check: Check::Upgrade(check),
};

const RBAC: &str = "rbac.authorization.k8s.io";

fn check(before: &Stack, after: &Stack, report: &mut Report) {
    for kind in ["RoleBinding", "ClusterRoleBinding"] {
        for (index, old, new) in change::pairs(before, after, RBAC, kind) {
            for key in ["kind", "name"] {
                let path = Path::of("roleRef").key(key);
                if let Some(path) = change::difference(&old.value["roleRef"][key], &new.value["roleRef"][key], &path) {
                    let was = change::shown(&old.value["roleRef"][key]);
                    report.object(index, path, format!("{key} of the role was {was} and cannot change"));
                }
            }
        }
    }
}
