//! The check `sysctls`.

use super::found::Found;
use crate::pod::Pod;

/// What a pod may set, and since which minor.
const SAFE: [(&str, u16); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// `sysctls`.
pub(super) fn sysctls(pod: &Pod<'_>, minor: u16, found: &mut Found<'_>) {
    for (index, name) in pod.sysctls.iter().enumerate() {
        let since = SAFE.iter().find(|(safe, _)| safe == name).map(|(_, since)| *since);
        let message = match since {
            Some(since) if since <= minor => continue,
            Some(since) => format!("the sysctl `{name}` is safe from Kubernetes 1.{since} on only"),
            None => format!("the sysctl `{name}` is not one of the safe ones"),
        };
        let help = "remove it; what the whole node needs is set on the node";
        found.add(format!("spec.securityContext.sysctls[{index}].name"), None, message, help);
    }
}
