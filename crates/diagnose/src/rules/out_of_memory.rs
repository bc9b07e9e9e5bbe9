//! The kernel ended a container that took more memory than its limit.

use serde_json::Value;

use crate::observed::statuses;
use crate::words::component;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "out-of-memory",
    symptom: "A container shows `OOMKilled`, or exit code 137; a query dies with `executor lost`",
    cause: "The process took more than the container's memory limit: the heap, and Python, threads and buffers beside it",
    cure: "Raise `resources.limits.memory` of the brick, or lower its heap; for executors raise `executor.memoryOverhead` (Python takes its memory from there)",
    check: "kubectl -n NS get pods -o wide; kubectl -n NS describe pod POD",
    patience: 30,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for pod in observed.pods() {
        for status in statuses(pod) {
            let ends = [&status["state"]["terminated"], &status["lastState"]["terminated"]];
            let Some(end) = ends.into_iter().find(|end| end["reason"] == "OOMKilled") else { continue };
            // A death of long ago that nobody feels any more is history.
            if status["ready"] == true && status["restartCount"].as_i64() < Some(2) {
                continue;
            }
            let container = status["name"].as_str().unwrap_or_default();
            let limit = limit(pod, container);
            let message = format!("the container {container} took more than its limit of {limit} and was ended");
            let evidence =
                format!("reason: OOMKilled, exit code {}, {} restarts", end["exitCode"], status["restartCount"]);
            let one = Found::at(pod, message, &evidence);
            found.push(match component(pod) {
                "executor" => one
                    .cure("raise `executor.memoryOverhead` (Python takes its memory from there) or `executor.memory`"),
                _ => one,
            });
        }
    }
    found
}

fn limit<'p>(pod: &'p Value, container: &str) -> &'p str {
    let lists = ["containers", "initContainers"].into_iter().flat_map(|list| pod["spec"][list].as_array()).flatten();
    let mut named = lists.filter(|one| one["name"] == container);
    named.find_map(|one| one["resources"]["limits"]["memory"].as_str()).unwrap_or("memory")
}
