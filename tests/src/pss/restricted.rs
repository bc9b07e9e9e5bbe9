//! Checks of the profile `restricted` itself.

use serde_json::Value;

use super::{contexts, has_user_namespace, is_windows};
use crate::object::{Pod, items, name};

const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

pub(super) fn allow_privilege_escalation(pod: &Pod) -> Vec<String> {
    if is_windows(pod) {
        return Vec::new();
    }
    let bad = pod.containers().filter(|container| container["securityContext"]["allowPrivilegeEscalation"] != false);
    bad.map(|container| format!("container {} must set it to false", name(container))).collect()
}

pub(super) fn capabilities(pod: &Pod) -> Vec<String> {
    if is_windows(pod) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for container in pod.containers() {
        let capabilities = &container["securityContext"]["capabilities"];
        if !items(&capabilities["drop"]).any(|dropped| dropped == "ALL") {
            found.push(format!("container {} must drop ALL", name(container)));
        }
        for added in items(&capabilities["add"]).filter(|added| **added != "NET_BIND_SERVICE") {
            found.push(format!("container {} must not add {added}", name(container)));
        }
    }
    found
}

pub(super) fn run_as_non_root(pod: &Pod) -> Vec<String> {
    if has_user_namespace(pod) {
        return Vec::new();
    }
    let whole = &pod.spec["securityContext"]["runAsNonRoot"];
    let mut found = Vec::new();
    for (owner, context) in contexts(pod) {
        match &context["runAsNonRoot"] {
            Value::Bool(false) => found.push(format!("{owner} must not set it to false")),
            Value::Null if *whole != true && owner != "the pod" => {
                found.push(format!("{owner} or the pod must set it to true"))
            }
            _ => {}
        }
    }
    found
}

pub(super) fn run_as_user(pod: &Pod) -> Vec<String> {
    if has_user_namespace(pod) {
        return Vec::new();
    }
    let bad = contexts(pod).into_iter().filter(|(_, context)| context["runAsUser"] == 0);
    bad.map(|(owner, _)| format!("{owner} must not run as user 0")).collect()
}

pub(super) fn seccomp_profile(pod: &Pod) -> Vec<String> {
    if is_windows(pod) {
        return Vec::new();
    }
    let allowed = |context: &Value| {
        let kind = &context["seccompProfile"]["type"];
        kind == "RuntimeDefault" || kind == "Localhost"
    };
    let whole = allowed(&pod.spec["securityContext"]);
    let mut found = Vec::new();
    for (owner, context) in contexts(pod) {
        let is_set = !context["seccompProfile"].is_null();
        if is_set && !allowed(context) {
            found.push(format!("{owner} must not set {}", context["seccompProfile"]["type"]));
        } else if !is_set && !whole && owner != "the pod" {
            found.push(format!("{owner} or the pod must set RuntimeDefault or Localhost"));
        }
    }
    found
}

pub(super) fn volumes(pod: &Pod) -> Vec<String> {
    let mut found = Vec::new();
    for volume in items(&pod.spec["volumes"]) {
        // Kubernetes makes an emptyDir of a volume that says nothing.
        let mut kinds =
            volume.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).filter(|key| *key != "name");
        if let Some(kind) = kinds.find(|kind| !VOLUMES.contains(kind)) {
            found.push(format!("volume {} uses the forbidden type {kind}", name(volume)));
        }
    }
    found
}

