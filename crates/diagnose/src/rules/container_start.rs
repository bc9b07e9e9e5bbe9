//! The node cannot start a container.

use crate::observed::statuses;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "container-start",
    symptom: "A pod shows `CreateContainerConfigError`, `CreateContainerError` or `RunContainerError`",
    cause: "The node has the image and cannot start it: the image wants to run as root, its command does not exist, a mount is refused",
    cure: "Read the message; an image of your own must run as any user that is not root, and have the commands that the chart calls",
    check: "kubectl -n NS describe pod POD",
    patience: 30,
    vague: true,
    find,
};

const REASONS: &[&str] = &["CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError"];

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for pod in observed.pods() {
        for status in statuses(pod) {
            let states = [&status["state"]["waiting"], &status["lastState"]["terminated"]];
            let failed = states.into_iter().find(|state| REASONS.iter().any(|reason| state["reason"] == *reason));
            let Some(said) = failed.map(|state| state["message"].as_str().unwrap_or_default()) else { continue };
            let container = status["name"].as_str().unwrap_or_default();
            let why = if said.contains("runAsNonRoot") {
                "its image runs as root, which the pod does not allow"
            } else if said.contains("executable file not found") || said.contains("no such file") {
                "its image lacks the command"
            } else {
                "see the message"
            };
            found.push(Found::at(pod, format!("the node cannot start the container {container}: {why}"), said));
        }
    }
    found
}
