//! `sparkyard images` lists what helm's manifests hold, no more and no less, for every preset on every line.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use serde_json::Value;
use snapbox::cmd::Command;
use sparkyard_check::items;
use sparkyard_tests::case::{Case, write};
use sparkyard_tests::images::listed_images;
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, parallel, program, render};

const MIRROR: &str = "mirror.example.com:5000";

/// Values that bring an image of their own.
const SWITCHES: &str =
    "global: {networkPolicy: {enabled: true}, connect: {tls: {enabled: true, certificateSecret: connect-tls}}}\n";

/// Runs the program in this process.
fn run(args: &[&str]) -> (u8, String, String) {
    let args = ["sparkyard", "images"].iter().chain(args).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = sparkyard_cli::run(args, || Ok(catalogue::catalogue().clone()), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (code, text(out), text(err))
}

fn json(args: &[&str]) -> Value {
    let (code, out, err) = run(&[args, &["-o", "json"]].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{args:?}: {out}");
    serde_json::from_str(&out).expect("json")
}

fn texts(list: &Value, key: &str) -> BTreeSet<String> {
    items(list).filter_map(|item| item[key].as_str()).map(str::to_owned).collect()
}

/// The images that a chart of a list runs.
fn of_chart(list: &Value, chart: &str) -> BTreeSet<String> {
    let runs = |image: &&Value| items(&image["usedBy"]).any(|user| user["chart"] == chart);
    items(&list["images"]).filter(runs).filter_map(|image| image["image"].as_str()).map(str::to_owned).collect()
}

/// A preset on a line, in the line's own shape.
struct Selection {
    preset: &'static str,
    line: &'static str,
    platform: &'static str,
}

fn selections() -> Vec<Selection> {
    let catalogue = catalogue::catalogue();
    let mut found = Vec::new();
    for line in &catalogue.lines {
        for preset in catalogue.presets.iter().filter(|preset| preset.lines.matches(&line.spark)) {
            let of = |platform| Selection { preset: &preset.id, line: &line.id, platform };
            found.extend(catalogue.platforms.iter().map(|platform| of(platform.id.as_str())));
        }
    }
    found
}

impl Selection {
    fn name(&self) -> String {
        format!("{}+{}+{}", self.preset, self.line, self.platform)
    }

    fn args<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&[self.preset, "--spark", self.line, "--platform", self.platform], more].concat()
    }

    /// What helm makes of each chart, by the chart's name: with the registries of today, and with another.
    fn manifests(&self, folder: &Path) -> Result<Vec<(Case, String, String)>, String> {
        let catalogue = catalogue::catalogue();
        let request = sparkyard_model::Request {
            preset: catalogue.preset(self.preset).cloned(),
            line: Some(self.line.to_owned()),
            platform: Some(self.platform.to_owned()),
            examples: true,
            ..Default::default()
        };
        let plan = sparkyard_compose::resolve(catalogue, &request).map_err(|findings| format!("{findings:?}"))?;
        let tree = sparkyard_compose::compose(catalogue, &plan).map_err(|error| error.to_string())?;
        let here = folder.join(self.name());
        write(&tree, &here);
        let api_versions = catalogue.platform(self.platform).map(|p| p.api_versions.clone()).unwrap_or_default();
        let rendered = tree.charts.iter().map(|chart| {
            let plain = Case::plain(&here.join(&chart.name), &self.name());
            let case = Case { api_versions: api_versions.clone(), ..plain };
            let today = render::text(&case, "demo", &[])?;
            let mirrored = render::text(&case, "demo", &["--set", &format!("global.imageRegistry={MIRROR}")])?;
            Ok((case, today, mirrored))
        });
        rendered.collect()
    }
}

/// Every word of a text that lies in one of these registries, whatever it stands in: nothing of YAML is asked.
fn words(text: &str, registries: &BTreeSet<&str>) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "./:@_-".contains(c);
    let words = text.split(|c| !is_part(c)).map(|word| word.trim_end_matches(['.', ':']));
    let inside = |word: &&str| word.split_once('/').is_some_and(|(host, _)| registries.contains(host));
    words.filter(inside).map(str::to_owned).collect()
}

