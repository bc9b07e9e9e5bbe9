//! `sparkyard push`.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use sparkyard_model::{Catalogue, Finding};
use sparkyard_oci::{Receipt, Registry, State, inspect_all, push_all};

use crate::args::{Format, PushArgs};
use crate::console::{Console, Stop};
use crate::remote::{self, Charts};
use crate::{FAILED, OK, Outcome, table};

pub(crate) fn run(args: &PushArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let options = remote::options(&args.registry, None);
    let charts =
        remote::charts(&args.targets, &args.selection, catalogue, |place| Registry::to_write(place, &options))?;
    let states = inspect_all(&charts.registry, &charts.jobs).map_err(|errors| remote::findings(&errors))?;
    if !args.force {
        refuse(&charts, &states)?;
    }
    if args.dry_run {
        return dry(args, &charts, &states, console);
    }
    let bar = bar(charts.jobs.len());
    let (receipts, errors) = push_all(&charts.registry, &charts.jobs, &states, &|receipt: &Receipt| {
        bar.set_message(receipt.chart.clone());
        bar.inc(1);
    });
    bar.finish_and_clear();
    let mut findings = remote::findings(&errors);
    if !findings.is_empty() {
        let (done, all) = (receipts.len(), charts.jobs.len());
        let message = format!("{done} of {all} charts are in the registry; the others have no tag there");
        findings.push(Finding::error("push-unfinished", message).help("run the same command again: it goes on"));
    }
    match args.output {
        Format::Json => console.json(&json!({ "charts": receipts, "findings": findings }))?,
        Format::Table => {
            console.print(&text(&receipts))?;
            console.notes(&findings)?;
        }
    }
    Ok(if findings.is_empty() { OK } else { FAILED })
}

/// What would be overwritten: all of it, before anything is pushed.
fn refuse(charts: &Charts, states: &[State]) -> Result<(), Stop> {
    let others = charts.jobs.iter().zip(states).filter_map(|(job, state)| match state {
        State::Other { digest } => {
            let artifact = &job.artifact;
            let message = format!(
                "{}:{} is there with other bytes: {digest}, and yours are {}",
                job.repository,
                artifact.tag(),
                artifact.digest
            );
            Some(Finding::error("other-bytes", message).help("raise the chart's version, or overwrite it with --force"))
        }
        _ => None,
    });
    let others: Vec<Finding> = others.collect();
    if others.is_empty() { Ok(()) } else { Err(others.into()) }
}

fn dry(args: &PushArgs, charts: &Charts, states: &[State], console: &mut Console<'_>) -> Outcome {
    let would = |state: &State| match state {
        State::Absent => "push",
        State::Present { .. } => "nothing",
        State::Other { .. } => "replace",
    };
    let pairs = || charts.jobs.iter().zip(states);
    match args.output {
        Format::Json => {
            let list: Vec<_> = pairs()
                .map(|(job, state)| {
                    json!({
                        "would": would(state),
                        "chart": job.artifact.name,
                        "version": job.artifact.version,
                        "repository": job.repository,
                        "digest": job.artifact.digest,
                    })
                })
                .collect();
            console.json(&json!({ "charts": list, "findings": [] }))?;
        }
        Format::Table => console.print(&table::rows(
            ["WOULD", "CHART", "VERSION", "REPOSITORY", "DIGEST"],
            pairs().map(|(job, state)| {
                let artifact = &job.artifact;
                let version = artifact.version.clone();
                [
                    would(state).into(),
                    artifact.name.clone(),
                    version,
                    job.repository.clone(),
                    artifact.digest.to_string(),
                ]
            }),
        ))?,
    }
    Ok(OK)
}

fn text(receipts: &[Receipt]) -> String {
    let rows = receipts.iter().map(|receipt| {
        let size = table::size(usize::try_from(receipt.size).unwrap_or(usize::MAX));
        [receipt.done.to_owned(), receipt.reference.clone(), size, receipt.digest.to_string()]
    });
    table::rows(["DONE", "REFERENCE", "SIZE", "DIGEST"], rows)
}

/// Seen on a terminal only.
fn bar(charts: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(charts as u64).with_style(style)
}
