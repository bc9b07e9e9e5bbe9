//! What people see when something is wrong: where, what, and what to do; and nothing is written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sparkyard_tests::{catalogue, program, trees};

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(program::sparkyard())
        .args(args)
        .current_dir(folder)
        .env_remove("SPARKYARD_OUT")
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_COLOR", "1")
        .output()
        .expect("sparkyard runs")
}

/// Runs a command that must fail with exit code 1, say all of `parts` and write nothing.
fn refused(folder: &Path, args: &[&str], parts: &[&str]) {
    let before = trees::read(folder);
    let output = run(folder, args);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{args:?}\n{error}");
    for part in parts {
        assert!(error.contains(part), "{args:?}: `{part}` is missing:\n{error}");
    }
    assert_eq!(trees::differences(&before, &trees::read(folder)), Vec::<String>::new(), "{args:?} wrote something");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A copy of the first preset with one word replaced, and the line and column of that word.
fn broken_preset(folder: &Path, word: &str, by: &str) -> (String, String) {
    let text = &catalogue::catalogue().presets[0].source.text;
    let values = text.find("\nvalues:").expect("the preset sets values");
    let at = values + text[values..].find(word).unwrap_or_else(|| panic!("the preset has `{word}`"));
    let line = text[..at].matches('\n').count() + 1;
    let column = at - text[..at].rfind('\n').unwrap_or(0);
    let mut broken = text.clone();
    broken.replace_range(at..at + word.len(), by);
    fs::write(folder.join("mine.yaml"), broken).expect("written");
    ("./mine.yaml".to_owned(), format!("mine.yaml:{line}:{column}"))
}

#[test]
fn an_unknown_key_in_a_preset() {
    let folder = folder();
    let (preset, place) = broken_preset(folder.path(), "driver:", "drvier:");
    refused(
        folder.path(),
        &["build", "--preset", &preset],
        &["unknown-key", &place, "did you mean `driver`?", "^^^^^^"],
    );
}

#[test]
fn an_unknown_key_below_a_name_of_ones_own() {
    let folder = folder();
    let text = "spark-batch:\n  jobs:\n    mine:\n      aplication: s3a://jobs/etl.py\n";
    fs::write(folder.path().join("mine.yaml"), text).expect("written");
    refused(
        folder.path(),
        &["build", "--preset", "batch-k8s", "-f", "mine.yaml"],
        &["unknown-key", "mine.yaml:4:7", "did you mean `application`?"],
    );
}

#[test]
fn an_unknown_brick_in_a_preset() {
    let folder = folder();
    let (preset, place) = broken_preset(folder.path(), "spark-connect:", "spark-conect:");
    refused(folder.path(), &["build", "--preset", &preset], &["unknown-key", &place, "did you mean `spark-connect`?"]);
}

#[test]
fn wrong_types_and_bad_words_in_values() {
    let folder = folder();
    let text = "global:\n  platform: openshft\n  s3:\n    pathStyle: maybe\n  cluster-domain: x\n";
    fs::write(folder.path().join("mine.yaml"), text).expect("written");
    // All problems at once, each at its own place.
    let parts = [
        "mine.yaml:2:13",
        "did you mean `openshift`?",
        "mine.yaml:4:16",
        "mine.yaml:5:3",
        "did you mean `clusterDomain`?",
        "3 errors, nothing was written",
    ];
    refused(folder.path(), &["build", "-f", "mine.yaml"], &parts);
    refused(folder.path(), &["plan", "-f", "mine.yaml"], &parts);
}

#[test]
fn broken_yaml_and_duplicate_keys() {
    let folder = folder();
    fs::write(folder.path().join("a.yaml"), "global:\n  s3: [\n").expect("written");
    refused(folder.path(), &["build", "-f", "a.yaml"], &["a.yaml:"]);
    fs::write(folder.path().join("b.yaml"), "global: {}\nglobal: {}\n").expect("written");
    refused(folder.path(), &["build", "-f", "b.yaml"], &["duplicate-key", "b.yaml:2:1"]);
}

#[test]
fn unknown_names() {
    let folder = folder();
    let id = &catalogue::catalogue().presets[0].id;
    let typo = format!("{}x", &id[..id.len() - 1]);
    refused(
        folder.path(),
        &["build", "--preset", &typo],
        &[&format!("no preset `{typo}`"), &format!("did you mean `{id}`?")],
    );
    refused(folder.path(), &["build", "--bricks", "spark-conect"], &["did you mean `spark-connect`?"]);
    refused(folder.path(), &["build", "--spark", "2.4"], &["2.4"]);
    refused(folder.path(), &["build", "--platform", "openshft"], &["did you mean `openshift`?"]);
    refused(folder.path(), &["show", "spark-conect"], &["did you mean `spark-connect`?"]);
    refused(folder.path(), &["explain", "spark-conect.image"], &["did you mean `spark-connect`?"]);
}

#[test]
fn files_that_cannot_be_read() {
    let folder = folder();
    refused(folder.path(), &["build", "--preset", "./gone.yaml"], &["cannot read ./gone.yaml"]);
    fs::write(folder.path().join("bytes.yaml"), [0xff, 0xfe]).expect("written");
    refused(folder.path(), &["build", "-f", "bytes.yaml"], &["cannot read bytes.yaml", "not a text file"]);
}

#[test]
fn a_brick_without_what_it_needs() {
    let folder = folder();
    refused(folder.path(), &["build", "--bricks", "spark-history"], &["spark-history", "seaweedfs"]);
}

#[test]
fn a_file_where_a_folder_must_be() {
    let folder = folder();
    fs::write(folder.path().join("taken"), "a file").expect("written");
    refused(
        folder.path(),
        &["build", "--out", "taken", "--no-package"],
        &["cannot create the folder taken", "a file stands where"],
    );
    refused(folder.path(), &["build", "--out", "taken/below", "--no-package"], &["taken/below"]);
}

#[test]
fn a_bad_environment() {
    let folder = folder();
    let output = Command::new(program::sparkyard())
        .arg("build")
        .current_dir(folder.path())
        .env("SOURCE_DATE_EPOCH", "yesterday")
        .output()
        .expect("sparkyard runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("SOURCE_DATE_EPOCH is `yesterday`"));
}

/// A limit on the size of files stands in for a full disk, which a test cannot have without being
/// root: a write fails in the middle of a file all the same.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_whole_files() {
    let folder = folder();
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$1\" build --out charts --no-package";
    let output = Command::new("sh")
        .args(["-c", limited, "sh"])
        .arg(program::sparkyard())
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("cannot write charts/") && error.contains("file too large"), "{error}");
    let partial = trees::read(folder.path());
    assert!(run(folder.path(), &["build", "--out", "charts", "--no-package"]).status.success());
    let whole = trees::read(folder.path());
    for (path, bytes) in partial {
        assert!(
            whole.get(&path) == Some(&bytes) || path.ends_with(sparkyard_pack::MANIFEST),
            "{path} was half written"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output() {
    let folder = folder();
    for args in [&["list", "bricks"][..], &["show", "spark-connect"], &["--help"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let output = Command::new(program::sparkyard())
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::from(full))
            .stderr(Stdio::piped())
            .spawn()
            .and_then(std::process::Child::wait_with_output)
            .expect("sparkyard runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {error}");
        assert!(error.contains("cannot write to the standard output"), "{args:?}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder();
    let script = "\"$1\" show spark-connect | true; exit \"${PIPESTATUS:-0}\"";
    let output = Command::new("bash")
        .args(["-o", "pipefail", "-c", script, "bash"])
        .arg(program::sparkyard())
        .current_dir(folder.path())
        .output()
        .expect("bash runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What a chart says only when helm renders it is said at `build` too, of values that are the user's own.
#[test]
fn what_a_chart_would_refuse() {
    let folder = folder();
    let values = "global: {connect: {tls: {enabled: true, certificateSecret: a-secret}}}\n";
    fs::write(folder.path().join("mine.yaml"), values).expect("written");
    refused(
        folder.path(),
        &["build", "--preset", "quickstart", "--spark", "3.5", "-f", "mine.yaml"],
        &["chart-refuses", "global.networkPolicy.enabled=true"],
    );
}

/// It is said at the value that has to be changed, and where the chart refuses it.
#[test]
fn what_a_chart_would_refuse_is_shown_in_the_values_file() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("named.yaml", "spark-batch:\n  jobs:\n    test: {script: print(1)}\n");
    write("number.yaml", "spark-batch:\n  jobs:\n    a: {script: print(1), executor: {instances: 0}}\n");
    let build = ["build", "--preset", "batch-k8s", "-f"];
    for shape in ["modular", "umbrella"] {
        let args = |file| [&build[..], &[file, "--shape", shape]].concat();
        refused(folder.path(), &args("named.yaml"), &["job \"test\"", "named.yaml:3:5", "refused at", "_driver.tpl:"]);
        refused(folder.path(), &args("number.yaml"), &["executor.instances is 0", "number.yaml:3:49", "refused at"]);
    }
}

#[test]
fn a_brick_that_others_need_is_switched_off() {
    let folder = folder();
    fs::write(folder.path().join("mine.yaml"), "jupyter: {}\nseaweedfs: {enabled: false}\n").expect("written");
    refused(
        folder.path(),
        &["build", "--preset", "quickstart", "-f", "mine.yaml"],
        &["unmet-need", "mine.yaml:2:22", "`seaweedfs` is switched off", "global.s3.endpoint"],
    );
}

#[test]
fn charts_and_packages_want_two_folders() {
    let folder = folder();
    for args in [
        &["build", "--out", "a", "--package=./a"][..],
        &["build", "--preset", "quickstart", "--out", "a", "--package=a"],
    ] {
        let output = run(folder.path(), args);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && error.contains("a folder of their own"), "{args:?}: {error}");
    }
    assert!(trees::read(folder.path()).is_empty());
}

#[test]
fn a_preset_of_ones_own_is_named_as_kubernetes_wants_it() {
    let folder = folder();
    let text = &catalogue::catalogue().presets[0].source.text;
    for id in ["../mine", "Mine", "1st", "m-"] {
        let mine = text.replacen(&format!("id: {}", catalogue::catalogue().presets[0].id), &format!("id: {id}"), 1);
        fs::write(folder.path().join("mine.yaml"), mine).expect("written");
        refused(folder.path(), &["build", "--preset", "./mine.yaml"], &["bad-id", "mine.yaml:2:5", "small letters"]);
    }
}

/// What a chart refuses, `push` must not publish, wherever the values come from.
#[test]
fn what_the_chart_refuses_is_neither_built_nor_pushed() {
    let folder = folder();
    let none = "spark-connect: {executor: {instances: 0}, dynamicAllocation: {enabled: false}}\n";
    fs::write(folder.path().join("none.yaml"), none).expect("written");
    let (preset, _) = broken_preset(folder.path(), "instances: 1", "instances: 0");
    for selection in [["-f", "none.yaml"], ["--preset", &preset]] {
        for command in [&["build"][..], &["push", "oci://127.0.0.1:1/charts"]] {
            refused(folder.path(), &[command, &selection[..]].concat(), &["instances"]);
        }
    }
}

#[test]
fn a_time_that_no_package_can_have() {
    let folder = folder();
    for epoch in ["18446744073709551615", "9999999999999", "soon"] {
        let mut command = Command::new(program::sparkyard());
        command.args(["build", "--preset", "quickstart", "--package"]).current_dir(folder.path());
        let output = command.env("SOURCE_DATE_EPOCH", epoch).output().expect("sparkyard runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && error.contains("bad-environment"), "{epoch}: {error}");
    }
    assert!(trees::read(folder.path()).is_empty());
}

#[test]
fn an_edit_in_a_chart_is_not_written_over() {
    let folder = folder();
    let build = ["build", "--preset", "quickstart", "--out", "a"];
    assert!(run(folder.path(), &build).status.success());
    let values = folder.path().join("a/spark-4-3/values.yaml");
    let edited = fs::read_to_string(&values).expect("read") + "# mine\n";
    fs::write(&values, &edited).expect("written");
    refused(folder.path(), &build, &["values.yaml", "changed after", "--force", "-f"]);
    assert_eq!(run(folder.path(), &[&build[..], &["--check"]].concat()).status.code(), Some(1));
    assert!(run(folder.path(), &[&build[..], &["--force"]].concat()).status.success());
    assert_ne!(fs::read_to_string(&values).expect("read"), edited);
}