pub(super) fn proc_mount(pod: &Pod) -> Vec<String> {
    let mut found = Vec::new();
    for container in pod.containers() {
        let mount = &container["securityContext"]["procMount"];
        if !mount.is_null() && mount != "Default" {
            found.push(format!("container {} must not set {mount}", name(container)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    type Change = fn(&mut Value);

    fn assert_each(check: fn(&Pod) -> Vec<String>, fails: &[Change], passes: &[Change]) {
        assert!(check(&sample::pod(|_| {})).is_empty(), "the good pod passes");
        for (index, change) in fails.iter().enumerate() {
            assert!(!check(&sample::pod(change)).is_empty(), "change {index} must fail");
        }
        for (index, change) in passes.iter().enumerate() {
            assert_eq!(check(&sample::pod(change)), Vec::<String>::new(), "change {index} must pass");
        }
    }

    fn context<'a>(pod: &'a mut Value, list: &str) -> &'a mut Value {
        &mut pod["spec"][list][0]["securityContext"]
    }

    #[test]
    fn privilege_escalation() {
        assert_each(
            allow_privilege_escalation,
            &[
                |p| context(p, "containers")["allowPrivilegeEscalation"] = json!(true),
                |p| context(p, "initContainers")["allowPrivilegeEscalation"] = Value::Null,
                |p| *context(p, "containers") = json!({}),
            ],
            &[|p| {
                p["spec"]["os"] = json!({"name": "windows"});
                *context(p, "containers") = json!({});
            }],
        );
    }

    #[test]
    fn capabilities_are_dropped() {
        assert_each(
            capabilities,
            &[
                |p| context(p, "containers")["capabilities"] = json!({"drop": ["all"]}),
                |p| context(p, "containers")["capabilities"] = json!({"drop": ["NET_RAW"]}),
                |p| context(p, "initContainers")["capabilities"] = Value::Null,
                |p| context(p, "containers")["capabilities"] = json!({"drop": ["ALL"], "add": ["CHOWN"]}),
            ],
            &[|p| context(p, "containers")["capabilities"] = json!({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]})],
        );
    }

    #[test]
    fn nobody_is_root() {
        assert_each(
            run_as_non_root,
            &[
                |p| p["spec"]["securityContext"]["runAsNonRoot"] = json!(false),
                |p| p["spec"]["securityContext"]["runAsNonRoot"] = Value::Null,
                |p| context(p, "initContainers")["runAsNonRoot"] = json!(false),
            ],
            &[
                |p| {
                    p["spec"]["securityContext"]["runAsNonRoot"] = Value::Null;
                    context(p, "initContainers")["runAsNonRoot"] = json!(true);
                    context(p, "containers")["runAsNonRoot"] = json!(true);
                },
                |p| {
                    p["spec"]["hostUsers"] = json!(false);
                    p["spec"]["securityContext"]["runAsNonRoot"] = json!(false);
                },
            ],
        );
        assert_each(
            run_as_user,
            &[
                |p| p["spec"]["securityContext"]["runAsUser"] = json!(0),
                |p| context(p, "initContainers")["runAsUser"] = json!(0),
            ],
            &[|p| p["spec"]["securityContext"]["runAsUser"] = Value::Null],
        );
    }

    #[test]
    fn seccomp_is_set() {
        assert_each(
            seccomp_profile,
            &[
                |p| p["spec"]["securityContext"]["seccompProfile"] = json!({"type": "Unconfined"}),
                |p| p["spec"]["securityContext"]["seccompProfile"] = Value::Null,
                |p| context(p, "containers")["seccompProfile"] = json!({"type": "Unconfined"}),
                |p| {
                    p["spec"]["securityContext"]["seccompProfile"] = Value::Null;
                    context(p, "containers")["seccompProfile"] = json!({"type": "RuntimeDefault"});
                },
            ],
            &[|p| context(p, "containers")["seccompProfile"] = json!({"type": "Localhost"})],
        );
    }

    #[test]
    fn volumes_are_of_allowed_types() {
        assert_each(
            volumes,
            &[
                |p| p["spec"]["volumes"] = json!([{"name": "a", "nfs": {"server": "x", "path": "/"}}]),
                |p| p["spec"]["volumes"] = json!([{"name": "a", "hostPath": {"path": "/"}}]),
            ],
            &[
                |p| {
                    p["spec"]["volumes"] = json!([{"name": "a", "image": {"reference": "x"}}, {"name": "b", "csi": {}}])
                },
                |p| p["spec"]["volumes"] = json!([{"name": "a"}]),
            ],
        );
    }

    #[test]
    fn proc_is_masked() {
        assert_each(
            proc_mount,
            &[|p| context(p, "containers")["procMount"] = json!("Unmasked")],
            &[|p| context(p, "containers")["procMount"] = json!("Default")],
        );
    }
}
