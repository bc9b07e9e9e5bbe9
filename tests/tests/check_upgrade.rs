//! `sparkyard check --upgrade-from`: what `helm upgrade` would break.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sparkyard_tests::catalogue::umbrella;
use sparkyard_tests::cli::{chart, command, json, sparkyard, stderr, stdout};
use sparkyard_tests::helm;

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    matchLabels:\n      app: {{ .Values.app }}\n";

const CLAIM: &str = "{{- if .Release.IsInstall }}\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {{ .Release.Name }}-data\n{{- end }}\n";

fn findings<'d>(document: &'d Value, rule: &str) -> Vec<&'d Value> {
    document["findings"].as_array().expect("findings").iter().filter(|finding| finding["rule"] == rule).collect()
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let path = to.join(entry.path().strip_prefix(from).expect("below"));
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::copy(entry.path(), path).expect("copied");
    }
}

#[test]
fn two_versions_of_a_chart_are_compared_with_the_same_values() {
    let folder = chart(&[("values.yaml", "app: a\n"), ("templates/a.yaml", DEPLOYMENT), ("templates/b.yaml", CLAIM)]);
    let at = folder.path();
    copy(&at.join("c"), &at.join("old"));
    // An old schema need not know the values of the new version.
    let schema = "{\"properties\": {\"app\": {}}, \"additionalProperties\": false}";
    fs::write(at.join("old/values.schema.json"), schema).expect("a file");
    helm::stdout(at, ["package", "old"]).expect("packaged");
    fs::write(at.join("c/templates/a.yaml"), DEPLOYMENT.replace(".Values.app", ".Values.new")).expect("a file");
    fs::write(at.join("my.yaml"), "app: mine\nnew: theirs\n").expect("a file");
    for old in ["old", "c-0.1.0.tgz"] {
        let args = ["check", "c", "-f", "my.yaml", "--upgrade-from", old, "-o", "json"];
        let document = json(&sparkyard(at, &args).code(1));
        // The claim is made by the install alone, so an upgrade deletes it.
        assert_eq!(document["upgraded"], 1);
        assert_eq!(findings(&document, "removed-data").len(), 1, "{document}");
        let selector = findings(&document, "immutable-selector");
        assert_eq!(selector.len(), 1, "{document}");
        assert!(selector[0]["message"].as_str().is_some_and(|said| said.contains("`mine`")), "{document}");
        assert_eq!((&selector[0]["at"]["file"], &selector[0]["at"]["line"]), (&"my.yaml".into(), &2.into()));
    }
    let same = json(&sparkyard(at, &["check", "c", "-f", "my.yaml", "--upgrade-from", "c", "-o", "json"]).code(1));
    assert_eq!(findings(&same, "immutable-selector").len(), 0);
    let plain = json(&sparkyard(at, &["check", "c", "-f", "my.yaml", "-o", "json"]).code(1));
    assert_eq!((&plain["upgraded"], findings(&plain, "removed-data").len()), (&Value::Null, 0));
}

#[test]
fn a_selection_is_compared_with_an_earlier_build() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::write(at.join("my.yaml"), "seaweedfs:\n  persistence:\n    size: 30Gi\n").expect("a file");
    for shape in ["umbrella", "modular"] {
        let preset = ["--preset", "quickstart", "--shape", shape];
        let packages = format!("--package={shape}-packages");
        sparkyard(at, &[&["build", "--out", shape, &packages][..], &preset].concat()).success();
        for old in [shape.to_owned(), format!("{shape}-packages")] {
            let check = [&["check", "--upgrade-from", &old][..], &preset].concat();
            let said = stdout(&sparkyard(at, &check).success());
            assert!(said.contains("Nothing found in ") && said.contains(" of them upgraded"), "{said}");
            let said = stdout(&sparkyard(at, &[&check[..], &["-f", "my.yaml"]].concat()).code(1));
            assert!(said.contains("error[immutable-statefulset]") && said.contains("--> my.yaml:3:11"), "{said}");
        }
    }
    let chart = ["check", "--preset", "quickstart", "--upgrade-from", &format!("umbrella/{}", umbrella())];
    sparkyard(at, &chart).success();
    let none = stderr(&sparkyard(at, &["check", "--preset", "quickstart", "--upgrade-from", "modular"]).code(1));
    assert!(none.contains(&format!("modular holds no earlier version of {}", umbrella())), "{none}");
}

#[test]
fn manifests_are_compared_with_those_of_the_installed_release() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports: [{port: 80}]\n";
    fs::write(at.join("old.yaml"), service).expect("a file");
    let new = format!("{service}  clusterIP: None\n");
    let args = ["check", "--manifests", "-", "--upgrade-from", "old.yaml"];
    let said = stdout(&command(at, &args).stdin(new).assert().code(1));
    assert!(said.contains("error[immutable-service]") && said.contains("--> stdin:6:14"), "{said}");
    assert!(said.contains("1 object, 1 of them upgraded"), "{said}");
    let other = service.replace("name: a", "name: b");
    let said = stderr(&command(at, &args).stdin(other).assert().code(1));
    assert!(said.contains("nothing to compare"), "{said}");
}

#[test]
fn the_earlier_version_belongs_to_something() {
    let folder = chart(&[]);
    for (args, words) in [
        (&["check", "--upgrade-from", "c"][..], "needs to know what takes its place"),
        (&["check", "c", "c", "--upgrade-from", "c"], "give one for each"),
        (&["check", "--preset", "quickstart", "--upgrade-from", "c", "--upgrade-from", "c"], "more than once"),
        (&["check", "--manifests", "-", "--upgrade-from", "-"], "only one of"),
    ] {
        let said = stderr(&sparkyard(folder.path(), args).code(2));
        assert!(said.contains(words), "{args:?}: {said}");
    }
}
