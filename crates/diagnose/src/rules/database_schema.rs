//! The metastore's schema cannot be made.

use crate::words::line_with;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "database-schema",
    symptom: "The metastore fails in its init container `schema`; its log says `schema: cannot be made`",
    cause: "The database holds the schema of another version, half of one from an attempt that was cut off, or the user may not make tables",
    cure: "After a backup: upgrade an older schema with `schematool -upgradeSchema`, drop half of one, or give the user the right to make tables",
    check: "kubectl -n NS logs POD -c schema",
    patience: 30,
    vague: true,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        line_with(&log.text, &["schema: cannot be made"])?;
        let why = line_with(&log.text, &["Exception", "Error: ", "ERROR"]).unwrap_or("schema: cannot be made");
        Some(Found::at(pod, "the metastore's schema cannot be made", why))
    });
    logs.collect()
}
