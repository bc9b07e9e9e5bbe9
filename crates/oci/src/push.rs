//! Many charts into a registry.

use serde::Serialize;

use crate::all::on_all;
use crate::artifact::{Artifact, CHART_LAYER, PROVENANCE_LAYER};
use crate::digest::Digest;
use crate::error::OciError;
use crate::registry::Registry;

/// A chart and where it goes.
#[derive(Debug, Clone)]
pub struct Job {
    /// The chart.
    pub artifact: Artifact,
    /// Repository below the host: `acme/charts/demo`.
    pub repository: String,
}

/// What a registry has under a chart's version, or has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum State {
    /// Nothing.
    Absent,
    /// The same chart.
    Present {
        /// Digest of its manifest; another than ours when it was pushed with another time.
        digest: Digest,
    },
    /// Another chart, or something else.
    Other {
        /// Digest of what is there.
        digest: Digest,
    },
}

/// What was done with a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// `pushed`, `present` or `replaced`.
    pub done: &'static str,
    /// Name of the chart.
    pub chart: String,
    /// Its version.
    pub version: String,
    /// `HOST/PATH/NAME:TAG`, as helm prints it.
    pub reference: String,
    /// Digest of the manifest that the registry has.
    pub digest: Digest,
    /// Digest of the package.
    pub package_digest: Digest,
    /// Bytes of the package.
    pub size: u64,
}

/// What the registry has under the versions of all these charts, in their order.
///
/// # Errors
/// What went wrong with each chart.
pub fn inspect_all(registry: &Registry, jobs: &[Job]) -> Result<Vec<State>, Vec<OciError>> {
    on_all(registry.jobs(), jobs, |job| inspect(registry, job)).into_whole()
}

fn inspect(registry: &Registry, job: &Job) -> Result<State, OciError> {
    let artifact = &job.artifact;
    let Some(bytes) = registry.manifest(&job.repository, &artifact.tag())? else { return Ok(State::Absent) };
    let digest = Digest::of(&bytes);
    if digest == artifact.digest {
        return Ok(State::Present { digest });
    }
    let same = registry.chart_manifest(&job.repository, &bytes).is_ok_and(|manifest| {
        [CHART_LAYER, PROVENANCE_LAYER].iter().all(|kind| {
            manifest.layer(kind).map(|layer| &layer.digest) == artifact.layer(kind).map(|layer| &layer.digest)
        })
    });
    Ok(if same { State::Present { digest } } else { State::Other { digest } })
}

/// Pushes charts that [`inspect_all`] has looked at; what is present is left alone, what is other is replaced. `done` hears of
/// every chart, from many threads.
///
/// What was done, and what went wrong. After an error that every other chart would meet too, nothing new is begun.
pub fn push_all(
    registry: &Registry,
    jobs: &[Job],
    states: &[State],
    done: &(dyn Fn(&Receipt) + Sync),
) -> (Vec<Receipt>, Vec<OciError>) {
    let pairs: Vec<(&Job, &State)> = jobs.iter().zip(states).collect();
    on_all(registry.jobs(), &pairs, |(job, state)| {
        let receipt = push(registry, job, state)?;
        done(&receipt);
        Ok(receipt)
    })
    .apart()
}

fn push(registry: &Registry, job: &Job, state: &State) -> Result<Receipt, OciError> {
    let artifact = &job.artifact;
    let (done, digest) = match state {
        State::Present { digest } => ("present", digest.clone()),
        State::Absent | State::Other { .. } => {
            for (blob, bytes) in &artifact.blobs {
                registry.upload(&job.repository, blob, bytes)?;
            }
            registry.tag(&job.repository, artifact)?;
            (if *state == State::Absent { "pushed" } else { "replaced" }, artifact.digest.clone())
        }
    };
    Ok(Receipt {
        done,
        chart: artifact.name.clone(),
        version: artifact.version.clone(),
        reference: format!("{}/{}:{}", registry.host(), job.repository, artifact.tag()),
        digest,
        package_digest: artifact.package().digest.clone(),
        size: artifact.package().size,
    })
}
