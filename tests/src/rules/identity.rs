//! Who a container runs as: the cluster decides on OpenShift, the chart elsewhere.

use serde_json::Value;

use crate::object::{Object, name, walk};
use crate::render::Render;

const IDS: [&str; 4] = ["runAsUser", "runAsGroup", "fsGroup", "seLinuxOptions"];

/// Q03.
pub(super) fn none_on_openshift(render: &Render) -> Vec<String> {
    if !render.case.openshift {
        return Vec::new();
    }
    let mut found = Vec::new();
    each_value(render, &mut |owner, path, _| {
        let key = path.rsplit('.').next().unwrap_or(path);
        if IDS.contains(&key) {
            found.push(format!("{owner}: {path} is set"));
        }
    });
    found
}

/// Q04.
pub(super) fn numeric_on_kubernetes(render: &Render) -> Vec<String> {
    if render.case.openshift {
        return Vec::new();
    }
    let mut found = Vec::new();
    for pod in render.pods() {
        let whole = is_user(&pod.spec["securityContext"]["runAsUser"]);
        for container in pod.containers().filter(|c| !whole && !is_user(&c["securityContext"]["runAsUser"])) {
            found.push(format!("{}: container {} has no runAsUser above 0", pod.owner, name(container)));
        }
    }
    found
}

/// Q05.
pub(super) fn nothing_empty(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    each_value(render, &mut |owner, path, value| {
        let inside = path.contains("ecurityContext");
        let empty = value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
        if inside && empty {
            found.push(format!("{owner}: {path} is empty"));
        }
    });
    found
}

/// Visits every value of every object, and of every pod template inside a ConfigMap.
fn each_value(render: &Render, visit: &mut dyn FnMut(&str, &str, &Value)) {
    for object in &render.objects {
        walk(&object.value, "", &mut |path, value| visit(&object.id(), path.trim_start_matches('.'), value));
        for pod in object.pods().iter().filter(|_| is_config_map(object)) {
            walk(&pod.spec, "spec", &mut |path, value| visit(&pod.owner, path, value));
        }
    }
}

fn is_config_map(object: &Object) -> bool {
    object.kind() == "ConfigMap"
}

fn is_user(value: &Value) -> bool {
    value.as_i64().is_some_and(|id| id > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn openshift_assigns_ids() {
        assert_eq!(none_on_openshift(&sample::render(true, [sample::good_pod()])).len(), 2);
        assert!(none_on_openshift(&sample::render(false, [sample::good_pod()])).is_empty());
    }

    #[test]
    fn openshift_sees_embedded_templates() {
        let data = json!({"executor.yaml": "kind: Pod\nspec:\n  securityContext:\n    fsGroup: 185\n"});
        let map = json!({"kind": "ConfigMap", "metadata": {"name": "a"}, "data": data});
        let found = none_on_openshift(&sample::render(true, [map]));
        assert_eq!(found, ["ConfigMap/a[executor.yaml]: spec.securityContext.fsGroup is set"]);
    }

    #[test]
    fn kubernetes_needs_numbers() {
        let mut pod = sample::good_pod();
        pod["spec"]["securityContext"]["runAsUser"] = json!(0);
        assert_eq!(numeric_on_kubernetes(&sample::render(false, [pod.clone()])).len(), 2);
        assert!(numeric_on_kubernetes(&sample::render(true, [pod])).is_empty());
    }

    #[test]
    fn empty_maps_and_nulls_are_found() {
        let mut pod = sample::good_pod();
        pod["spec"]["securityContext"]["seLinuxOptions"] = json!({});
        pod["spec"]["containers"][0]["securityContext"]["runAsUser"] = Value::Null;
        assert_eq!(nothing_empty(&sample::render(false, [pod])).len(), 2);
    }
}
