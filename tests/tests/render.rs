//! `sparkyard-render` beside a real helm: the same bytes, or both refuse.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use sparkyard_model::SourceText;
use sparkyard_render::{Chart, Options, RenderError, UserValues, render};
use sparkyard_tests::case::{Case, charts, matrix};
use sparkyard_tests::random::{self, Overrides};
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, helm, parallel, render as helm_render};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| catalogue::written("render"));

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(folder).expect("below the folder").display().to_string();
        found.insert(path, fs::read(entry.path()).expect("a file"));
    }
    found
}

fn ours(case: &Case, release: &str) -> Result<String, RenderError> {
    let chart = Chart::load(&files(&case.chart), "")?;
    let read = |name: &String| SourceText {
        name: name.clone(),
        text: fs::read_to_string(case.chart.join(name)).expect("values"),
    };
    let mut user = UserValues::of_files(case.preset.iter().chain(&case.platform).map(read));
    user.set.extend(case.sets.iter().cloned());
    let options = Options {
        release: release.to_owned(),
        namespace: helm::NAMESPACE.to_owned(),
        api_versions: case.apis(),
        ..Options::default()
    };
    render(&chart, &user, &options).map(|rendered| rendered.text(false, |_| true))
}

#[test]
fn every_combination_renders_as_helm_renders_it() {
    let cases = matrix(&FOLDER, "generated-charts", &catalogue::catalogue().platforms);
    let pairs = parallel::map(&cases, |case| (helm_render::text(case, "demo", &[]), ours(case, "demo")));
    let mut report = Report::default();
    for (case, (theirs, ours)) in cases.iter().zip(pairs) {
        let wrong = match (theirs, ours) {
            (Ok(theirs), Ok(ours)) if theirs == ours => None,
            (Ok(theirs), Ok(ours)) => Some(first_difference(&theirs, &ours)),
            (Err(_), Err(RenderError::Refused(_))) => None,
            (Err(error), Ok(_)) => Some(format!("helm refuses: {error}")),
            (_, Err(error)) => Some(format!("{error:?}")),
        };
        report.add("the same bytes as helm", &case.to_string(), wrong);
    }
    counted(&format!("{} renders of {} charts compared with helm", cases.len(), charts(&FOLDER).len()));
    report.finish();
}

/// Random values over each chart, and random templates over random values.
fn number(sample: usize, all: usize) -> usize {
    let given = std::env::var("SPARKYARD_RANDOM").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(if catalogue::every_combination() { all } else { sample })
}

/// The seeds to try; `SPARKYARD_SEED` is one that a failure has named, whose values are then printed.
fn seeds(number: usize) -> std::ops::Range<u64> {
    match seed() {
        Some(seed) => seed..seed + 1,
        None => 0..number as u64,
    }
}

fn seed() -> Option<u64> {
    std::env::var("SPARKYARD_SEED").ok().and_then(|text| text.parse().ok())
}

/// What came of one comparison.
enum Outcome {
    Equal,
    BothRefuse,
    Outside,
    Differ(String),
}

/// Helm is not asked about what is outside: a loop of a thousand million rounds takes all the memory there is.
fn compare(theirs: impl FnOnce() -> Result<String, String>, ours: Result<String, RenderError>) -> Outcome {
    if matches!(ours, Err(RenderError::Outside(_))) {
        return Outcome::Outside;
    }
    match (theirs(), ours) {
        (Ok(theirs), Ok(ours)) if theirs == ours => Outcome::Equal,
        (Ok(theirs), Ok(ours)) => Outcome::Differ(first_difference(&theirs, &ours)),
        (Err(_), Err(_)) => Outcome::BothRefuse,
        (Err(error), Ok(_)) => Outcome::Differ(format!("helm refuses, we do not: {error}")),
        (Ok(_), Err(error)) => Outcome::Differ(format!("we refuse, helm does not: {error}")),
    }
}

fn summary(what: &str, outcomes: &[(String, Outcome)]) {
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|(_, outcome)| wanted(outcome)).count();
    counted(&format!(
        "{} {what} compared with helm: {} equal, {} refused by both, {} outside the dialect",
        outcomes.len(),
        count(|o| matches!(o, Outcome::Equal)),
        count(|o| matches!(o, Outcome::BothRefuse)),
        count(|o| matches!(o, Outcome::Outside)),
    ));
    let mut report = Report::default();
    for (place, outcome) in outcomes {
        match outcome {
            Outcome::Differ(difference) => report.add("differs from helm", place, [difference.clone()]),
            Outcome::Outside | Outcome::Equal | Outcome::BothRefuse => {}
        }
    }
    report.finish();
}

