//! A claim names no storage class that exists.

use crate::{Found, Observed, Rule, is_default_class};

pub(super) const RULE: Rule = Rule {
    id: "storage-class",
    symptom: "Pods stay `Pending`, and so does their PersistentVolumeClaim",
    cause: "The claim names a storage class that the cluster does not have, or names none and the cluster has no default one",
    cure: "Set `persistence.storageClass` of the brick to a class of `kubectl get storageclass`, or have one made the default; then remove \
           the claim that waits, because a claim cannot change its class: `kubectl -n NS delete pvc NAME`",
    check: "kubectl get storageclass; kubectl -n NS get pvc",
    patience: 20,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    // Without the right to list classes nothing is known of them.
    let known = observed.kind("StorageClass").count() > 0;
    let names: Vec<&str> =
        observed.kind("StorageClass").filter_map(|class| class["metadata"]["name"].as_str()).collect();
    let has_default = observed.kind("StorageClass").any(is_default_class);
    let pending = observed.kind("PersistentVolumeClaim").filter(|claim| claim["status"]["phase"] == "Pending");
    pending
        .filter_map(|claim| {
            let name = claim["metadata"]["name"].as_str().unwrap_or_default();
            let said = observed.said(claim, "ProvisioningFailed").or(observed.said(claim, "FailedBinding"));
            let evidence = said.unwrap_or("status: Pending");
            let class = claim["spec"]["storageClassName"].as_str().filter(|class| !class.is_empty());
            let remove = format!("kubectl -n {} delete pvc {name}", claim["metadata"]["namespace"].as_str().unwrap_or("NS"));
            let (message, cure) = match class {
                Some(class) if known && !names.contains(&class) || said.is_some_and(|said| said.contains("not found")) => {
                    let there = if known { format!(": there is {}", names.join(", ")) } else { String::new() };
                    let message = format!("the claim {name} wants the storage class `{class}`, which does not exist{there}");
                    (message, format!("set `persistence.storageClass` to a class that exists, then `{remove}`, because a claim cannot change its class"))
                }
                None if known && !has_default || said.is_some_and(|said| said.contains("no storage class is set")) => {
                    let message = format!("the claim {name} names no storage class, and the cluster has no default one");
                    (message, format!("set `persistence.storageClass`, or make a class the default; then `{remove}`"))
                }
                _ => return None,
            };
            Some(Found::at(claim, message, evidence).cure(cure))
        })
        .collect()
}
