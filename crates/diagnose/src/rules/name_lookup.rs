//! Names of the cluster cannot be looked up.

use crate::words::{between, is_dns, is_inside, line_with};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "name-lookup",
    symptom: "Logs say `Temporary failure in name resolution`, `Name or service not known` or `UnknownHostException` of a name that ends in `.svc...`",
    cause: "The cluster's DNS does not run, a NetworkPolicy stops pods from asking it, or `global.clusterDomain` is not the cluster's",
    cure: "See that the DNS pods of the cluster run; let pods reach port 53; set `global.clusterDomain` if the cluster's domain is not `cluster.local`",
    check: "kubectl -n kube-system get pods -l k8s-app=kube-dns; kubectl -n NS logs POD -c prepare",
    patience: 30,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        // Only what was said last still holds.
        let line = line_with(
            &log.text,
            &["no connection to", "cannot fetch", "answers", "UnknownHostException", "cannot look at bucket"],
        )?;
        let host = between(line, "no connection to ", ":").or(between(line, "://", "/")).or(between(
            line,
            "UnknownHostException: ",
            ":",
        ))?;
        // A port, and what went wrong, may follow it.
        let host = host.split([':', ' ']).next().unwrap_or(host);
        let dns_down = is_dns(line) && (is_inside(host) || line.contains("Temporary failure in name resolution"));
        dns_down.then(|| {
            Found::at(
                pod,
                format!("the name {host} cannot be looked up: the cluster's DNS does not answer, or does not know it"),
                line,
            )
        })
    });
    logs.collect()
}
