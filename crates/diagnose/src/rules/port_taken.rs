//! A port is taken.

use crate::words::line_with;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "port-taken",
    symptom: "A container's log says `Address already in use` or `BindException`; helm says `provided port is already allocated`; `sparkyard open` says that the port is taken",
    cause: "Two processes want one port: two containers of a pod share their ports, a NodePort exists once in a cluster, a port of your machine once on it",
    cure: "Give one of them another port (`pod.extraContainers`), or leave the Service `ClusterIP`; on your own machine `sparkyard open` takes the next free one",
    check: "kubectl -n NS logs POD; kubectl get services -A | grep NodePort",
    patience: 30,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        let line = line_with(
            &log.text,
            &["Address already in use", "address already in use", "BindException", "Address in use"],
        )?;
        Some(Found::at(pod, format!("the container {} finds its port taken", log.container), line))
    });
    logs.collect()
}
