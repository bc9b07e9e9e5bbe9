//! Pod Security admission refuses a pod.

use crate::words::between;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "pod-security",
    symptom: "No pod appears; events say `violates PodSecurity`",
    cause: "The namespace enforces a Pod Security level, and a setting of the pod is not allowed there",
    cure: "Take out of your values what the message names (often `pod.securityContext`, `pod.extraContainers` or a `hostPath` volume): \
           the charts' own defaults pass `restricted`",
    check: "kubectl -n NS get events --field-selector reason=FailedCreate",
    patience: 5,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let refused = observed.refused().filter(|(_, said)| said.contains("violates PodSecurity"));
    refused
        .map(|(maker, said)| {
            let level = between(said, "violates PodSecurity \"", ":").unwrap_or("its level");
            let what = between(said, "\": ", "\u{0}").unwrap_or(said);
            Found::at(maker, format!("Pod Security `{level}` refuses the pods: {what}"), said)
        })
        .collect()
}
