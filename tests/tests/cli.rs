//! The program as people and scripts use it: exit codes, output, and what is on disk afterwards.

use std::fs;
use std::path::Path;

use snapbox::cmd::{Command, OutputAssert};
use sparkyard_tests::{catalogue, program, trees};

fn sparkyard(folder: &Path, args: &[&str]) -> OutputAssert {
    Command::new(program::sparkyard())
        .args(args)
        .current_dir(folder)
        .env_remove("SPARKYARD_OUT")
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_COLOR", "1")
        .assert()
}

fn stdout(assert: &OutputAssert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).expect("text")
}

fn stderr(assert: &OutputAssert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).expect("text")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn preset() -> &'static str {
    &catalogue::catalogue().presets[0].id
}

#[test]
fn building_twice_writes_nothing_the_second_time() {
    let folder = folder();
    let first = sparkyard(folder.path(), &["build"]).success();
    assert!(stdout(&first).contains("\ngenerated-charts: "), "{}", stdout(&first));
    let before = trees::read(folder.path());
    let second = stdout(&sparkyard(folder.path(), &["build"]).success());
    let zero = second.lines().filter(|line| line.contains(": 0 files written, ")).count();
    assert_eq!(zero, 2, "charts and packages:\n{second}");
    assert!(second.contains("Next:\n  cd generated-charts\n  helm install "), "{second}");
    assert_eq!(trees::differences(&before, &trees::read(folder.path())), Vec::<String>::new());
    let check = sparkyard(folder.path(), &["build", "--check"]).success();
    assert_eq!(stdout(&check), "everything is up to date\n");
}

#[test]
fn check_writes_nothing_and_says_what_it_would() {
    let folder = folder();
    sparkyard(folder.path(), &["build"]).success();
    let values = trees::read(folder.path()).into_keys().find(|path| path.ends_with("/values.yaml")).expect("values");
    fs::write(folder.path().join(&values), "edited").expect("written");
    let check = sparkyard(folder.path(), &["build", "--check"]).code(1);
    assert_eq!(stdout(&check), format!("would write  {values}\n"));
    assert_eq!(fs::read(folder.path().join(&values)).expect("read"), b"edited");
}

#[test]
fn a_selection_goes_to_a_folder_of_its_own() {
    let folder = folder();
    let line = catalogue::catalogue().lines.last().expect("a line");
    let name = format!("{}-{}", preset(), line.slug());
    let built = sparkyard(folder.path(), &["build", "--preset", preset(), "--package"]).success();
    assert!(stdout(&built).contains(&format!("\ncharts/{name}: ")), "{}", stdout(&built));
    let there = trees::read(folder.path());
    assert!(
        there
            .keys()
            .all(|path| path.starts_with(&format!("charts/{name}/")) || path.starts_with(&format!("dist/{name}/")))
    );
    assert!(there.keys().any(|path| path.ends_with(".tgz")));
}