#[test]
fn the_list_is_what_the_manifests_hold() {
    let lines = &catalogue::catalogue().lines;
    let today: BTreeSet<&str> =
        lines.iter().flat_map(|line| line.images.values()).map(|image| image.registry.as_str()).collect();
    assert!(today.len() > 1, "the catalogue's images lie in {today:?}");
    let folder = catalogue::folder("images");
    let selections = selections();
    let made = parallel::map(&selections, |selection| {
        selection.manifests(&folder).map(|manifests| (manifests, json(&selection.args(&["--registry", MIRROR]))))
    });
    let mut report = Report::default();
    let (mut seen, mut when) = (BTreeSet::new(), BTreeSet::new());
    let switches = folder.join("switches.yaml");
    fs::write(&switches, SWITCHES).expect("written");
    let switches = switches.display().to_string();
    let mut spare = 0;
    for (selection, made) in selections.iter().zip(made) {
        let name = selection.name();
        let (manifests, listed) = match made {
            Ok(made) => made,
            Err(error) => {
                report.add("render", &name, [error]);
                continue;
            }
        };
        let mut same = |what: &str, listed: BTreeSet<String>, held: BTreeSet<String>| {
            let missing = held.difference(&listed).map(|image| format!("{image} is in the manifests and not listed"));
            let extra = listed.difference(&held).map(|image| format!("{image} is listed and not in the manifests"));
            report.add(what, &name, missing.chain(extra).collect::<Vec<_>>());
        };
        let held = |text: fn(&(Case, String, String)) -> &str, registries: &BTreeSet<&str>| {
            manifests.iter().flat_map(|made| words(text(made), registries)).collect::<BTreeSet<_>>()
        };
        same("images of today", texts(&listed["images"], "image"), held(|made| &made.1, &today));
        same("images in the mirror", texts(&listed["images"], "mirror"), held(|made| &made.2, &[MIRROR].into()));
        same("images that stay with global.imageRegistry", BTreeSet::new(), held(|made| &made.2, &today));
        for image in items(&listed["images"]) {
            let of =
                |key: &str| image[key].as_str().unwrap_or_default().split_once('/').map(|(_, path)| path.to_owned());
            assert_eq!(of("image"), of("mirror"), "{name}: only the registry changes");
            seen.extend(of("image"));
            when.extend(items(&image["when"]).filter_map(|when| when.as_str()).map(str::to_owned));
        }
        // What is annotated and not run with the preset's values is behind a switch: then it is run with it.
        let switched = LazyCell::new(|| json(&selection.args(&["-f", &switches])));
        for (case, _, _) in &manifests {
            let chart = case.chart_name();
            let text = fs::read_to_string(case.chart.join("Chart.yaml")).expect("Chart.yaml");
            let annotated = listed_images(&text).unwrap_or_else(|error| panic!("{name}: {chart}: {error}"));
            let mut runs = of_chart(&listed, &chart);
            if runs != annotated {
                runs.extend(of_chart(&switched, &chart));
                spare += 1;
            }
            same(&format!("the annotation of {chart}"), annotated, runs);
        }
    }
    counted(&format!(
        "{} selections, {} images; {spare} charts have one behind a switch",
        selections.len(),
        seen.len()
    ));
    assert!(spare > 0, "the switches bring nothing");
    assert_eq!(when, ["hook", "run", "test"].map(String::from).into());
    report.finish();
}

fn newest() -> &'static str {
    &catalogue::catalogue().lines.last().expect("a line").id
}

#[test]
fn quickstart_on_the_newest_line() {
    for (format, snapshot) in
        [("text", snapbox::file!["snapshots/images.txt"]), ("json", snapbox::file!["snapshots/images.json"])]
    {
        let args = ["images", "quickstart", "--spark", newest(), "--registry", "registry.example.com", "-o", format];
        let run = Command::new(program::sparkyard()).args(args).env("NO_COLOR", "1").assert();
        run.success().stderr_eq("").stdout_eq(snapshot);
    }
}

