//! The S3 store refuses the keys.

use crate::words::line_with;
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "s3-keys",
    symptom: "`prepare` says `the S3 keys are wrong or may not do this`; Spark says `AccessDenied`, `InvalidAccessKeyId` or `SignatureDoesNotMatch`",
    cause: "The keys in the Secret are not those of the store, or may not use the bucket",
    cure: "Put the right keys into the Secret (`s3-access-key`, `s3-secret-key`), then restart the pods that read it; give the keys the right to read, write, list and delete in the bucket",
    check: "kubectl -n NS logs POD -c prepare",
    patience: 0,
    vague: false,
    find,
};

const WORDS: &[&str] = &["S3 keys are wrong", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDeniedException"];

fn find(observed: &Observed) -> Vec<Found> {
    let logs = observed.read().filter_map(|(pod, log)| {
        let line = line_with(&log.text, WORDS)?;
        Some(Found::at(pod, "the S3 store refuses the keys", line))
    });
    logs.collect()
}
