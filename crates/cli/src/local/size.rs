//! How large a cluster must be for a stack.

use sparkyard_check::Stack;
use sparkyard_model::Finding;

use crate::doctor::demand::Demand;
use crate::table::count;

/// What Kubernetes takes for itself on a node made by kubeadm, as both tools make it: CPUs asked for, MiB used.
const KUBERNETES: (f64, f64) = (0.75, 1024.0);
/// kubeadm refuses a node with fewer.
const FEWEST: u64 = 2;
const MIB: f64 = 1_048_576.0;

/// CPUs and MiB of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// CPUs.
    pub(super) cpus: u64,
    /// Memory that must be there, or pods wait.
    pub(super) least: u64,
    /// Memory that all can use at once.
    pub(super) most: u64,
}

impl Size {
    /// What a stack needs.
    pub(super) fn of(stack: &Stack) -> Self {
        let sums = Demand::of(stack.objects()).sums();
        let sum = |key: &str| sums.get(key).copied().unwrap_or_default();
        let cpus = (sum("requests.cpu") + KUBERNETES.0).ceil();
        let least = (sum("requests.memory") / MIB + KUBERNETES.1).ceil();
        let most = (sum("limits.memory") / MIB).ceil().max(least);
        Self { cpus: (cpus as u64).max(FEWEST), least: least as u64, most: most as u64 }
    }

    /// Whether a machine of this many CPUs and MiB does. 0 is no bound.
    pub(super) fn fits(&self, what: &str, (cpus, memory): (u64, u64), help: &str) -> Result<(), Finding> {
        let short = if cpus != 0 && cpus < self.cpus {
            format!("{what} has {}, the preset and Kubernetes ask for {}", count(cpus as usize, "CPU"), self.cpus)
        } else if memory != 0 && memory < self.least {
            let need = gib(self.least);
            format!("{what} has {} of memory, the preset and Kubernetes ask for {need}", gib(memory))
        } else {
            return Ok(());
        };
        Err(Finding::error("too-small", short).help(help))
    }

    /// What to say when there is enough to start and not enough to use.
    pub(super) fn warning(&self, memory: u64) -> Option<String> {
        let is_tight = memory != 0 && memory < self.most;
        is_tight.then(|| {
            format!(
                "memory: {} is there, all pods together may use {}; work on little data",
                gib(memory),
                gib(self.most)
            )
        })
    }
}

fn gib(mib: u64) -> String {
    format!("{:.1} GiB", mib as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { cpus: 2, least: 4096, most: 6144 };

    #[test]
    fn what_is_too_small_is_said() {
        assert!(SIZE.fits("Docker", (2, 4096), "").is_ok() && SIZE.fits("it", (0, 0), "").is_ok());
        let cpus = SIZE.fits("Docker", (1, 9999), "more").expect_err("too small");
        assert_eq!(cpus.message, "Docker has 1 CPU, the preset and Kubernetes ask for 2");
        let memory = SIZE.fits("Docker", (8, 2048), "more").expect_err("too small");
        assert_eq!(memory.message, "Docker has 2.0 GiB of memory, the preset and Kubernetes ask for 4.0 GiB");
    }

    #[test]
    fn what_is_tight_is_said() {
        assert!(SIZE.warning(5000).is_some_and(|text| text.contains("4.9 GiB") && text.contains("6.0 GiB")));
        assert!(SIZE.warning(6144).is_none() && SIZE.warning(0).is_none());
    }
}
