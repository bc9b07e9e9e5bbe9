//! Kubernetes' Pod Security Standards.
//!
//! One function for each check of Kubernetes' own `k8s.io/pod-security-admission`, with its ids; which check
//! holds from which version on is the table `CHECKS`. Source of the rules: its `policy` folder, v0.37.2
//! (openshift-and-chart-quality A1), which keeps the rules of all older versions.

mod found;
mod host;
mod identity;
mod privilege;
mod profile;
mod sysctls;
mod version;
mod volumes;

pub use version::{Level, PssVersion, VersionError};

use crate::pod::Pod;
use crate::{PodRef, Violation};
use found::Found;

/// A check of a level.
struct Check {
    /// Kubernetes' own id.
    id: &'static str,
    level: Level,
    /// The minor from which on it holds.
    since: u16,
    /// For checks of baseline: the minor from which on restricted has a stricter one in its place.
    replaced: u16,
    run: fn(&Pod<'_>, u16, &mut Found<'_>),
}

const ALWAYS: u16 = 0;
const NEVER: u16 = u16::MAX;

const fn baseline(id: &'static str, since: u16, replaced: u16, run: fn(&Pod<'_>, u16, &mut Found<'_>)) -> Check {
    Check { id, level: Level::Baseline, since, replaced, run }
}

const fn restricted(id: &'static str, since: u16, run: fn(&Pod<'_>, u16, &mut Found<'_>)) -> Check {
    Check { id, level: Level::Restricted, since, replaced: NEVER, run }
}

/// All checks, in the order in which Kubernetes reports them.
const CHECKS: [Check; 19] = [
    baseline("appArmorProfile", ALWAYS, NEVER, profile::app_armor),
    baseline("capabilities_baseline", ALWAYS, ALWAYS, privilege::capabilities_baseline),
    baseline("hostNamespaces", ALWAYS, NEVER, host::namespaces),
    baseline("hostPathVolumes", ALWAYS, ALWAYS, volumes::host_path),
    baseline("hostPorts", ALWAYS, NEVER, host::ports),
    baseline("hostProbesAndHostLifecycle", 34, NEVER, host::probes_and_lifecycle),
    baseline("privileged", ALWAYS, NEVER, privilege::privileged),
    baseline("procMount", ALWAYS, 35, privilege::proc_mount_baseline),
    baseline("seLinuxOptions", ALWAYS, NEVER, profile::se_linux),
    baseline("seccompProfile_baseline", ALWAYS, ALWAYS, profile::seccomp_baseline),
    baseline("sysctls", ALWAYS, NEVER, sysctls::sysctls),
    baseline("windowsHostProcess", ALWAYS, NEVER, privilege::windows_host_process),
    restricted("allowPrivilegeEscalation", ALWAYS, privilege::allow_privilege_escalation),
    restricted("capabilities_restricted", ALWAYS, privilege::capabilities_restricted),
    restricted("procMount_restricted", 35, privilege::proc_mount_restricted),
    restricted("restrictedVolumes", ALWAYS, volumes::restricted),
    restricted("runAsNonRoot", ALWAYS, identity::run_as_non_root),
    restricted("runAsUser", ALWAYS, identity::run_as_user),
    restricted("seccompProfile_restricted", ALWAYS, profile::seccomp_restricted),
];

/// Everything that a level forbids about a pod.
///
/// # Errors
/// What it forbids, or that the pod cannot be decoded.
pub fn check(level: Level, version: PssVersion, pod: PodRef<'_>) -> Result<(), Vec<Violation>> {
    let pod = Pod::read(pod)?;
    let mut violations = Vec::new();
    for check in selected(level, version) {
        (check.run)(&pod, version.minor(), &mut Found::new(check.id, &mut violations));
    }
    if violations.is_empty() { Ok(()) } else { Err(violations) }
}

/// The ids of the checks of a level, in the order of their reports.
pub fn ids(level: Level, version: PssVersion) -> impl Iterator<Item = &'static str> {
    selected(level, version).map(|check| check.id)
}

fn selected(level: Level, version: PssVersion) -> impl Iterator<Item = &'static Check> {
    let minor = version.minor();
    CHECKS.iter().filter(move |check| match (level, check.level) {
        (_, _) if minor < check.since => false,
        (Level::Baseline, level) => level == Level::Baseline,
        (Level::Restricted, _) => minor < check.replaced,
    })
}

#[cfg(test)]
mod tests;
