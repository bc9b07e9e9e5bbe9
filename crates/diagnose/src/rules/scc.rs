//! No SCC of OpenShift admits a pod.

use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "scc",
    symptom: "On OpenShift no pod appears; events say `unable to validate against any security context constraint`",
    cause: "A pod asks for a user id, a group or a right that no SCC of its ServiceAccount grants; most often the charts were installed \
            with the values for plain Kubernetes, which set fixed ids",
    cure: "Install with `--platform openshift` (`-f values-openshift.yaml` with helm), which sets no ids, and take fixed ids out of your values",
    check: "kubectl -n NS get events --field-selector reason=FailedCreate",
    patience: 5,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let refused = observed.refused().filter(|(_, said)| said.contains("security context constraint"));
    refused
        .map(|(maker, said)| {
            let ids = said.contains("must be in the ranges") || said.contains("not an allowed group");
            let why = if ids { ": the pod asks for a fixed user or group id" } else { "" };
            Found::at(maker, format!("no security context constraint (SCC) admits the pods{why}"), said)
        })
        .collect()
}
