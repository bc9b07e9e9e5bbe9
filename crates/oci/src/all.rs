//! Many things asked of one registry, a few at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::error::OciError;

/// Results in the order of what they are of.
pub(crate) struct Results<T>(Vec<Option<Result<T, OciError>>>);

impl<T> Results<T> {
    pub(crate) fn into_whole(self) -> Result<Vec<T>, Vec<OciError>> {
        let (done, errors) = self.apart();
        if errors.is_empty() { Ok(done) } else { Err(errors) }
    }

    pub(crate) fn apart(self) -> (Vec<T>, Vec<OciError>) {
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
pub(crate) fn on_all<J: Sync, T: Send>(
    threads: usize,
    jobs: &[J],
    act: impl Fn(&J) -> Result<T, OciError> + Sync,
) -> Results<T> {
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
