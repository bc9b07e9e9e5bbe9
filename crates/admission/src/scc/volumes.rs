//! Volumes.

use super::reasons::Reasons;
use super::rules::Rules;
use crate::pod::{Pod, Source};

/// The names of all volume types, as constraints write them.
pub(super) fn all_names() -> impl Iterator<Item = &'static str> {
    Source::ALL.iter().map(|source| source.in_constraints())
}

pub(super) fn check(rules: &Rules<'_>, pod: &Pod<'_>, reasons: &mut Reasons<'_>) {
    if pod.volumes.is_empty() {
        return;
    }
    let allowed = rules.scc.effective_volumes();
    let drivers = &rules.scc.allowed_flex_volumes;
    let allows = |name: &str| allowed.as_ref().is_none_or(|allowed| allowed.contains(&name));
    for (index, volume) in pod.volumes.iter().enumerate() {
        let source = volume.sources[0];
        let name = source.in_constraints();
        // Where secrets may be mounted, so may the token that replaced them.
        let token = source == Source::Projected && volume.only_token && allows("secret");
        if !allows(name) && !token {
            let allowed = allowed.as_ref().map(|allowed| allowed.join(", ")).unwrap_or_default();
            let message = format!("volume `{}` is of the type {name}, allowed are: {allowed}", volume.name);
            let help = "use a persistentVolumeClaim for what must stay, an emptyDir for what need not";
            reasons.add("volumes", format!("spec.volumes[{index}].{}", source.name()), None, message, help);
        }
        let is_flex = volume.sources.contains(&Source::FlexVolume) && !drivers.is_empty() && allows("flexVolume");
        if is_flex && !drivers.iter().any(|allowed| allowed.driver == volume.flex_driver) {
            let drivers: Vec<&str> = drivers.iter().map(|allowed| allowed.driver.as_str()).collect();
            let message = format!("the driver is `{}`, allowed are: {}", volume.flex_driver, drivers.join(", "));
            let help = "use a volume of the CSI driver that took its place";
            reasons.add("flexVolumes", format!("spec.volumes[{index}].flexVolume.driver"), None, message, help);
        }
    }
}
