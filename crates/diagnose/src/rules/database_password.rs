//! The database refuses the metastore's password.

use crate::words::{between, line_with};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "database-password",
    symptom: "The metastore stays in its init container `schema`; a log says `password authentication failed` or `Access denied for user`",
    cause: "The password in the Secret is not that of the database. PostgreSQL keeps the one that it was made with: a Secret that is made anew does not fit a volume that was kept",
    cure: "Change it in the database (`ALTER USER hive PASSWORD '...'`, docs/credentials.md), or put the old one back into the Secret; if nothing in the volume is needed, remove its claim",
    check: "kubectl -n NS logs POD -c schema",
    patience: 0,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        let line = line_with(&log.text, &["password authentication failed", "Access denied for user"])?;
        let user =
            between(line, "for user \"", "\"").or(between(line, "for user '", "'")).unwrap_or("of the metastore");
        Some(Found::at(pod, format!("the database refuses the password of the user {user}"), line))
    });
    logs.collect()
}
