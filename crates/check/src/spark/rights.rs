//! What a ServiceAccount may do.

use crate::context::Stack;
use crate::object::{Object, items};

/// Whether a binding names an account, with whatever role.
pub(crate) fn is_bound(stack: &Stack, account: &str) -> bool {
    bindings(stack, account).next().is_some()
}

fn bindings<'s>(stack: &'s Stack, account: &'s str) -> impl Iterator<Item = &'s Object> {
    stack.objects.iter().filter(|object| matches!(object.kind(), "RoleBinding" | "ClusterRoleBinding")).filter(
        move |binding| {
            items(binding.at("subjects")).any(|subject| match subject["kind"].as_str() {
                Some("ServiceAccount") => subject["name"] == account,
                // All accounts of a namespace, or of the cluster.
                _ => subject["name"].as_str().is_some_and(|name| name.starts_with("system:serviceaccounts")),
            })
        },
    )
}

/// The roles of an account; none, if some role is not among the objects and its rights are not known.
pub(crate) fn roles_of<'s>(stack: &'s Stack, account: &'s str) -> Vec<(usize, &'s Object)> {
    let named = bindings(stack, account).map(|binding| {
        let (kind, name) = (binding.at("roleRef.kind"), binding.at("roleRef.name"));
        stack.objects.iter().enumerate().find(|(_, object)| kind == object.kind() && name == object.name())
    });
    named.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Whether a role allows a verb on a resource, given with its group.
pub(crate) fn allows(role: &Object, (group, resource): (&str, &str), verb: &str) -> bool {
    let holds = |list: &serde_json::Value, wanted: &str| items(list).any(|item| item == wanted || item == "*");
    items(role.at("rules")).any(|rule| {
        holds(&rule["apiGroups"], group) && holds(&rule["resources"], resource) && holds(&rule["verbs"], verb)
    })
}
