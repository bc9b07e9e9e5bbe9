//! What a pod shares with its host, and how strong its containers are.

use super::attempt::Inside;
use super::constraint::UserNamespaceLevel;
use super::reasons::Reasons;
use super::rules::Rules;
use crate::pod::{Context, Pod};

/// Fills in the root filesystem and the escalation of privileges.
pub(super) fn fill(rules: &Rules<'_>, context: &mut Context<'_>) {
    let scc = rules.scc;
    if scc.read_only_root_filesystem {
        context.read_only_root_filesystem = context.read_only_root_filesystem.or(Some(true));
    }
    // The API refuses a privileged container, or one with CAP_SYS_ADMIN, that may not escalate.
    let added = context.capabilities.as_ref().is_some_and(|capabilities| capabilities.add.contains(&"CAP_SYS_ADMIN"));
    if context.privileged != Some(true) && !added {
        context.allow_privilege_escalation =
            context.allow_privilege_escalation.or(scc.default_allow_privilege_escalation);
    }
    if scc.allow_privilege_escalation == Some(false) {
        context.allow_privilege_escalation = context.allow_privilege_escalation.or(Some(false));
    }
}

pub(super) fn check_pod(rules: &Rules<'_>, pod: &Pod<'_>, reasons: &mut Reasons<'_>) {
    let scc = rules.scc;
    let shared = [
        ("hostNetwork", pod.host_network && !scc.allow_host_network),
        ("hostPID", pod.host_pid && !scc.allow_host_pid),
        ("hostIPC", pod.host_ipc && !scc.allow_host_ipc),
    ];
    for (field, _) in shared.iter().filter(|(_, refused)| *refused) {
        let message = format!("{field} is true, it must be false or absent");
        reasons.add(field, format!("spec.{field}"), None, message, format!("remove `{field}`"));
    }
    if scc.user_namespace_level == UserNamespaceLevel::RequirePod && pod.host_users != Some(false) {
        let is = if pod.host_users.is_some() { "true" } else { "absent" };
        let message = format!("hostUsers is {is}, it must be false");
        let help = "write `hostUsers: false`, if every node has user namespaces";
        reasons.add("hostUsers", "spec.hostUsers".to_owned(), None, message, help);
    }
    check_sysctls(rules, pod, reasons);
}

fn check_sysctls(rules: &Rules<'_>, pod: &Pod<'_>, reasons: &mut Reasons<'_>) {
    // A name, or a start of names with a star behind it.
    let among = |patterns: &[String], name: &str| {
        patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        })
    };
    for (index, name) in pod.sysctls.iter().enumerate() {
        let forbidden = among(&rules.scc.forbidden_sysctls, name);
        let safe = rules.safe_sysctls.iter().any(|safe| safe == name);
        if forbidden || !safe && !among(&rules.scc.allowed_unsafe_sysctls, name) {
            let message = format!("the sysctl `{name}` is {}", if forbidden { "forbidden" } else { "not a safe one" });
            let help = "remove it; what the whole node needs is set on the node";
            reasons.add("sysctls", format!("spec.securityContext.sysctls[{index}].name"), None, message, help);
        }
    }
}

pub(super) fn check_container(
    rules: &Rules<'_>,
    inside: &Inside<'_, '_>,
    context: &Context<'_>,
    reasons: &mut Reasons<'_>,
) {
    let (scc, place) = (rules.scc, inside.container.place);
    if context.privileged == Some(true) && !scc.allow_privileged_container {
        let message = "privileged is true, it must be false or absent".to_owned();
        reasons.secured("privileged", place, "privileged", message, "remove `privileged`");
    }
    for (index, port) in inside.container.ports.iter().enumerate() {
        // In the network of the host every port of a container is one of the host: the API writes it there.
        let in_host = inside.pod.host_network && port.host == 0 && !place.is_ephemeral();
        let host = if in_host { port.container } else { port.host };
        if host > 0 && !scc.allow_host_ports {
            let message = format!("hostPort is {host}, it must be absent");
            let help = "remove `hostPort`; a Service makes the port reachable";
            reasons.add("hostPorts", place.path(&format!("ports[{index}].hostPort")), place.container(), message, help);
        }
    }
    if scc.read_only_root_filesystem && context.read_only_root_filesystem == Some(false) {
        let message = "readOnlyRootFilesystem is false, it must be true or absent".to_owned();
        let help = "remove it, and mount an emptyDir where the container writes";
        reasons.secured("readOnlyRootFilesystem", place, "readOnlyRootFilesystem", message, help);
    }
    if scc.allow_privilege_escalation == Some(false) && context.allow_privilege_escalation == Some(true) {
        let message = "allowPrivilegeEscalation is true, it must be false or absent".to_owned();
        let help = "write `allowPrivilegeEscalation: false`";
        reasons.secured("allowPrivilegeEscalation", place, "allowPrivilegeEscalation", message, help);
    }
}
