//! A component waits for another that does not answer.

use crate::words::{between, component_of_host, is_dns, line_with};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "neighbour",
    symptom: "A pod stays in its init container `prepare`; its log says `no connection to ...`",
    cause: "The component that it needs (metastore, database, S3, Celeborn) does not run, its address is wrong, or a NetworkPolicy stops the connection",
    cure: "Look at that component first; for a service of your own see its address in `global`, and that your network lets pods reach it",
    check: "kubectl -n NS logs POD -c prepare",
    patience: 90,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        let (address, line) = silent(&log.text)?;
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let own = component_of_host(host, &observed.stack);
        let what = own.map_or_else(|| "a service outside of the stack".to_owned(), |name| format!("`{name}`"));
        let mut one = Found::at(pod, format!("it waits for {what}: nothing answers at {address}"), line);
        one.waits_for = own.map(str::to_owned);
        Some(one)
    });
    logs.collect()
}

/// The last address that has not answered since it was asked.
fn silent(text: &str) -> Option<(&str, &str)> {
    if let Some(line) =
        line_with(text, &["MetaException(message:Could not connect", "Failed to connect to the MetaStore Server"])
    {
        return Some((between(line, "thrift://", " ").unwrap_or("the metastore's address"), line));
    }
    let line = line_with(text, &["no connection to "])?;
    // Names that cannot be looked up have a rule of their own.
    let address = between(line, "no connection to ", ": ")?;
    (!is_dns(line) && !text.contains(&format!("{address} answers"))).then_some((address, line))
}
