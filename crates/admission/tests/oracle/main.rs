//! Random pods, judged by this crate and by the code that clusters run: Kubernetes' Pod Security library and
//! OpenShift's library of security context constraints, as two Go programs (`tests/oracle` of the repository).
//!
//! With SPARKYARD_TEST_ALL (`cargo xtask test --all`) the programs are built and asked about every pod. Without,
//! the first pods are compared with what the programs said when the samples beside this file were written. To
//! write them again, for example after a change of the random pods:
//!
//! ```sh
//! SPARKYARD_WRITE_SAMPLE=1 cargo test -p sparkyard-admission --test oracle
//! ```

mod constraints;
mod contexts;
mod dice;
mod pods;
mod process;
mod pss;
mod scc;
#[path = "../support/mod.rs"]
mod support;
mod volumes;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// How many pods are compared in full.
const PODS: u64 = 10_000;
/// How many of them are in the sample.
const SAMPLED: u64 = 300;
/// How often each verdict must be given.
const RARE: usize = 20;
/// How many differences are shown.
const SHOWN: usize = 5;

/// A pod and what is asked about it.
trait Case {
    /// What the sample calls it.
    fn title(&self) -> String;
    /// What this crate says, in a form that is compared.
    fn ours(&self) -> Value;
    /// What a person needs to see a difference.
    fn shown(&self) -> Value;
    /// One line that stands for an answer.
    fn line(answer: &Value) -> String;
    /// The single verdicts in an answer.
    fn verdicts(answer: &Value) -> Vec<String>;
    /// The single verdicts that must occur: a check that never refuses proves nothing.
    fn expected() -> Vec<String>;
}

#[test]
fn pod_security_agrees() {
    compare("pss", pss::PssCase::new, pss::ask);
}

#[test]
fn security_context_constraints_agree() {
    compare("scc", scc::SccCase::new, scc::ask);
}

fn compare<C: Case>(name: &str, new: fn(u64) -> C, ask: fn(&[C]) -> Vec<Value>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/oracle/{name}.sample"));
    let write = std::env::var_os("SPARKYARD_WRITE_SAMPLE").is_some();
    if write || std::env::var_os("SPARKYARD_TEST_ALL").is_some() {
        let cases: Vec<C> = (0..PODS).map(new).collect();
        let theirs = ask(&cases);
        agree(name, &cases, &theirs);
        occur::<C>(&theirs);
        let sample = sample::<C>(name, &cases, &theirs);
        if write {
            std::fs::write(&file, sample).expect("the sample can be written");
        } else {
            assert_eq!(read(&file), sample, "the sample is stale; SPARKYARD_WRITE_SAMPLE=1 writes it again");
        }
        summary::<C>(name, "the real library says", &theirs);
    } else {
        let cases: Vec<C> = (0..SAMPLED).map(new).collect();
        let ours: Vec<Value> = cases.iter().map(Case::ours).collect();
        let (said, written) = (sample::<C>(name, &cases, &ours), read(&file));
        for ((ours, theirs), case) in said.lines().zip(written.lines()).skip(HEAD_LINES).zip(&cases) {
            let (shown, answer) = (case.shown(), case.ours());
            assert_eq!(ours, theirs, "this crate and the sample differ about {shown:#}\nours in full: {answer:#}");
        }
        assert_eq!(said, written, "the sample is stale; SPARKYARD_WRITE_SAMPLE=1 writes it again");
        summary::<C>(name, "a sample of the real library's answers says", &ours);
    }
}

fn agree<C: Case>(name: &str, cases: &[C], theirs: &[Value]) {
    assert_eq!(cases.len(), theirs.len(), "the oracle answers every question");
    let mut differences = String::new();
    let mut number = 0;
    for (seed, (case, theirs)) in cases.iter().zip(theirs).enumerate() {
        let ours = case.ours();
        if ours != *theirs {
            number += 1;
            if number <= SHOWN {
                let _ = writeln!(
                    differences,
                    "seed {seed}, {}: {:#}\nours: {ours:#}\ntheirs: {theirs:#}\n",
                    case.title(),
                    case.shown()
                );
            }
        }
    }
    assert!(
        number == 0,
        "{name}: {number} of {} pods are judged differently, the first are\n{differences}",
        cases.len()
    );
}

/// Every verdict that is expected is given often enough.
fn occur<C: Case>(answers: &[Value]) {
    let mut given: BTreeMap<String, usize> = C::expected().into_iter().map(|verdict| (verdict, 0)).collect();
    for verdict in answers.iter().flat_map(C::verdicts) {
        given.entry(verdict).and_modify(|number| *number += 1);
    }
    let rare: Vec<_> = given.iter().filter(|(_, number)| **number < RARE).collect();
    assert!(rare.is_empty(), "the random pods do not reach everything: {rare:?} of {given:?}");
}

/// Comes before the lines of a sample.
const HEAD_LINES: usize = 3;

fn sample<C: Case>(name: &str, cases: &[C], answers: &[Value]) -> String {
    let mut text = format!(
        "# What the real library says of the first random pods ({name}); compared by crates/admission/tests/oracle.\n\
         # Written by: SPARKYARD_WRITE_SAMPLE=1 cargo test -p sparkyard-admission --test oracle\n\
         # seed, policy, answer\n"
    );
    for (seed, (case, answer)) in cases.iter().zip(answers).enumerate().take(SAMPLED as usize) {
        let _ = writeln!(text, "{seed} {} {}", case.title(), C::line(answer));
    }
    text
}

fn summary<C: Case>(name: &str, with: &str, answers: &[Value]) {
    let admitted = answers.iter().filter(|answer| C::line(answer).starts_with("admitted")).count();
    let undecodable = answers.iter().filter(|answer| C::line(answer).starts_with("undecodable")).count();
    let total = answers.len();
    let refused = total - admitted - undecodable;
    support::counted(&format!(
        "{total} random pods ({name}) as {with}: {admitted} admitted, {refused} refused, {undecodable} undecodable"
    ));
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| {
        panic!("{}: {error}; SPARKYARD_WRITE_SAMPLE=1 writes it", file.display());
    })
}

/// Where Go programs are built.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tools")
}
