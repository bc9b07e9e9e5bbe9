//! Checks of the profile `baseline` that `restricted` keeps.

use serde_json::Value;

use super::contexts;
use crate::object::{Pod, items, name};

const SE_LINUX_TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const SYSCTLS: [&str; 14] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_notsent_lowat",
];

const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

pub(super) fn host_namespaces(pod: &Pod) -> Vec<String> {
    let keys = ["hostNetwork", "hostPID", "hostIPC"];
    keys.iter().filter(|key| pod.spec[**key] == true).map(|key| format!("the pod must not set {key}")).collect()
}

pub(super) fn host_ports(pod: &Pod) -> Vec<String> {
    let mut found = Vec::new();
    for container in pod.containers() {
        let ports = items(&container["ports"]).filter_map(|port| port["hostPort"].as_i64());
        found.extend(
            ports.filter(|port| *port != 0).map(|port| format!("container {} uses hostPort {port}", name(container))),
        );
    }
    found
}

pub(super) fn privileged(pod: &Pod) -> Vec<String> {
    let bad = pod.containers().filter(|container| container["securityContext"]["privileged"] == true);
    bad.map(|container| format!("container {} must not be privileged", name(container))).collect()
}

pub(super) fn host_probes(pod: &Pod) -> Vec<String> {
    let mut found = Vec::new();
    for container in pod.containers() {
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"].iter().map(|probe| &container[*probe]);
        let hooks = ["postStart", "preStop"].iter().map(|hook| &container["lifecycle"][*hook]);
        for handler in probes.chain(hooks) {
            for action in ["httpGet", "tcpSocket"] {
                if let Some(host) = handler[action]["host"].as_str().filter(|host| !host.is_empty()) {
                    found.push(format!("container {} has a {action} to host {host}", name(container)));
                }
            }
        }
    }
    found
}

pub(super) fn app_armor(pod: &Pod) -> Vec<String> {
    let mut found = Vec::new();
    for (owner, context) in contexts(pod) {
        let profile = &context["appArmorProfile"];
        if !profile.is_null() && profile["type"] != "RuntimeDefault" && profile["type"] != "Localhost" {
            found.push(format!("{owner} must not set the AppArmor profile {}", profile["type"]));
        }
    }
    for (key, value) in pod.metadata["annotations"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        let allowed = value.is_empty() || value == "runtime/default" || value.starts_with("localhost/");
        if key.starts_with(APP_ARMOR) && !allowed {
            found.push(format!("annotation {key} must not be {value}"));
        }
    }
    found
}

pub(super) fn se_linux(pod: &Pod) -> Vec<String> {
    let mut found = Vec::new();
    for (owner, context) in contexts(pod) {
        let text = |key: &str| context["seLinuxOptions"][key].as_str().unwrap_or_default();
        if !SE_LINUX_TYPES.contains(&text("type")) {
            found.push(format!("{owner} sets the SELinux type {}", text("type")));
        }
        for key in ["user", "role"] {
            if !text(key).is_empty() {
                found.push(format!("{owner} must not set the SELinux {key}"));
            }
        }
    }
    found
}

pub(super) fn sysctls(pod: &Pod) -> Vec<String> {
    let names = items(&pod.spec["securityContext"]["sysctls"]).map(name);
    names.filter(|name| !SYSCTLS.contains(name)).map(|name| format!("sysctl {name} is forbidden")).collect()
}

pub(super) fn windows_host_process(pod: &Pod) -> Vec<String> {
    let bad = contexts(pod).into_iter().filter(|(_, context)| context["windowsOptions"]["hostProcess"] == true);
    bad.map(|(owner, _)| format!("{owner} must not set windowsOptions.hostProcess")).collect()
}

