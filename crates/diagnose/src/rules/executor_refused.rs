//! The driver may not make its executors, or the cluster refuses them.

use crate::words::{between, line_with, short};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "executor-refused",
    symptom: "Queries wait for ever; the driver's log says `Initial job has not accepted any resources`, or `pods ... is forbidden`",
    cause: "Spark makes executors itself, so no event speaks of them: the driver's account may not make pods, or a quota, Pod Security or an SCC refuses them",
    cure: "Let the chart make the Role (`createRole`), or give the account yours; make executors smaller, or the quota larger",
    check: "kubectl -n NS logs POD | grep -i forbidden",
    patience: 60,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        let line = line_with(&log.text, &["is forbidden:"])?;
        let why = between(line, "is forbidden: ", "\u{0}").unwrap_or(line);
        let why = why.split(", metadata=").next().unwrap_or(why);
        let message = if why.contains("exceeded quota") {
            format!("executors are refused by a quota: {}", short(why))
        } else if why.contains("cannot ") {
            format!("the driver's account has too few rights: {}", short(why))
        } else {
            format!("executors are refused: {}", short(why))
        };
        // Once executors run, a refusal of the past is history.
        let running = observed.pods().any(|pod| pod["metadata"]["labels"]["spark-role"] == "executor");
        (!running).then(|| Found::at(pod, message, line))
    });
    logs.collect()
}
