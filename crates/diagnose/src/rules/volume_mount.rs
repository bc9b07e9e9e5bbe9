//! A volume cannot be attached or mounted.

use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "volume-mount",
    symptom: "A pod stays in `ContainerCreating`; its events say `FailedMount` or `FailedAttachVolume`",
    cause: "The volume is still attached to another node, or what mounts it does not run on this one",
    cure: "Wait for the old pod to go (after the loss of a node that takes minutes); then ask whoever runs the storage",
    check: "kubectl -n NS describe pod POD; kubectl get volumeattachments",
    patience: 180,
    vague: true,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let starting = observed.pods().filter(|pod| pod["status"]["phase"] == "Pending");
    starting
        .filter_map(|pod| {
            let said = observed.said(pod, "FailedAttachVolume").or(observed.said(pod, "FailedMount"))?;
            let message = match said.contains("Multi-Attach") {
                true => "its volume is still attached to another node",
                false => "its volume cannot be mounted",
            };
            Some(Found::at(pod, message, said))
        })
        .collect()
}