/// Kept beside `restrictedVolumes`, which replaces it, for the clearer message.
pub(super) fn host_path_volumes(pod: &Pod) -> Vec<String> {
    let bad = items(&pod.spec["volumes"]).filter(|volume| !matches!(volume["hostPath"], Value::Null));
    bad.map(|volume| format!("volume {} is a hostPath", name(volume))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::sample;

    type Change = fn(&mut Value);

    fn assert_each_fails(check: fn(&Pod) -> Vec<String>, changes: &[Change]) {
        assert!(check(&sample::pod(|_| {})).is_empty(), "the good pod passes");
        for (index, change) in changes.iter().enumerate() {
            assert!(!check(&sample::pod(change)).is_empty(), "change {index} must fail");
        }
    }

    #[test]
    fn host_namespaces_fail() {
        assert_each_fails(
            host_namespaces,
            &[
                |p| p["spec"]["hostNetwork"] = json!(true),
                |p| p["spec"]["hostPID"] = json!(true),
                |p| p["spec"]["hostIPC"] = json!(true),
            ],
        );
    }

    #[test]
    fn host_ports_fail() {
        assert_each_fails(
            host_ports,
            &[
                |p| p["spec"]["containers"][0]["ports"] = json!([{"containerPort": 1, "hostPort": 1}]),
                |p| p["spec"]["initContainers"][0]["ports"] = json!([{"containerPort": 1, "hostPort": 1}]),
            ],
        );
        let zero = sample::pod(|p| p["spec"]["containers"][0]["ports"] = json!([{"containerPort": 1, "hostPort": 0}]));
        assert!(host_ports(&zero).is_empty());
    }

    #[test]
    fn privileged_fails() {
        assert_each_fails(
            privileged,
            &[
                |p| p["spec"]["containers"][0]["securityContext"]["privileged"] = json!(true),
                |p| p["spec"]["ephemeralContainers"] = json!([{"name": "e", "securityContext": {"privileged": true}}]),
            ],
        );
    }

    #[test]
    fn hosts_in_probes_and_hooks_fail() {
        assert_each_fails(
            host_probes,
            &[
                |p| p["spec"]["containers"][0]["livenessProbe"] = json!({"httpGet": {"host": "127.0.0.1"}}),
                |p| p["spec"]["containers"][0]["readinessProbe"] = json!({"tcpSocket": {"host": "localhost"}}),
                |p| p["spec"]["containers"][0]["startupProbe"] = json!({"httpGet": {"host": "x"}}),
                |p| p["spec"]["containers"][0]["lifecycle"] = json!({"preStop": {"httpGet": {"host": "x"}}}),
                |p| p["spec"]["containers"][0]["lifecycle"] = json!({"postStart": {"tcpSocket": {"host": "x"}}}),
            ],
        );
    }

    #[test]
    fn app_armor_fails() {
        assert_each_fails(
            app_armor,
            &[
                |p| p["spec"]["securityContext"]["appArmorProfile"] = json!({"type": "Unconfined"}),
                |p| p["spec"]["containers"][0]["securityContext"]["appArmorProfile"] = json!({"type": "Unconfined"}),
                |p| {
                    p["metadata"]["annotations"] =
                        json!({"container.apparmor.security.beta.kubernetes.io/a": "unconfined"})
                },
            ],
        );
        let fine = |p: &mut Value| p["metadata"]["annotations"] = json!({format!("{APP_ARMOR}a"): "localhost/x"});
        assert!(app_armor(&sample::pod(fine)).is_empty());
    }

    #[test]
    fn se_linux_fails() {
        assert_each_fails(
            se_linux,
            &[
                |p| p["spec"]["securityContext"]["seLinuxOptions"] = json!({"type": "spc_t"}),
                |p| p["spec"]["containers"][0]["securityContext"]["seLinuxOptions"] = json!({"user": "u"}),
                |p| p["spec"]["initContainers"][0]["securityContext"]["seLinuxOptions"] = json!({"role": "r"}),
            ],
        );
    }

    #[test]
    fn sysctls_fail() {
        assert_each_fails(
            sysctls,
            &[|p| {
                p["spec"]["securityContext"]["sysctls"] = json!([{"name": "vm.max_map_count", "value": "262144"}]);
            }],
        );
        let fine = sample::pod(|p| {
            p["spec"]["securityContext"]["sysctls"] = json!([{"name": "net.ipv4.tcp_rmem", "value": "1"}]);
        });
        assert!(sysctls(&fine).is_empty());
    }

    #[test]
    fn windows_host_process_fails() {
        assert_each_fails(
            windows_host_process,
            &[
                |p| p["spec"]["securityContext"]["windowsOptions"] = json!({"hostProcess": true}),
                |p| p["spec"]["containers"][0]["securityContext"]["windowsOptions"] = json!({"hostProcess": true}),
            ],
        );
    }

    #[test]
    fn host_paths_fail() {
        assert_each_fails(
            host_path_volumes,
            &[|p| {
                p["spec"]["volumes"] = json!([{"name": "a", "hostPath": {"path": "/"}}]);
            }],
        );
    }
}
