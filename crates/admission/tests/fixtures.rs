//! Kubernetes' own test data of Pod Security: every pod that must pass passes, every one that must fail fails,
//! at every level and version, and for the check that its name says.
//!
//! The files are in the Go module of Pod Security, which Go fetches on first use; nothing of them is here.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sparkyard_admission::{Level, Namespace, PodRef, Policy, PssVersion, pss};

const MODULE: &str = "k8s.io/pod-security-admission";

/// Fewer than these, and something was not found.
const AT_LEAST: usize = 1700;

#[test]
fn kubernetes_own_fixtures() {
    let tree = tree();
    let mut wrong = Vec::new();
    let (mut passed, mut failed) = (0, 0);
    for level in [Level::Baseline, Level::Restricted] {
        let newest = versions(&tree.join(level.name())).into_iter().max().expect("a version");
        assert_eq!(newest, PssVersion::NEWEST_MINOR, "the newest version of {MODULE} that this crate knows");
        for minor in PssVersion::OLDEST_MINOR..=newest {
            let version = PssVersion::of_minor(minor).expect("a known version");
            let policy = Policy::Pss { level, version };
            let folder = tree.join(level.name()).join(format!("v1.{minor}"));
            for file in files(&folder.join("pass")) {
                passed += 1;
                if let Err(reasons) = judge(&policy, &file) {
                    wrong.push(format!("{} must pass: {reasons:?}", file.display()));
                }
            }
            for file in files(&folder.join("fail")) {
                failed += 1;
                match judge(&policy, &file) {
                    Ok(()) => wrong.push(format!("{} must fail", file.display())),
                    Err(reasons) if !reasons.iter().any(|id| id == check_of(&file, level, version)) => {
                        wrong.push(format!("{} fails for {reasons:?}", file.display()));
                    }
                    Err(_) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} fixtures are judged wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed + failed >= AT_LEAST, "only {passed} and {failed} fixtures were found");
    support::counted(&format!(
        "{} fixtures of Pod Security 1.{} to 1.{}: {passed} pass, {failed} fail",
        passed + failed,
        PssVersion::OLDEST_MINOR,
        PssVersion::NEWEST_MINOR,
    ));
}

/// The fixtures, in Go's module cache.
fn tree() -> PathBuf {
    let oracle = support::root().join("tests/oracle/pss");
    let version = support::pinned(&oracle.join("go.mod"), MODULE);
    let cache = PathBuf::from(support::go(&oracle, &["env", "GOMODCACHE"]));
    let tree = cache.join(format!("{MODULE}@{version}/test/testdata"));
    if !tree.is_dir() {
        support::go(&oracle, &["mod", "download", &format!("{MODULE}@{version}")]);
    }
    assert!(tree.is_dir(), "{} is missing; run: go mod download {MODULE}@{version}", tree.display());
    tree
}

fn versions(folder: &Path) -> Vec<u16> {
    let names = files(folder).into_iter();
    names.filter_map(|path| path.file_name()?.to_str()?.strip_prefix("v1.")?.parse().ok()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// The ids of the checks that a pod fails.
fn judge(policy: &Policy, file: &Path) -> Result<(), Vec<String>> {
    let text = fs::read_to_string(file).expect("a fixture");
    let pod: Value = serde_saphyr::from_str(&text).expect("YAML");
    let pod = PodRef { metadata: &pod["metadata"], spec: &pod["spec"] };
    match policy.judge(pod, &Namespace::default()) {
        Ok(_) => Ok(()),
        Err(violations) => Err(violations.into_iter().map(|violation| violation.check).collect()),
    }
}

/// The checks of baseline that restricted does not run, and what it runs in their place.
const REPLACED: [(&str, &str); 4] = [
    ("capabilities_baseline", "capabilities_restricted"),
    ("hostpathvolumes", "restrictedVolumes"),
    ("procmount", "procMount_restricted"),
    ("seccompprofile_baseline", "seccompProfile_restricted"),
];

/// The check that a fixture is named after: `hostports0.yaml`, `capabilities_restricted12.yaml`.
fn check_of(file: &Path, level: Level, version: PssVersion) -> &'static str {
    let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.trim_end_matches(|last: char| last.is_ascii_digit());
    let own = pss::ids(level, version).find(|id| id.eq_ignore_ascii_case(name));
    let other = || REPLACED.iter().find(|(replaced, _)| *replaced == name).map(|(_, by)| *by);
    own.or_else(other).unwrap_or_else(|| panic!("{}: no check has this name", file.display()))
}
