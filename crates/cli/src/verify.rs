//! `sparkyard verify`.

use serde_json::json;
use sparkyard_model::{Catalogue, Finding};
use sparkyard_oci::{Job, Registry, State, inspect_all};

use crate::args::{Format, VerifyArgs};
use crate::console::Console;
use crate::{FAILED, OK, Outcome, remote, table};

pub(crate) fn run(args: &VerifyArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let options = remote::options(&args.registry, None);
    let charts = remote::charts(&args.targets, &args.selection, catalogue, |place| Registry::to_read(place, &options))?;
    let states = inspect_all(&charts.registry, &charts.jobs).map_err(|errors| remote::findings(&errors))?;
    let pairs: Vec<(&Job, &State)> = charts.jobs.iter().zip(&states).collect();
    match args.output {
        Format::Json => {
            let list: Vec<_> = pairs.iter().map(|(job, state)| document(job, state)).collect();
            let findings: Vec<Finding> = pairs.iter().filter_map(|(job, state)| finding(job, state)).collect();
            console.json(&json!({ "charts": list, "findings": findings }))?;
        }
        Format::Table => console.print(&table::rows(
            ["IS", "CHART", "VERSION", "DIGEST THERE"],
            pairs.iter().map(|(job, state)| {
                let (word, digest) = word(state);
                [word.to_owned(), job.repository.clone(), job.artifact.version.clone(), digest]
            }),
        ))?,
    }
    let good = states.iter().all(|state| matches!(state, State::Present { .. }));
    Ok(if good { OK } else { FAILED })
}

fn word(state: &State) -> (&'static str, String) {
    match state {
        State::Absent => ("missing", "-".to_owned()),
        State::Present { digest } => ("equal", digest.to_string()),
        State::Other { digest } => ("OTHER", digest.to_string()),
    }
}

fn document(job: &Job, state: &State) -> serde_json::Value {
    let (word, digest) = word(state);
    json!({
        "is": word.to_lowercase(),
        "chart": job.artifact.name,
        "version": job.artifact.version,
        "repository": job.repository,
        "digest": (digest != "-").then_some(digest),
        "wanted": job.artifact.digest,
    })
}

fn finding(job: &Job, state: &State) -> Option<Finding> {
    let name = format!("{}:{}", job.repository, job.artifact.tag());
    match state {
        State::Present { .. } => None,
        State::Absent => Some(Finding::error("registry-missing", format!("{name} is not there"))),
        State::Other { digest } => Some(Finding::error("other-bytes", format!("{name} has other bytes: {digest}"))),
    }
}
