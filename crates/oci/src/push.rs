//! Many charts into a registry.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use serde::Serialize;

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

/// Results in the order of what they are of.
struct Results<T>(Vec<Option<Result<T, OciError>>>);

impl<T> Results<T> {
    fn into_whole(self) -> Result<Vec<T>, Vec<OciError>> {
        let (done, errors) = self.apart();
        if errors.is_empty() { Ok(done) } else { Err(errors) }
    }

    fn apart(self) -> (Vec<T>, Vec<OciError>) {
        let (mut done, mut errors) = (Vec::new(), Vec::new());
        for result in self.0.into_iter().flatten() {
            match result {
                Ok(one) => done.push(one),
                Err(error) => errors.push(error),
            }
        }
        // Several threads meet a dead registry at once; it is said once.
        errors.dedup_by(|a, b| a.message == b.message);
        (done, errors)
    }
}

/// Acts on all, a few at a time, and stops beginning after an error that all would meet.
fn on_all<J: Sync, T: Send>(threads: usize, jobs: &[J], act: impl Fn(&J) -> Result<T, OciError> + Sync) -> Results<T> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let results: Mutex<Vec<Option<Result<T, OciError>>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { return };
            let result = act(job);
            if result.as_ref().is_err_and(OciError::stops_all) {
                stop.store(true, Ordering::Relaxed);
            }
            if let Ok(mut results) = results.lock() {
                results[index] = Some(result);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            scope.spawn(work);
        }
        work();
    });
    Results(results.into_inner().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Cause;

    #[test]
    fn order_is_kept_and_a_dead_registry_stops_all() {
        let numbers: Vec<usize> = (0..50).collect();
        let done = on_all(8, &numbers, |n| Ok(n * 2)).into_whole().expect("done");
        assert_eq!(done, (0..50).map(|n| n * 2).collect::<Vec<_>>());
        let begun = AtomicUsize::new(0);
        let errors = on_all(1, &numbers, |n| {
            begun.fetch_add(1, Ordering::Relaxed);
            if *n == 2 { Err(OciError::new(Cause::Unreachable, "dead")) } else { Ok(()) }
        })
        .into_whole()
        .expect_err("dead");
        assert_eq!((errors.len(), begun.into_inner()), (1, 3));
    }
}
