//! A quota or a limit range refuses a pod or a claim.

use crate::words::between;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "quota",
    symptom: "No pod appears; events say `exceeded quota`, `must specify limits` or `maximum memory usage per Container`",
    cause: "A ResourceQuota or a LimitRange of the namespace leaves less than the pods ask for",
    cure: "Ask for a larger quota, or make the pods smaller (`resources`, `executor.memory`, `executor.instances`); `sparkyard doctor \
           PRESET` says what a preset needs and what the quota leaves",
    check: "kubectl -n NS describe resourcequota,limitrange",
    patience: 20,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let is_quota = |said: &str| {
        ["exceeded quota", "failed quota", "usage per Container is", "usage per Pod is"]
            .iter()
            .any(|word| said.contains(word))
    };
    let refused = observed.refused().filter(|(_, said)| is_quota(said));
    refused
        .map(|(maker, said)| {
            let message = match (between(said, "exceeded quota: ", ","), between(said, "failed quota: ", ":")) {
                (Some(name), _) => {
                    let numbers = between(said, "requested: ", "\u{0}").unwrap_or_default();
                    format!("the quota `{name}` is too small: asked for {numbers}")
                }
                (None, Some(name)) => {
                    let what = between(said, &format!("failed quota: {name}: "), "\u{0}").unwrap_or_default();
                    format!("the quota `{name}` demands what the pods do not say: {what}")
                }
                _ => {
                    let what = between(said, "is forbidden: ", "\u{0}").unwrap_or(said);
                    format!("a limit range refuses the pods: {what}")
                }
            };
            Found::at(maker, message, said)
        })
        .collect()
}