fn arguments(user: &UserValues, folder: &Path) -> Vec<String> {
    let mut args = Vec::new();
    for (index, file) in user.files.iter().enumerate() {
        let path = folder.join(format!("{index}.yaml"));
        fs::write(&path, &file.text).expect("a values file");
        args.extend(["--values".to_owned(), path.display().to_string()]);
    }
    for (flag, texts) in [("--set", &user.set), ("--set-string", &user.set_string), ("--set-json", &user.set_json)] {
        args.extend(texts.iter().flat_map(|text| [flag.to_owned(), text.clone()]));
    }
    args
}

fn theirs(chart: &Path, args: &[String]) -> Result<String, String> {
    let all = ["template", "demo", ".", "--namespace", helm::NAMESPACE].map(str::to_owned);
    // Helm's warnings are about values that are not maps; what it prints counts.
    let output = helm::run(chart, all.iter().chain(args));
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn options() -> Options {
    Options { release: "demo".to_owned(), namespace: helm::NAMESPACE.to_owned(), ..Options::default() }
}

#[test]
fn random_values_render_as_helm_renders_them() {
    let charts = charts(&FOLDER);
    let sets = number(30, 2000);
    let jobs: Vec<(PathBuf, u64)> =
        charts.iter().flat_map(|chart| seeds(sets).map(move |seed| (chart.clone(), seed))).collect();
    let outcomes = parallel::map(&jobs, |(folder, seed)| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let chart = Chart::load(&files(folder), "").expect("our own chart");
        let defaults = sparkyard_render::effective_values(&chart, &UserValues::default()).expect("defaults").to_json();
        let of = chart.schema.as_ref().map(|schema| schema.json().clone());
        let user = Overrides::of(&defaults, of.as_ref()).set(&mut fastrand::Rng::with_seed(*seed));
        let scratch = tempfile::tempdir().expect("a folder");
        if self::seed().is_some() {
            eprintln!("{name}: {user:#?}");
        }
        // Most random values are refused by the schemas; without them the templates see them all.
        let skip_schema = seed % 2 == 1;
        let mut args = arguments(&user, scratch.path());
        args.extend(skip_schema.then(|| "--skip-schema-validation".to_owned()));
        let ours =
            render(&chart, &user, &Options { skip_schema, ..options() }).map(|rendered| rendered.text(false, |_| true));
        (format!("{name}, seed {seed}"), compare(|| theirs(folder, &args), ours))
    });
    summary("random sets of values", &outcomes);
}

#[test]
fn random_templates_render_as_helm_renders_them() {
    let seeds: Vec<u64> = (0..number(150, 5000) as u64).collect();
    let outcomes = parallel::map(&seeds, |seed| {
        let mut rng = fastrand::Rng::with_seed(*seed);
        let template = random::template(&mut rng);
        let values = sparkyard_yaml::to_string(&random::values(&mut rng));
        let scratch = tempfile::tempdir().expect("a folder");
        let texts = [
            ("Chart.yaml", "apiVersion: v2\nname: random\nversion: 0.1.0\n"),
            ("values.yaml", values.as_str()),
            ("templates/a.yaml", template.as_str()),
            // The same again: what a named template gave for one file is not what it gives for another.
            ("templates/b.yaml", template.as_str()),
        ];
        fs::create_dir(scratch.path().join("templates")).expect("a folder");
        for (path, text) in texts {
            fs::write(scratch.path().join(path), text).expect("a file");
        }
        let ours = Chart::load(&files(scratch.path()), "")
            .and_then(|chart| render(&chart, &UserValues::default(), &options()))
            .map(|rendered| rendered.text(false, |_| true));
        (format!("seed {seed}:\n{template}\n{values}"), compare(|| theirs(scratch.path(), &[]), ours))
    });
    summary("random templates", &outcomes);
}

fn first_difference(theirs: &str, ours: &str) -> String {
    let line = theirs
        .lines()
        .zip(ours.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| theirs.lines().count().min(ours.lines().count()));
    format!("line {}: helm {:?}, we {:?}", line + 1, theirs.lines().nth(line), ours.lines().nth(line))
}
