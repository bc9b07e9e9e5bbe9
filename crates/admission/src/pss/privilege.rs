//! Checks of the power of a container.

use super::found::Found;
use super::identity::is_relaxed;
use crate::pod::Pod;

/// What container runtimes give by themselves.
const DEFAULT_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// `privileged`.
pub(super) fn privileged(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for container in pod.containers.iter().filter(|container| container.context.privileged == Some(true)) {
        let message = "privileged is true, it must be false or absent".to_owned();
        found.secured(container.place, "privileged", message, "remove `privileged`");
    }
}

/// `windowsHostProcess`.
pub(super) fn windows_host_process(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for (place, _) in pod.contexts().filter(|(_, context)| context.host_process == Some(true)) {
        let message = "hostProcess is true, it must be false or absent".to_owned();
        found.secured(place, "windowsOptions.hostProcess", message, "remove `hostProcess`");
    }
}

/// `allowPrivilegeEscalation`. Windows knows no such thing (from 1.25 on).
pub(super) fn allow_privilege_escalation(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    if pod.is_windows() {
        return;
    }
    for container in &pod.containers {
        let is = match container.context.allow_privilege_escalation {
            Some(false) => continue,
            Some(true) => "true",
            None => "absent",
        };
        let message = format!("allowPrivilegeEscalation is {is}, it must be false");
        let help = "write `allowPrivilegeEscalation: false`; a pod cannot say it for its containers";
        found.secured(container.place, "allowPrivilegeEscalation", message, help);
    }
}

/// `capabilities_baseline`.
pub(super) fn capabilities_baseline(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    added(pod, found, &DEFAULT_CAPABILITIES);
}

/// `capabilities_restricted`. Windows knows no such thing (from 1.25 on).
pub(super) fn capabilities_restricted(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    if pod.is_windows() {
        return;
    }
    for container in &pod.containers {
        let drop = container.context.capabilities.as_ref().map(|capabilities| capabilities.drop.as_slice());
        let drop = drop.unwrap_or_default();
        if !drop.contains(&"ALL") {
            let is = if drop.is_empty() { "drops nothing".to_owned() } else { format!("drops {}", drop.join(", ")) };
            let message = format!("the container {is}, it must drop ALL (in capitals)");
            found.secured(container.place, "capabilities.drop", message, "write `capabilities: {drop: [ALL]}`");
        }
    }
    added(pod, found, &["NET_BIND_SERVICE"]);
}

fn added(pod: &Pod<'_>, found: &mut Found<'_>, allowed: &[&str]) {
    for container in &pod.containers {
        let Some(capabilities) = &container.context.capabilities else { continue };
        for (index, added) in capabilities.add.iter().enumerate().filter(|(_, added)| !allowed.contains(added)) {
            let message = format!("`{added}` is added, only {} may be", allowed.join(", "));
            let field = format!("capabilities.add[{index}]");
            found.secured(container.place, &field, message, format!("remove `{added}`"));
        }
    }
}

/// `procMount`.
pub(super) fn proc_mount_baseline(pod: &Pod<'_>, minor: u16, found: &mut Found<'_>) {
    if !is_relaxed(pod, minor) {
        proc_mount_restricted(pod, minor, found);
    }
}

/// `procMount_restricted`.
pub(super) fn proc_mount_restricted(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for container in &pod.containers {
        let Some(mount) = container.context.proc_mount.filter(|mount| *mount != "Default") else { continue };
        let message = format!("procMount is `{mount}`, it must be Default or absent");
        found.secured(container.place, "procMount", message, "remove `procMount`");
    }
}
