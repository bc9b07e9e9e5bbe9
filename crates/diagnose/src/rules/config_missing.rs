//! A Secret or ConfigMap, or a key of it, is missing.

use crate::observed::statuses;
use crate::words::between;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "config-missing",
    symptom: "A pod shows `CreateContainerConfigError`, or stays in `ContainerCreating` with `FailedMount`",
    cause: "A Secret or ConfigMap that the pod reads does not exist in the namespace, or lacks a key",
    cure: "Make it, or correct its name in the values; docs/credentials.md lists the keys of the stack's Secret; the pod goes on by itself",
    check: "kubectl -n NS get secrets,configmaps; kubectl -n NS describe pod POD",
    patience: 30,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for pod in observed.pods() {
        let waits = statuses(pod).filter(|status| status["state"]["waiting"]["reason"] == "CreateContainerConfigError");
        let mut said: Vec<&str> = waits.filter_map(|status| status["state"]["waiting"]["message"].as_str()).collect();
        if pod["status"]["phase"] == "Pending" {
            said.extend(observed.said(pod, "FailedMount"));
        }
        for said in said {
            if let Some((thing, name, key)) = missing(said) {
                let what = match key {
                    Some(key) => format!("the {thing} {name} has no key `{key}`"),
                    None => format!("the {thing} {name} does not exist"),
                };
                found.push(Found::at(pod, what, said));
            }
        }
    }
    found
}

/// `secret "x" not found`; `couldn't find key k in Secret ns/x`; `references non-existent secret key: k`.
fn missing(said: &str) -> Option<(&'static str, &str, Option<&str>)> {
    let kinds = [("secret", "Secret"), ("configmap", "ConfigMap"), ("ConfigMap", "ConfigMap")];
    if let Some(key) = between(said, "couldn't find key ", " in ") {
        let thing = if said.contains(" in Secret ") { "Secret" } else { "ConfigMap" };
        let name = between(said, &format!(" in {thing} "), " ")?;
        return Some((thing, name.rsplit('/').next().unwrap_or(name), Some(key)));
    }
    if let Some((_, key)) = said.split_once("references non-existent ").and_then(|(_, rest)| rest.split_once("key: ")) {
        let thing = if said.contains("non-existent secret") { "Secret" } else { "ConfigMap" };
        return Some((thing, between(said, "volume \"", "\"").unwrap_or("of the volume"), Some(key)));
    }
    kinds.iter().find_map(|(word, thing)| {
        let name = between(said, &format!("{word} \""), "\"")?;
        said.contains("not found").then_some((*thing, name, None))
    })
}
