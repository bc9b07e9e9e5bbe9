//! A node threw a pod out.

use serde_json::Value;

use crate::observed::is_ready;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "evicted",
    symptom: "A pod shows `Evicted`",
    cause: "The node ran out of memory or disk, or the pod wrote more than its `emptyDir` may hold",
    cure: "Raise the size that the message names (`executor.scratchSize`, `driver.scratchSize`, `jupyter.packagesSize`), or give the node more room",
    check: "kubectl -n NS get events --field-selector reason=Evicted",
    patience: 60,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    // One that was thrown out stays there as a record when another has taken its place.
    let owner = |pod: &Value| pod["metadata"]["ownerReferences"][0]["uid"].as_str().map(str::to_owned);
    let is_replaced = |pod: &Value| {
        let of = owner(pod);
        of.is_some() && observed.pods().any(|other| owner(other) == of && is_ready(other))
    };
    let evicted = observed.kind("Pod").filter(|pod| pod["status"]["reason"] == "Evicted" && !is_replaced(pod));
    evicted
        .map(|pod| {
            let said = pod["status"]["message"].as_str().unwrap_or("Evicted");
            Found::at(pod, format!("the node threw the pod out: {}", crate::words::short(said)), said)
        })
        .collect()
}
