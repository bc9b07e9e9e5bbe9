//! A container runs and does not answer its probe.

use crate::observed::is_ready;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "probe",
    symptom: "A pod runs and is not ready; its events say `Unhealthy`",
    cause: "The program is still starting, is too busy to answer, or listens somewhere else",
    cure: "Give it time (a small CPU makes a JVM start slowly); look at its log; raise `resources.requests.cpu`",
    check: "kubectl -n NS describe pod POD; kubectl -n NS logs POD",
    patience: 180,
    vague: true,
    find,
};

/// Probes that may fail while a program starts.
const FEW: i64 = 10;

fn find(observed: &Observed) -> Vec<Found> {
    let running = observed.pods().filter(|pod| pod["status"]["phase"] == "Running" && !is_ready(pod));
    running
        .filter_map(|pod| {
            let event = observed.events(pod, "Unhealthy").last()?;
            let times = event["count"].as_i64().or(event["series"]["count"].as_i64()).unwrap_or(1);
            let said = event["message"].as_str().unwrap_or_default();
            (times > FEW).then(|| Found::at(pod, format!("it runs and has not answered {times} probes"), said))
        })
        .collect()
}
