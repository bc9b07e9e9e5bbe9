//! An image cannot be pulled.

use crate::observed::statuses;
use crate::words::is_dns;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "image",
    symptom: "A pod shows `ErrImagePull`, `ImagePullBackOff`, `ErrImageNeverPull` or `InvalidImageName`",
    cause: "The image's name is wrong, the registry cannot be reached from the node, or it wants a password",
    cure: "Correct the `image` in your values; name your company's mirror in `global.imageRegistry` and its Secret in \
           `global.imagePullSecrets`; the node, not the pod, must reach the registry",
    check: "kubectl -n NS describe pod POD",
    patience: 60,
    vague: false,
    find,
};

const REASONS: &[&str] =
    &["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError"];

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for pod in observed.pods() {
        for status in statuses(pod) {
            let waiting = &status["state"]["waiting"];
            let Some(reason) = waiting["reason"].as_str().filter(|reason| REASONS.contains(reason)) else { continue };
            let image = status["image"].as_str().unwrap_or_default();
            // While it backs off, only the event still knows why.
            let pulls = observed.events(pod, "Failed").filter_map(|event| event["message"].as_str());
            let said = pulls.filter(|said| said.contains("pull")).last();
            let said = said.or(waiting["message"].as_str()).unwrap_or(reason);
            found.push(Found::at(pod, format!("the image {image} cannot be pulled: {}", why(said, reason)), said));
        }
    }
    found
}

fn why(said: &str, reason: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if reason == "InvalidImageName" {
        "this is no image's name"
    } else if has(&["unauthorized", "authentication required", "denied", "401", "403"]) {
        "the registry wants a password, or has no such image"
    } else if has(&["not found", "manifest unknown", "404"]) {
        "the registry has no such image or tag"
    } else if has(&["toomanyrequests", "rate limit"]) {
        "the registry limits how often the node may pull"
    } else if has(&["x509", "certificate"]) {
        "the node does not trust the registry's certificate"
    } else if is_dns(said) {
        "the node cannot look up the registry's name"
    } else if has(&[
        "connection refused",
        "i/o timeout",
        "no route to host",
        "unreachable",
        "deadline exceeded",
        "dial tcp",
    ]) {
        "the node cannot reach the registry"
    } else if has(&["no match for platform", "exec format"]) {
        "there is none for the node's processor"
    } else {
        "see the message"
    }
}
