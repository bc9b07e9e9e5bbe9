//! Checks of what a pod shares with its host.

use super::found::Found;
use crate::pod::Pod;

/// `hostNamespaces`.
pub(super) fn namespaces(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for (field, shared) in [("hostNetwork", pod.host_network), ("hostPID", pod.host_pid), ("hostIPC", pod.host_ipc)] {
        if shared {
            let message = format!("{field} is true, it must be false or absent");
            found.add(format!("spec.{field}"), None, message, format!("remove `{field}`"));
        }
    }
}

/// `hostPorts`.
pub(super) fn ports(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for container in &pod.containers {
        for (index, port) in container.ports.iter().enumerate().filter(|(_, port)| port.host != 0) {
            let message = format!("hostPort is {}, it must be absent", port.host);
            let help = "remove `hostPort`; a Service makes the port reachable";
            found.field(container.place, &format!("ports[{index}].hostPort"), message, help);
        }
    }
}

/// `hostProbesAndHostLifecycle`: a probe to another host lets the kubelet reach what the pod cannot.
pub(super) fn probes_and_lifecycle(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for container in &pod.containers {
        for (field, host) in &container.hosts {
            let message = format!("host is `{host}`, it must be empty or absent");
            found.field(container.place, field, message, "remove `host`; the kubelet then asks the pod itself");
        }
    }
}
