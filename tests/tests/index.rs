//! `sparkyard index` writes what `helm repo index` writes, but for the times of what is new.

use std::fs;
use std::path::Path;
use std::process::Command;

use sparkyard_tests::cli::{command, json, sparkyard, stderr, stdout};
use sparkyard_tests::report::counted;
use sparkyard_tests::{catalogue, helm};

/// The constant time of what is new.
const TIME: &str = "\"2026-01-01T00:00:00Z\"";

/// Packages a chart of these files, as somebody else would.
fn pack(folder: &Path, file: &str, files: &[(&str, &str)]) {
    let here = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = here.path().join("c").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    fs::create_dir_all(folder.join(file).parent().expect("a parent")).expect("a folder");
    let done = Command::new("tar").arg("-czf").arg(folder.join(file)).arg("c").current_dir(here.path()).status();
    assert!(done.expect("tar runs").success());
}

/// Charts in every state that a folder of years holds.
fn old_folder(folder: &Path) {
    let chart = |name: &str, version: &str| format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    for version in ["1.9.0", "1.10.0", "1.10.0-rc.1", "v2.0.0", "0.1", "1.10.0+build.7", "1.10.0+build.8"] {
        pack(folder, &format!("app-{version}.tgz"), &[("Chart.yaml", &chart("app", version))]);
    }
    pack(
        folder,
        "rich-1.0.0.tgz",
        &[(
            "Chart.yaml",
            "name: rich\nversion: 1.0.0\nappVersion: 1.10\ndescription: |\n  Two lines,\n  and a \u{200b}hidden sign: é, \"quoted\", and enough words to make the line longer than eighty columns.\n\
             keywords: [a, 1, true]\nmaintainers: [{name: Ann, email: a@example.com}, {name: Bob, url: 'https://b'}]\n\
             annotations: {z: '1', a: '- x: 1\n\n- y'}\ndeprecated: true\nkubeVersion: '>=1.25-0'\nother: unknown\n\
             dependencies: [{name: b, version: ^1.0, repository: 'https://b', tags: [x], import-values: [{child: a, parent: b}]}]\n",
        )],
    );
    let requirements = "dependencies: [{name: old, version: 1.0.0, repository: 'https://old'}]\n";
    pack(
        folder,
        "helm2-0.1.0.tgz",
        &[("Chart.yaml", "name: helm2\nversion: 0.1.0\n"), ("requirements.yaml", requirements)],
    );
    pack(folder, "sub dir/deep-1.0.0.tgz", &[("Chart.yaml", &chart("deep", "1.0.0"))]);
    pack(folder, "sub dir/deeper/deepest-1.0.0.tgz", &[("Chart.yaml", &chart("deepest", "1.0.0"))]);
    pack(folder, "other name (1).tgz", &[("Chart.yaml", &chart("twice", "1.0.0"))]);
    pack(folder, "twice-1.0.0.tgz", &[("Chart.yaml", &chart("twice", "1.0.0"))]);
    pack(folder, "no-version.tgz", &[("Chart.yaml", "apiVersion: v2\nname: no\n")]);
    pack(folder, "no-values.tgz", &[("Chart.yaml", &chart("no", "1.0.0")), ("values.yaml", "a: [\n")]);
    fs::write(folder.join("no-chart.tgz"), "no archive").expect("written");
    fs::write(folder.join("readme.txt"), "hello").expect("written");
}

/// An index of years: older and equal versions, charts of others, and words that helm no longer knows.
const OLD: &str = r#"apiVersion: v1
generated: "2020-01-01T00:00:00.5Z"
entries:
  app:
  - {name: app, version: 1.9.0, urls: [old.tgz], digest: old, created: "2020-01-01T00:00:00Z"}
  - {name: app, version: "1.8.0", urls: [app-1.8.0.tgz], created: "2020-01-01T10:00:00.120000000+02:00", removed: true}
  - {name: app, version: "1.10", urls: [a.tgz], created: 2020-01-01T00:00:00Z}
  - {name: app, version: 1.10.0+build.9, urls: [a.tgz], created: 2020-01-01T00:00:00Z}
  - {name: app, version: 3.0.0-beta, urls: [a.tgz, b.tgz], created: "2020-01-01T00:00:00+00:00"}
  - null
  gone:
  - apiVersion: v1
    name: gone
    version: 0.0.1
    appVersion: "1.0"
    description: a chart that is no longer here, with a description that is longer than eighty columns of text
    engine: gotpl
    checksum: abc
    url: https://example.com/gone.tgz
    tillerVersion: ">=2.0"
    urls: ["https://example.com/gone.tgz"]
    dependencies: [{name: a, version: "1", repository: ""}, {name: a, version: "2", repository: ""}]
  - {name: gone, version: what, urls: [a.tgz]}
publicKeys: [a]
annotations: {a: b}
"#;

/// Whether two indexes differ only in the times of what is new.
fn same(ours: &str, theirs: &str) -> Result<usize, String> {
    let is_time = |line: &str| {
        let key = line.trim_start().trim_start_matches("- ").split(':').next();
        matches!(key, Some("created" | "generated")) && line.ends_with(TIME)
    };
    let (mut times, mut lines) = (0, 0);
    for (one, other) in ours.lines().zip(theirs.lines()) {
        lines += 1;
        let key = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
        match one == other {
            true => {}
            false if is_time(one) && key(one) == key(other) => times += 1,
            false => return Err(format!("line {lines}:\n  {one}\nis of helm\n  {other}")),
        }
    }
    match ours.lines().count() == theirs.lines().count() {
        true if times > 0 => Ok(lines),
        true => Err("no time differs: was nothing new?".to_owned()),
        false => Err(format!("{} lines, of helm {}", ours.lines().count(), theirs.lines().count())),
    }
}

