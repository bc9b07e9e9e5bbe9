//! `up`, `status`, `open`, `down` and `doctor` without a cluster: with the real helm and kubectl, or with neither.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sparkyard_tests::program;

/// A kubeconfig of a cluster on a port on which nobody listens.
const NOBODY: &str = "apiVersion: v1
kind: Config
current-context: nobody
contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
clusters: [{name: nobody, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: nobody, user: {token: none}}]
";

fn run(folder: &Path, args: &[&str], path: Option<&str>) -> Output {
    let config = folder.join("kubeconfig");
    fs::write(&config, NOBODY).expect("written");
    let mut command = Command::new(program::sparkyard());
    command.args(args).current_dir(folder).env("NO_COLOR", "1").env("KUBECONFIG", config);
    command.env("XDG_STATE_HOME", folder.join("state")).stdin(Stdio::null());
    let helm = sparkyard_tests::helm::helm().parent().expect("a folder").display().to_string();
    let own = format!("{helm}:{}", std::env::var("PATH").unwrap_or_default());
    command.env("PATH", path.unwrap_or(&own)).output().expect("sparkyard runs")
}

fn fails(args: &[&str], path: Option<&str>, code: i32, parts: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), args, path);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{said}");
    for part in parts {
        assert!(said.contains(part), "{args:?}: `{part}` is missing:\n{said}");
    }
    assert!(!folder.path().join("state").exists(), "{args:?}: a context was remembered");
}

#[test]
fn without_kubectl_and_helm() {
    for args in
        [&["up", "quickstart"][..], &["doctor"], &["down", "quickstart", "-y"], &["status"], &["open", "jupyter"]]
    {
        fails(args, Some("/nowhere"), 1, &["on PATH", "--dry-run"]);
    }
}

#[test]
fn without_a_cluster() {
    for args in [&["up", "quickstart", "--yes"][..], &["status"], &["open", "jupyter"], &["down"], &["doctor"]] {
        fails(args, None, 1, &["the cluster does not answer", "127.0.0.1:1"]);
    }
}

#[test]
fn with_a_context_that_does_not_exist() {
    for args in [
        &["up", "quickstart", "--context", "prod"][..],
        &["status", "--context", "prod"],
        &["doctor", "--context", "prod"],
    ] {
        fails(args, None, 1, &["the kubeconfig has no such context", "prod", "get-contexts"]);
    }
}

#[test]
fn with_json_the_reason_is_a_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &["status", "-o", "json"], None);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["findings"][0]["rule"], "no-cluster");
    let output = run(folder.path(), &["doctor", "-o", "json"], None);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let seen = document["seen"].as_array().expect("a list");
    assert!(
        document["verdict"] == "fail" && seen.iter().any(|one| one["what"] == "cluster" && one["verdict"] == "fail")
    );
}

#[test]
fn wrong_words_are_wrong_usage() {
    for args in [&["up"][..], &["up", "quickstart", "--timeout", "soon"], &["open"], &["open", "ui", "--port", "99999"]]
    {
        fails(args, None, 2, &["--help"]);
    }
}

#[test]
fn an_unknown_preset_is_named() {
    fails(&["up", "quickstrat", "--dry-run"], None, 1, &["no preset `quickstrat`", "quickstart"]);
}

/// The commands of a dry run, typed into a shell up to the cluster: the charts are there, and helm renders them as told.
#[test]
fn a_dry_run_can_be_pasted() {
    for (args, releases) in [
        (&["up", "quickstart", "--dry-run", "--set", "jupyter.persistence.size=7Gi"][..], 1),
        (
            &[
                "up",
                "quickstart",
                "--dry-run",
                "--line",
                "3.5",
                "--context",
                "c",
                "-n",
                "team",
                "--platform",
                "openshift",
            ],
            6,
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        // Without kubectl and helm it works as well.
        let output = run(folder.path(), args, Some("/nowhere"));
        let script = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(
            script.contains("kubectl") && script.contains("create namespace") && script.contains("openssl rand"),
            "{script}"
        );
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("made");
        std::os::unix::fs::symlink(program::sparkyard(), bin.join("sparkyard")).expect("linked");
        let is_ours = |line: &&str| {
            !line.starts_with("kubectl") && !line.starts_with("  --from") && !line.starts_with("sparkyard status")
        };
        let local: Vec<&str> = script.lines().filter(is_ours).collect();
        let local = format!("set -e\n{}\n", local.join("\n"))
            .replace("helm upgrade --install", "helm template")
            .replace("--kube-context c", "");
        assert_eq!(local.matches("helm template").count(), releases, "{script}");
        let helm = sparkyard_tests::helm::helm().parent().expect("a folder").display().to_string();
        let path = format!("{}:{helm}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let done = Command::new("bash")
            .args(["-c", &local])
            .current_dir(folder.path())
            .env("PATH", path)
            .output()
            .expect("bash runs");
        let made = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{local}\n{}", String::from_utf8_lossy(&done.stderr));
        assert!(made.contains("name: quickstart-credentials"), "the Secret is not read");
        assert!(
            !made.contains("kind: Job\nmetadata:\n  name: quickstart-credentials"),
            "the chart makes the Secret too"
        );
        assert_eq!(made.contains("storage: 7Gi"), args.contains(&"--set"), "{args:?}");
    }
}

#[test]
fn what_the_checks_find_is_refused_before_anything_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("root.yaml"),
        "seaweedfs: {pod: {securityContext: {runAsUser: 0, runAsNonRoot: false}}}\n",
    )
    .expect("written");
    let output = run(folder.path(), &["up", "quickstart", "--dry-run", "-f", "root.yaml"], Some("/nowhere"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("pod-admission") && said.contains("root.yaml") && said.contains("nothing was done"),
        "{said}"
    );
    assert!(output.stdout.is_empty(), "commands were printed all the same");
}
