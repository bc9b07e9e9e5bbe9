//! In which order constraints are tried.

use std::cmp::Ordering;

use super::constraint::{Scc, Strategy, UserStrategy};

const PRIVILEGED: i32 = 1_600_000;
const HOST_PORTS: i32 = 800_000;
const HOST_NETWORK: i32 = 400_000;
const HOST_VOLUME: i32 = 200_000;
const OTHER_VOLUME: i32 = 100_000;
const ANY: i32 = 40_000;
const NON_ROOT: i32 = 30_000;
const RANGE: i32 = 20_000;
const FIXED: i32 = 10_000;

/// Volume types that give nothing away.
const TRIVIAL: [&str; 6] = ["secret", "configMap", "emptyDir", "downwardAPI", "projected", "none"];

impl Scc {
    /// Whether it is tried before another: the higher priority, then the fewer points, then the name.
    pub(super) fn order(&self, other: &Scc) -> Ordering {
        let priority = |scc: &Scc| scc.priority.unwrap_or_default();
        priority(other)
            .cmp(&priority(self))
            .then_with(|| self.points().cmp(&other.points()))
            .then_with(|| self.name().cmp(other.name()))
    }

    /// OpenShift's measure of how much it allows.
    pub fn points(&self) -> i32 {
        let flags = [
            (self.allow_privileged_container, PRIVILEGED),
            (self.allow_host_ports, HOST_PORTS),
            (self.allow_host_network, HOST_NETWORK),
        ];
        let flags: i32 = flags.iter().filter(|(flag, _)| *flag).map(|(_, points)| points).sum();
        let user = match self.run_as_user.strategy {
            UserStrategy::RunAsAny => ANY,
            UserStrategy::MustRunAsNonRoot => NON_ROOT,
            UserStrategy::MustRunAsRange => RANGE,
            UserStrategy::MustRunAs => FIXED,
        };
        let se_linux = match self.se_linux_context.strategy {
            Strategy::RunAsAny => ANY,
            Strategy::MustRunAs => FIXED,
        };
        flags + self.volume_points() + user + se_linux + self.capability_points()
    }

    fn volume_points(&self) -> i32 {
        match self.effective_volumes() {
            None => HOST_VOLUME,
            Some(volumes) if volumes.contains(&"hostPath") => HOST_VOLUME,
            Some(volumes) if volumes.iter().any(|volume| !TRIVIAL.contains(volume)) => OTHER_VOLUME,
            Some(_) => 0,
        }
    }

    fn capability_points(&self) -> i32 {
        let all = |list: &[String], word: &str| list.iter().any(|item| item.to_uppercase() == word);
        let number = |list: &[String]| i32::try_from(list.len()).unwrap_or(i32::MAX / 1000);
        let added = 300 * number(&self.default_add_capabilities);
        let allowed = &self.allowed_capabilities;
        let allowed = if all(allowed, "*") || all(allowed, "ALL") { 4000 } else { 10 * number(allowed) };
        let dropped = &self.required_drop_capabilities;
        let dropped = if all(dropped, "ALL") { 3000 } else { 50 * number(dropped) };
        (5000 + added + allowed - dropped).clamp(0, 9999)
    }
}
