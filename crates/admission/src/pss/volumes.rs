//! Checks of volumes.

use super::found::Found;
use crate::pod::{Pod, Source};

const ALLOWED: [Source; 9] = [
    Source::ConfigMap,
    Source::Csi,
    Source::DownwardApi,
    Source::EmptyDir,
    Source::Ephemeral,
    Source::Image,
    Source::PersistentVolumeClaim,
    Source::Projected,
    Source::Secret,
];

/// `hostPathVolumes`.
pub(super) fn host_path(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for (index, volume) in pod.volumes.iter().enumerate() {
        if volume.sources.contains(&Source::HostPath) {
            let message = format!("volume `{}` is a hostPath", volume.name);
            found.add(format!("spec.volumes[{index}].hostPath"), None, message, HELP);
        }
    }
}

/// `restrictedVolumes`.
pub(super) fn restricted(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for (index, volume) in pod.volumes.iter().enumerate() {
        if !volume.sources.iter().any(|source| ALLOWED.contains(source)) {
            let source = volume.sources[0].name();
            let allowed = ALLOWED.map(Source::name).join(", ");
            let message = format!("volume `{}` is a {source}, it must be one of {allowed}", volume.name);
            found.add(format!("spec.volumes[{index}].{source}"), None, message, HELP);
        }
    }
}

const HELP: &str = "use a persistentVolumeClaim for what must stay, an emptyDir for what need not";
