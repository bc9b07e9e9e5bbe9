//! A mirror serves another file than the one that was locked.

use crate::words::{between, line_with};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "jar-hash",
    symptom: "A pod fails in its init container `prepare`; its log says `has SHA-256 ..., expected ...`",
    cause: "The Maven repository serves another file under the jar's name: a proxy's error page, a damaged copy, or a replaced jar",
    cure: "Remove the file from the mirror's cache and let it be fetched again; if the bytes stay different, do not trust that mirror",
    check: "kubectl -n NS logs POD -c prepare",
    patience: 0,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        let line = line_with(&log.text, &["has SHA-256"])?;
        let url = between(line, "failed: ", " has SHA-256").unwrap_or("a jar");
        Some(Found::at(pod, format!("{url} is another file than the one that was locked"), line))
    });
    logs.collect()
}
