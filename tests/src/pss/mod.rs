//! Pod Security Standards, profile `restricted`, version `latest` (the rules of Kubernetes 1.37).
//!
//! One function per check of Kubernetes' own `pod-security-admission`, with its ids. `restricted` is
//! every check of `baseline` that it does not replace, and its own.

mod baseline;
mod restricted;

use serde_json::Value;

use crate::object::{Pod, name};

/// One check.
pub struct Check {
    /// Id, as in Kubernetes' source.
    pub id: &'static str,
    /// What is wrong with a pod.
    pub run: fn(&Pod) -> Vec<String>,
}

/// All checks of the profile.
pub const CHECKS: [Check; 16] = [
    Check { id: "hostNamespaces", run: baseline::host_namespaces },
    Check { id: "hostPorts", run: baseline::host_ports },
    Check { id: "privileged", run: baseline::privileged },
    Check { id: "hostProbesAndHostLifecycle", run: baseline::host_probes },
    Check { id: "appArmorProfile", run: baseline::app_armor },
    Check { id: "seLinuxOptions", run: baseline::se_linux },
    Check { id: "sysctls", run: baseline::sysctls },
    Check { id: "windowsHostProcess", run: baseline::windows_host_process },
    Check { id: "hostPathVolumes", run: baseline::host_path_volumes },
    Check { id: "allowPrivilegeEscalation", run: restricted::allow_privilege_escalation },
    Check { id: "capabilities_restricted", run: restricted::capabilities },
    Check { id: "runAsNonRoot", run: restricted::run_as_non_root },
    Check { id: "runAsUser", run: restricted::run_as_user },
    Check { id: "seccompProfile_restricted", run: restricted::seccomp_profile },
    Check { id: "restrictedVolumes", run: restricted::volumes },
    Check { id: "procMount_restricted", run: restricted::proc_mount },
];

/// Everything that `restricted` forbids about a pod: `id: what`.
pub fn violations(pod: &Pod) -> Vec<String> {
    CHECKS.iter().flat_map(|check| (check.run)(pod).into_iter().map(|what| format!("{}: {what}", check.id))).collect()
}

/// The security context of the pod and of each container, with its owner in words.
fn contexts(pod: &Pod) -> Vec<(String, &Value)> {
    let mut contexts = vec![("the pod".to_owned(), &pod.spec["securityContext"])];
    contexts.extend(pod.containers().map(|c| (format!("container {}", name(c)), &c["securityContext"])));
    contexts
}

/// From 1.25 three checks pass over pods that say that they are for Windows.
fn is_windows(pod: &Pod) -> bool {
    pod.spec["os"]["name"] == "windows"
}

/// From 1.35 root inside a user namespace is nobody outside.
fn has_user_namespace(pod: &Pod) -> bool {
    pod.spec["hostUsers"] == false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_good_pod_passes_every_check() {
        assert_eq!(violations(&sample::pod(|_| {})), Vec::<String>::new());
    }

    #[test]
    fn an_empty_spec_fails() {
        let pod = sample::pod(|pod| pod["spec"] = serde_json::json!({"containers": [{"name": "a"}]}));
        let ids = ["allowPrivilegeEscalation", "capabilities_restricted", "runAsNonRoot", "seccompProfile_restricted"];
        let found = violations(&pod);
        assert_eq!(found.len(), ids.len(), "{found:?}");
        assert!(found.iter().zip(ids).all(|(found, id)| found.starts_with(id)), "{found:?}");
    }
}
