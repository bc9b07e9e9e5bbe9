//! Any other reason for which a pod is not made.

use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "pod-not-created",
    symptom: "No pod appears; events say `FailedCreate`",
    cause: "The cluster refused to make the pod: a ServiceAccount is missing, a webhook or a policy engine said no, or the namespace is going away",
    cure: "Read the message: it names the account, the webhook or the policy; whoever runs the cluster knows the latter two",
    check: "kubectl -n NS get events --field-selector reason=FailedCreate",
    patience: 20,
    vague: true,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let found = observed.refused().map(|(maker, said)| {
        let why = said.split_once("error: ").or(said.split_once("is forbidden: ")).map_or(said, |(_, why)| why);
        let message = if said.contains("serviceaccount") && said.contains("not found") {
            format!("a ServiceAccount is missing: {why}")
        } else if said.contains("webhook") {
            format!("a webhook of the cluster refuses the pods: {why}")
        } else {
            format!("the cluster refuses the pods: {why}")
        };
        Found::at(maker, crate::words::short(&message), said)
    });
    found.collect()
}