#[test]
fn a_selection_never_lands_in_the_catalogue() {
    let folder = folder();
    sparkyard(folder.path(), &["build"]).success();
    let before = trees::read(folder.path());
    let refused = sparkyard(folder.path(), &["build", "--preset", preset(), "--out", "generated-charts"]).code(1);
    assert!(
        stderr(&refused).contains("generated-charts holds the whole catalogue, not a selection"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(trees::differences(&before, &trees::read(folder.path())), Vec::<String>::new());
}

#[test]
fn foreign_files_are_never_touched() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("charts")).expect("made");
    fs::write(folder.path().join("charts/README.md"), "mine").expect("made");
    fs::write(folder.path().join("charts/notes.txt"), "mine too").expect("made");
    let refused = sparkyard(folder.path(), &["build", "--out", "charts", "--no-package"]).code(1);
    assert!(
        stderr(&refused).contains("charts/README.md is there and was not written by sparkyard"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(trees::read(folder.path()).len(), 2, "nothing was written");
    sparkyard(folder.path(), &["build", "--out", "charts", "--no-package", "--force"]).success();
    assert_eq!(fs::read(folder.path().join("charts/notes.txt")).expect("read"), b"mine too");
}

#[test]
fn what_scripts_read_is_json() {
    let folder = folder();
    let commands: [&[&str]; 11] = [
        &["list", "bricks"],
        &["list", "presets"],
        &["list", "lines"],
        &["list", "platforms"],
        &["show", preset()],
        &["compare", "lines"],
        &["plan", "--preset", preset()],
        &["explain", "global.stack"],
        &["images", preset()],
        &["build", "--preset", preset()],
        &["build", "--preset", preset(), "--check"],
    ];
    for command in commands {
        let text = stdout(&sparkyard(folder.path(), &[command, &["-o", "json"]].concat()).success());
        let value: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{command:?}: {e}\n{text}"));
        assert!(value.is_array() || value.is_object(), "{command:?}");
    }
    let failed = sparkyard(folder.path(), &["build", "--preset", "nothing-like-it", "-o", "json"]).code(1);
    let value: serde_json::Value = serde_json::from_str(&stdout(&failed)).expect("json");
    assert_eq!(value["findings"][0]["rule"], "unknown-preset");
    assert!(stderr(&failed).is_empty());
}

#[test]
fn ways_are_compared_side_by_side() {
    let folder = folder();
    let text = stdout(&sparkyard(folder.path(), &["compare", "backends"]).success());
    assert!(
        text.contains("standalone") && text.contains("for whom") && text.lines().all(|line| line.len() <= 100),
        "{text}"
    );
    let refused = sparkyard(folder.path(), &["compare", "backend"]).code(1);
    assert!(stderr(&refused).contains("did you mean `backends`?"), "{}", stderr(&refused));
}

#[test]
fn a_plan_says_who_decided() {
    let folder = folder();
    fs::write(folder.path().join("mine.yaml"), "global:\n  s3:\n    bucket: mine\n").expect("made");
    let args = ["plan", "--preset", preset(), "-f", "mine.yaml"];
    let table = stdout(&sparkyard(folder.path(), &args).success());
    assert!(table.lines().any(|line| line.contains("global.s3.bucket") && line.contains("mine.yaml:3")), "{table}");
    let json = stdout(&sparkyard(folder.path(), &[&args[..], &["-o", "json"]].concat()).success());
    let plan: serde_json::Value = serde_json::from_str(&json).expect("json");
    assert_eq!(plan["globalOrigins"]["s3.bucket"]["kind"], "override");
    assert_eq!(plan["globalOrigins"]["s3.bucket"]["line"], 3);
    assert!(plan["wires"].as_array().is_some_and(|wires| !wires.is_empty()));
    let yaml = stdout(&sparkyard(folder.path(), &[&args[..], &["-o", "yaml"]].concat()).success());
    let source = sparkyard_model::SourceText { name: "plan".to_owned(), text: yaml };
    assert_eq!(sparkyard_yaml::from_str::<serde_json::Value>(&source).expect("yaml"), plan);
}

#[test]
fn explain_knows_type_default_setter_and_readers() {
    let folder = folder();
    let text = stdout(&sparkyard(folder.path(), &["explain", "global.platform"]).success());
    for part in
        ["Value    global.platform", "One of   \"auto\"", "Default  \"auto\"", "chart-blocks/_shared/templates/"]
    {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let brick = catalogue::catalogue().bricks[0].id;
    assert!(stdout(&sparkyard(folder.path(), &["explain", brick]).success()).contains("VALUE"));
    let wrong = sparkyard(folder.path(), &["explain", "global.platfrom"]).code(1);
    assert!(stderr(&wrong).contains("did you mean `platform`?"), "{}", stderr(&wrong));
}

#[test]
fn every_value_of_every_brick_can_be_explained() {
    let brick = &catalogue::catalogue().bricks[0];
    let serde_json::Value::Object(defaults) = (brick.values.defaults)() else { panic!("defaults are a map") };
    for key in defaults.keys() {
        let args = ["sparkyard", "explain", &format!("{}.{key}", brick.id)].map(std::ffi::OsString::from);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = sparkyard_cli::run(args, || Ok(catalogue::catalogue().clone()), &mut out, &mut err);
        assert_eq!(code, 0, "{key}: {}", String::from_utf8_lossy(&err));
    }
}

/// The words of every command, of those below others too.
fn commands() -> Vec<Vec<String>> {
    let (mut found, mut open) = (Vec::new(), vec![(Vec::new(), sparkyard_cli::command())]);
    while let Some((words, command)) = open.pop() {
        for below in command.get_subcommands() {
            let words: Vec<String> = words.iter().cloned().chain([below.get_name().to_owned()]).collect();
            found.push(words.clone());
            open.push((words, below.clone()));
        }
    }
    assert!(found.len() > 20, "only {found:?}");
    found
}

#[test]
fn completions_and_manual_need_no_catalogue() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(stdout(&sparkyard(folder.path(), &["completions", shell]).success()).contains("sparkyard"));
    }
    assert!(stdout(&sparkyard(folder.path(), &["man"]).success()).contains(".SH ENVIRONMENT"));
    let pages = sparkyard(folder.path(), &["man", "pages"]).success();
    // The program's own page, and one a command.
    assert_eq!(stdout(&pages), format!("{} manual pages in pages\n", commands().len() + 1));
    assert!(folder.path().join("pages/sparkyard-build.1").is_file());
    assert!(folder.path().join("pages/sparkyard-local-up.1").is_file());
}

#[test]
fn help_of_every_command_has_an_example() {
    let folder = folder();
    for command in commands() {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = stdout(&sparkyard(folder.path(), &words).success());
        assert!(help.contains("Example"), "{command:?}:\n{help}");
    }
}

#[test]
fn usage_errors_are_exit_code_2() {
    let folder = folder();
    let usage: [&[&str]; 5] =
        [&[], &["biuld"], &["build", "--shape", "round"], &["list"], &["build", "--preset", "a", "--bricks", "b"]];
    for args in usage {
        sparkyard(folder.path(), args).code(2);
    }
}
