//! A job has given up.

use crate::words::{component, tail};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "job-failed",
    symptom: "`kubectl get jobs` shows `Failed`",
    cause: "The program of the job ended with an error as often as it may be tried, or took longer than it may",
    cure: "Read its log; what has run until then is on the History Server's page; `docs/batch.md` says how to run it again",
    check: "kubectl -n NS logs job/NAME --tail=50",
    patience: 0,
    vague: true,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let jobs = observed.kind("Job").filter(|job| component(job) != "test");
    jobs.filter_map(|job| {
        let conditions = job["status"]["conditions"].as_array().into_iter().flatten();
        let mut failed = conditions.filter(|one| one["type"] == "Failed" && one["status"] == "True");
        let why = failed.next()?;
        let name = job["metadata"]["name"].as_str().unwrap_or_default();
        let said = why["message"].as_str().unwrap_or_default();
        let of_job = |pod: &serde_json::Value| pod["metadata"]["labels"]["batch.kubernetes.io/job-name"] == name;
        let log = observed.read().filter(|(pod, _)| of_job(pod)).map(|(_, log)| tail(&log.text, 5)).last();
        let reason = why["reason"].as_str().unwrap_or("Failed");
        Some(Found::at(job, format!("the job {name} has failed: {reason}"), &log.unwrap_or_else(|| said.to_owned())))
    })
    .collect()
}