/// The lists of the catalogue that quickstart reads, word for word.
#[test]
fn jars_and_wheels_are_those_of_the_catalogue() {
    let list = json(&["quickstart"]);
    let line = catalogue::catalogue().lines.last().expect("a line");
    let wanted: BTreeSet<String> = line
        .jars
        .iter()
        .filter(|jar| ["core", "connect", "metastore", "jdbc"].contains(&jar.group.as_str()))
        .filter(|jar| jar.only.as_deref().is_none_or(|only| only == "postgresql"))
        .map(|jar| format!("{} {} {}", jar.coordinate, jar.sha256, jar.size))
        .collect();
    let found = items(&list["jars"]).map(|jar| {
        format!(
            "{} {} {}",
            jar["coordinate"].as_str().unwrap_or("-"),
            jar["sha256"].as_str().unwrap_or("-"),
            jar["size"]
        )
    });
    assert_eq!(found.collect::<BTreeSet<_>>(), wanted);
    let locks = xtask::place::root().join("chart-blocks/python").join(&line.python_lock);
    let mut hashes = BTreeSet::new();
    for lock in ["client.txt", "notebook.txt"] {
        let text = fs::read_to_string(locks.join(lock)).expect("a lock");
        hashes.extend(text.split("--hash=sha256:").skip(1).map(|rest| rest[..64].to_owned()));
    }
    let found = items(&list["wheels"]).flat_map(|wheel| items(&wheel["sha256"])).filter_map(Value::as_str);
    assert_eq!(found.map(str::to_owned).collect::<BTreeSet<_>>(), hashes);
}

/// Runs it with a values file.
fn with_values(values: &str, args: &[&str]) -> (u8, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.yaml");
    fs::write(&file, values).expect("written");
    run(&[args, &["-f", file.to_str().expect("text")]].concat())
}

#[test]
fn what_is_baked_into_images_is_not_listed() {
    let kinds = |text: &str| text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    let (code, text, err) = with_values("global: {jars: {source: image}}\n", &["quickstart"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(BTreeSet::from_iter(["image", "wheel"].map(String::from)), kinds(&text));
    let (_, text, _) = with_values("global: {python: {source: image}}\n", &["quickstart"]);
    assert_eq!(BTreeSet::from_iter(["image", "jar"].map(String::from)), kinds(&text));
}

#[test]
fn what_the_values_switch_on_is_listed() {
    let plain = json(&["quickstart"]);
    let values = format!("{SWITCHES}spark-connect: {{tables: {{iceberg: {{enabled: true}}}}}}\n");
    let (code, text, err) = with_values(&values, &["quickstart", "--spark", "3.5", "-o", "json"]);
    assert_eq!((code, err.as_str()), (0, ""), "{text}");
    let list: Value = serde_json::from_str(&text).expect("json");
    let images = |list: &Value| texts(&list["images"], "image").iter().any(|image| image.contains("envoy"));
    assert!(images(&list) && !images(&plain), "{list}");
    assert!(texts(&list["jars"], "path").iter().any(|path| path.contains("iceberg")));
}

#[test]
fn a_registry_of_the_values_is_no_place_to_copy_from() {
    let values = "global: {imageRegistry: mirror.example.com}\n";
    let (_, text, _) = with_values(values, &["quickstart"]);
    assert!(text.lines().filter(|line| line.starts_with("image ")).all(|line| line.contains(" mirror.example.com/")));
    let (_, text, _) = with_values(values, &["quickstart", "--registry", "other.example.com/a/"]);
    for line in text.lines().filter(|line| line.starts_with("image ")) {
        let words: Vec<&str> = line.split(' ').collect();
        assert!(words[2].starts_with("docker.io/") && words[3].starts_with("other.example.com/a/"), "{line}");
    }
}

#[test]
fn an_image_that_is_written_out_is_said_to_stay() {
    let values = "global: {credentials: {image: 'quay.io/us/python:3'}}\n";
    let (code, text, err) = with_values(values, &["quickstart", "--registry", "mirror.example.com"]);
    assert_eq!(code, 0);
    assert!(text.contains("image hook quay.io/us/python:3 quay.io/us/python:3\n"), "{text}");
    assert!(err.contains("quay.io/us/python:3 is pulled from where it is"), "{err}");
}

#[test]
fn what_is_no_registry_is_wrong_usage() {
    for wrong in ["https://mirror.example.com", "mirror", "mirror.example.com/Upper"] {
        let (code, out, err) = run(&["quickstart", "--registry", wrong]);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong}");
        assert!(err.contains("registry.example.com"), "{err}");
    }
    let (code, _, err) = run(&["quikstart"]);
    assert!(code == 1 && err.contains("did you mean `quickstart`?"), "{err}");
}

#[test]
fn how_a_registry_is_reached_is_for_resolve() {
    for access in [&["--plain-http"][..], &["--ca-file", "ca.pem"], &["--insecure-skip-tls-verify"]] {
        let (code, out, err) = run(&[&["quickstart"], access].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{access:?}");
        assert!(err.contains("--resolve"), "{access:?}: {err}");
    }
}
