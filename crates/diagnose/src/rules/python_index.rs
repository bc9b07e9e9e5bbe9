//! Python packages cannot be fetched.

use crate::words::line_with;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "python-index",
    symptom: "Jupyter stays in its init container; its log says `cannot fetch from` a package index",
    cause: "Pods do not reach the Python package index, or it lacks a package of the lock",
    cure: "Name an index that pods reach in `global.python.indexUrl` (a company mirror ends in /simple), or bake the packages into the image and set `global.python.source` to `image`",
    check: "kubectl -n NS logs POD --all-containers --tail=20",
    patience: 60,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let words = ["cannot fetch from", "No matching distribution found", "THESE PACKAGES DO NOT MATCH THE HASHES"];
    let logs = observed.read().filter(|(_, log)| log.container != "prepare").filter_map(|(pod, log)| {
        let line = line_with(&log.text, &words)?;
        let message = if line.contains("HASHES") {
            "the Python package index serves another file than the one that was locked"
        } else {
            "Python packages cannot be fetched"
        };
        Some(Found::at(pod, message, line))
    });
    logs.collect()
}
