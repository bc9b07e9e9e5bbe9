//! Jars cannot be fetched.

use crate::words::{between, is_dns, line_with};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "mirror",
    symptom: "A pod stays in its init container `prepare`; its log says `cannot fetch ...jar`",
    cause: "Pods do not reach the Maven repository: no way out of the cluster, a proxy that is not set, a mirror that is down or lacks the file",
    cure: "Name a Maven repository that pods reach in `global.jars.repository` (docs/company.md), or bake the jars into the image and set `global.jars.source` to `image`",
    check: "kubectl -n NS logs POD -c prepare",
    patience: 60,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter(|(_, log)| log.container == "prepare").filter_map(|(pod, log)| {
        if log.text.contains("jars, ") && log.text.contains("fetched and checked") {
            return None;
        }
        let line = line_with(&log.text, &["cannot fetch http"])?;
        if line.contains("Temporary failure in name resolution") {
            return None;
        }
        let url = between(line, "cannot fetch ", ": ")?;
        let host = between(url, "://", "/").unwrap_or(url);
        let why = if is_dns(line) {
            "its name is unknown"
        } else if line.contains("HTTP 404") {
            "it does not have the file"
        } else if line.contains("HTTP 40") {
            "it refuses to give the file"
        } else if line.contains("CERTIFICATE") {
            "its certificate is not trusted"
        } else {
            "it does not answer"
        };
        Some(Found::at(pod, format!("jars cannot be fetched from {host}: {why}"), line))
    });
    logs.collect()
}
