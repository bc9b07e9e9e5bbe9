//! Lists that Kubernetes treats as maps: server-side apply refuses a key that comes twice.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::object::{items, name};
use crate::render::Render;

/// Q55. Keys of YAML maps that come twice do not even parse.
pub(super) fn none(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for pod in render.pods() {
        let all: Vec<Value> = pod.containers().cloned().collect();
        repeated(&all, |c| text(&c["name"]), &mut |key| found.push(format!("{}: container {key} twice", pod.owner)));
        let volumes: Vec<Value> = items(&pod.spec["volumes"]).cloned().collect();
        repeated(&volumes, |v| text(&v["name"]), &mut |key| found.push(format!("{}: volume {key} twice", pod.owner)));
        for container in pod.containers() {
            type Key = fn(&Value) -> String;
            let keys: [(&str, Key); 3] = [
                ("env", |env| text(&env["name"])),
                ("volumeMounts", |mount| text(&mount["mountPath"])),
                ("ports", |port| format!("{}/{}", port["containerPort"], protocol(port))),
            ];
            for (list, key) in keys {
                let entries: Vec<Value> = items(&container[list]).cloned().collect();
                repeated(&entries, key, &mut |key| {
                    found.push(format!("{}: container {} has {list} {key} twice", pod.owner, name(container)));
                });
            }
        }
    }
    for service in render.objects.iter().filter(|object| object.kind() == "Service") {
        let ports: Vec<Value> = items(&service.value["spec"]["ports"]).cloned().collect();
        let key = |port: &Value| format!("{}/{}", port["port"], protocol(port));
        repeated(&ports, key, &mut |key| found.push(format!("{}: port {key} twice", service.id())));
    }
    found
}

fn repeated(entries: &[Value], key: impl Fn(&Value) -> String, say: &mut dyn FnMut(&str)) {
    let mut seen = BTreeSet::new();
    for key in entries.iter().map(key) {
        if !seen.insert(key.clone()) {
            say(&key);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn protocol(port: &Value) -> &str {
    port["protocol"].as_str().unwrap_or("TCP")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn each_duplicate_is_found() {
        let changes: [fn(&mut Value); 5] = [
            |p| p["spec"]["containers"][0]["name"] = p["spec"]["initContainers"][0]["name"].clone(),
            |p| p["spec"]["volumes"] = json!([{"name": "a"}, {"name": "a"}]),
            |p| p["spec"]["containers"][0]["env"] = json!([{"name": "A"}, {"name": "A"}]),
            |p| p["spec"]["containers"][0]["volumeMounts"] = json!([{"mountPath": "/a"}, {"mountPath": "/a"}]),
            |p| {
                p["spec"]["containers"][0]["ports"] =
                    json!([{"containerPort": 1}, {"containerPort": 1, "protocol": "TCP"}])
            },
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut pod = sample::good_pod();
            change(&mut pod);
            assert_eq!(none(&sample::render(false, [pod])).len(), 1, "change {index}");
        }
        let mut service = sample::good_service();
        service["spec"]["ports"] = json!([{"port": 1}, {"port": 1}]);
        assert_eq!(none(&sample::render(false, [service])).len(), 1);
    }
}
