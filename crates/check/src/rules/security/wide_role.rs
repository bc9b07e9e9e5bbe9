//! Roles that allow more than anybody can say.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "wide-role",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Roles name what they allow: no wildcard, no reading of all Secrets, no cluster-admin",
    why: "Code that a user runs in a Spark driver has the driver's rights. With these it reads every password of the namespace, \
          and a cluster whose rules forbid such roles refuses the install.",
    fix: "List the resources and verbs that the program calls; for a Secret add `resourceNames`. A Spark driver needs pods, \
          services, configmaps and persistentvolumeclaims.",
    covers: &["Q11", "L9"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: a}
        rules:
          - {apiGroups: [""], resources: [pods], verbs: ["*"]}  # wrong
          - {apiGroups: [""], resources: [pods, secrets], verbs: [get, list]}  # wrong
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: a}
        roleRef: {kind: ClusterRole, name: cluster-admin}  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: a}
        rules:
          - {apiGroups: [""], resources: [pods], verbs: [get, list]}
          - {apiGroups: [""], resources: [secrets], resourceNames: [mine], verbs: [get]}
          - {apiGroups: [""], resources: [secrets], verbs: [create]}
    "#}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        match object.kind() {
            "Role" | "ClusterRole" => {
                for (at, rule) in items(&object.value["rules"]).enumerate() {
                    for (key, message) in wide(rule, object.kind()) {
                        report.object(index, Path::of("rules").index(at).key(key), message);
                    }
                }
            }
            "RoleBinding" | "ClusterRoleBinding" if object.at("roleRef.name") == "cluster-admin" => {
                report.object(index, Path::of("roleRef.name"), "it gives all rights that there are");
            }
            _ => {}
        }
    }
}

fn wide(rule: &Value, kind: &str) -> Vec<(&'static str, String)> {
    let has = |key: &str, word: &str| items(&rule[key]).any(|item| item == word);
    let mut found: Vec<(&'static str, String)> = ["apiGroups", "resources", "verbs"]
        .into_iter()
        .filter(|key| has(key, "*"))
        .map(|key| (key, format!("the rule allows all {key}")))
        .collect();
    let reads = ["get", "list", "watch"].iter().any(|verb| has("verbs", verb));
    if has("resources", "secrets") && reads && items(&rule["resourceNames"]).next().is_none() {
        let reach = if kind == "ClusterRole" { "the namespaces it is bound in" } else { "the namespace" };
        found.push(("resources", format!("the rule lets every Secret of {reach} be read")));
    }
    found
}
