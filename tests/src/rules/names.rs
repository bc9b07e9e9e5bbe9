//! Names of objects.

use std::collections::BTreeSet;

use crate::object::Object;
use crate::render::Render;

/// Q35.
pub(super) fn are_valid(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for object in &render.objects {
        let name = object.name();
        if !is_dns_label(name) {
            found.push(format!("{}: the name is no DNS label", object.id()));
        }
        if name.len() > longest(object) {
            found.push(format!("{}: the name has {} characters, {} fit", object.id(), name.len(), longest(object)));
        }
        if !seen.insert(object.id()) {
            found.push(format!("{}: two objects have this name", object.id()));
        }
    }
    found
}

/// Objects that two renders both make; for Q36 they must have none in common.
pub fn colliding(one: &Render, other: &Render) -> Vec<String> {
    let ids = |render: &Render| render.objects.iter().map(Object::id).collect::<BTreeSet<_>>();
    ids(one).intersection(&ids(other)).map(|id| format!("{id}: two releases both make it")).collect()
}

fn longest(object: &Object) -> usize {
    match object.kind() {
        // Pods get a hash and a number behind the name, and the whole must be a label.
        "StatefulSet" | "CronJob" => 52,
        // The first part of a host is `<name>-<namespace>` where the Route names no host.
        "Route" if object.value["spec"]["host"].is_null() => 63 - 1 - crate::helm::NAMESPACE.len(),
        _ => 63,
    }
}

fn is_dns_label(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-') && name.chars().all(inner)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::sample;

    fn object(kind: &str, name: &str) -> Value {
        json!({"kind": kind, "metadata": {"name": name}, "spec": {}})
    }

    #[test]
    fn bad_names_are_found() {
        for bad in [
            object("Service", "Upper"),
            object("Service", "1st"),
            object("Service", "end-"),
            object("Service", &"a".repeat(64)),
            object("StatefulSet", &"a".repeat(53)),
            object("Route", &"a".repeat(60)),
        ] {
            assert_eq!(are_valid(&sample::render(false, [bad.clone()])).len(), 1, "{bad}");
        }
        let twice = [object("Service", "a"), object("Service", "a"), object("Role", "a")];
        assert_eq!(are_valid(&sample::render(false, twice)).len(), 1);
    }

    #[test]
    fn releases_that_collide_are_found() {
        let one = sample::render(false, [object("Service", "a-s3"), object("Role", "a")]);
        let other = sample::render(false, [object("Service", "b-s3"), object("Role", "a")]);
        assert_eq!(colliding(&one, &other), ["Role/a: two releases both make it"]);
    }
}
