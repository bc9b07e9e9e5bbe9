//! The cluster cannot make a volume.

use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "claim",
    symptom: "Pods stay `Pending`, and the events of their PersistentVolumeClaim say `ProvisioningFailed`",
    cause: "The storage class exists, but what makes its volumes cannot: no room, wrong access mode, a driver that does not run",
    cure: "Read the claim's events; give another class in `persistence.storageClass`, a smaller `persistence.size`, or ask whoever runs the storage",
    check: "kubectl -n NS describe pvc",
    patience: 120,
    vague: true,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let pending = observed.kind("PersistentVolumeClaim").filter(|claim| claim["status"]["phase"] == "Pending");
    pending
        .filter_map(|claim| {
            let said = observed.said(claim, "ProvisioningFailed")?;
            let name = claim["metadata"]["name"].as_str().unwrap_or_default();
            let class = claim["spec"]["storageClassName"].as_str().unwrap_or("the default");
            Some(Found::at(
                claim,
                format!("the storage class {class} cannot make the volume of the claim {name}"),
                said,
            ))
        })
        .collect()
}
