//! The bucket is missing and cannot be made, or the store does not answer.

use crate::words::{between, component_of_host, line_with};
use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "s3-bucket",
    symptom: "`prepare` says `cannot look at bucket`, `cannot make bucket` or `cannot write to`; Spark says `NoSuchBucket` or that the event log's folder does not exist",
    cause: "The bucket does not exist and the keys may not make it (`global.s3.prepare` off, or a store that forbids it), it was removed, or the store does not answer",
    cure: "Make the bucket, or correct `global.s3.bucket` and `global.s3.endpoint`; with `global.s3.prepare` on, restarting the pod makes it again",
    check: "kubectl -n NS logs POD -c prepare",
    patience: 60,
    vague: false,
    find,
};

/// What drivers and the History Server say of a bucket or prefix that is not there.
const MISSING: &[&str] = &[
    "NoSuchBucket",
    "bucket does not exist",
    "Bucket does not exist",
    "FileNotFoundException: No such file or directory: s3a://",
    "File does not exist: s3a://",
];

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for (pod, log) in observed.read() {
        let line = line_with(&log.text, &["cannot look at bucket", "cannot make bucket", "cannot write to "]);
        if let Some(line) = line
            .filter(|line| !line.contains("HTTP 403") && !line.contains("HTTP 401") && !log.text.contains(" is there"))
        {
            let bucket = between(line, "bucket ", " at ").or(between(line, "write to ", "/")).unwrap_or("of the stack");
            let bucket = bucket.split([':', ' ']).next().unwrap_or(bucket);
            let host = between(line, " at http://", ":").or(between(line, " at https://", ":"));
            let silent = line.contains("rror") || line.contains("refused") || line.contains("timed out");
            let message = match (silent, host) {
                (true, Some(host)) => format!("the S3 store at {host} does not answer"),
                _ => format!("the bucket {bucket} cannot be used"),
            };
            let mut one = Found::at(pod, message, line);
            one.waits_for = host.and_then(|host| component_of_host(host, &observed.stack)).map(str::to_owned);
            found.push(one);
        } else if let Some(line) = line_with(&log.text, MISSING) {
            let place = between(line, "s3a://", "/").map(|bucket| format!("the bucket {bucket}"));
            let place = place.unwrap_or_else(|| "the bucket".to_owned());
            found.push(Found::at(pod, format!("{place}, or the folder for event logs in it, does not exist"), line));
        }
    }
    found
}