/// Lets both index a folder; returns how many lines are equal.
fn both(folder: &Path, url: &str, merge: Option<&str>) -> usize {
    let path = folder.join("index.yaml");
    let words: Vec<&str> = merge.iter().flat_map(|file| ["--merge", file]).chain(["--url", url]).collect();
    let _ = fs::remove_file(&path);
    let output = helm::run(folder, [&["repo", "index", "."], &words[..]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs = fs::read_to_string(&path).expect("helm's");
    fs::remove_file(&path).expect("removed");
    sparkyard(folder, &[&["index", "."], &words[..]].concat()).success();
    let ours = fs::read_to_string(&path).expect("ours");
    same(&ours, &theirs).unwrap_or_else(|error| panic!("--url {url} {merge:?}: {error}"))
}

#[test]
fn the_index_is_helms() {
    let folder = tempfile::tempdir().expect("a folder");
    old_folder(folder.path());
    sparkyard(folder.path(), &["build", "--package=catalogue", "--out=charts"]).success();
    fs::write(folder.path().join("old.yaml"), OLD).expect("written");
    let json = r#"{"apiVersion":"v1","entries":{"j":[{"name":"j","version":"1.0.0","urls":["j.tgz"],"created":"2020-01-01T00:00:00Z","extra":1}]},"extra":1}"#;
    fs::write(folder.path().join("old.json"), json).expect("written");
    let (mut lines, mut cases) = (0, 0);
    for url in [
        "",
        "https://x.io",
        "https://x.io/",
        "https://X.io:443/charts//old/../",
        "https://x.io/a%20b?sig=c/d#e",
        "charts",
        "./x/",
        "../charts",
        "/y",
    ] {
        for merge in [None, Some("old.yaml"), Some("old.json")] {
            lines += both(folder.path(), url, merge);
            cases += 1;
        }
    }
    assert!(lines > 10_000, "only {lines} lines were compared");
    counted(&format!("{cases} indexes, {lines} lines equal to helm's"));
}

#[test]
fn an_index_that_is_merged_into_itself_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    old_folder(folder.path());
    let args = ["index", ".", "--merge", "index.yaml", "-o", "json"];
    let first = sparkyard(folder.path(), &args).success();
    assert!(stderr(&first).contains("index.yaml is not there: nothing is merged"), "{}", stderr(&first));
    let first = json(&first);
    assert_eq!((&first["written"], &first["merged"]), (&true.into(), &0.into()));
    assert_eq!(first["charts"].as_array().expect("a list").len(), 12);
    // A package that is gone stays in the index.
    fs::remove_file(folder.path().join("app-1.9.0.tgz")).expect("removed");
    let second = json(&sparkyard(folder.path(), &args).success());
    assert_eq!((&second["written"], &second["merged"]), (&false.into(), &1.into()));
    let plain = sparkyard(folder.path(), &["index", "."]).success();
    assert_eq!(stdout(&plain), "./index.yaml is written: 11 packages\n");
    for broken in ["no-chart.tgz", "no-version.tgz", "no-values.tgz"] {
        assert!(stderr(&plain).contains(broken), "{broken}: {}", stderr(&plain));
    }
}

#[test]
fn the_folder_of_build_needs_no_other_index() {
    let folder = tempfile::tempdir().expect("a folder");
    sparkyard(folder.path(), &["build"]).success();
    let charts = catalogue::tree().charts.len();
    let same = sparkyard(folder.path(), &["index", "dist"]).success();
    assert_eq!(stdout(&same), format!("dist/index.yaml is up to date: {charts} packages\n"));
    let later = command(folder.path(), &["index", "dist"]).env("SOURCE_DATE_EPOCH", "951782400").assert().success();
    assert!(stdout(&later).contains("is written"));
    let text = fs::read_to_string(folder.path().join("dist/index.yaml")).expect("the index");
    assert_eq!(text.matches("\"2000-02-29T00:00:00Z\"").count(), charts + 1);
}

#[test]
fn what_cannot_be_indexed_is_said_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = sparkyard(folder.path(), &["index", "nowhere"]).code(1);
    assert!(stderr(&missing).contains("cannot read the folder nowhere"), "{}", stderr(&missing));
    for (text, part) in [
        ("", "no apiVersion"),
        ("kind: Pod\n", "unknown key `kind`"),
        ("apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, colour: red}]}\n", "unknown key `colour`"),
        ("a: [", "old.yaml"),
    ] {
        fs::write(folder.path().join("old.yaml"), text).expect("written");
        let refused = sparkyard(folder.path(), &["index", ".", "--merge", "old.yaml"]).code(1);
        assert!(stderr(&refused).contains(part), "{text}: {}", stderr(&refused));
        assert!(!folder.path().join("index.yaml").exists(), "{text}");
        // So does helm.
        assert!(!helm::run(folder.path(), ["repo", "index", ".", "--merge", "old.yaml"]).status.success(), "{text}");
        let _ = fs::remove_file(folder.path().join("index.yaml"));
    }
}

#[test]
fn a_difference_is_seen() {
    let index = format!("a: 1\ngenerated: {TIME}\n");
    assert_eq!(same(&index, "a: 1\ngenerated: \"2027-01-01T00:00:00Z\"\n"), Ok(2));
    for other in ["a: 2\ngenerated: x\n", "a: 1\n", "a: 1\nother: x\n", &index] {
        assert!(same(&index, other).is_err(), "{other}");
    }
}
