//! Packages: the same bytes wherever they are made, and good for helm.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use sparkyard_tests::case::charts;
use sparkyard_tests::report::Report;
use sparkyard_tests::{catalogue, helm, parallel, program, trees};

static CHARTS: LazyLock<PathBuf> = LazyLock::new(|| catalogue::written("packages-charts"));

static PACKAGES: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = catalogue::folder("packages");
    let packages = sparkyard_pack::package_all(&catalogue::tree().charts, sparkyard_pack::EPOCH).expect("packed");
    let mode = sparkyard_pack::Mode { kind: sparkyard_pack::Kind::Catalogue, force: false };
    sparkyard_pack::write_dist(&packages, &folder, sparkyard_pack::EPOCH, mode).expect("written");
    folder
});

fn packages() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = trees::read(&PACKAGES).keys().map(|name| PACKAGES.join(name)).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    assert_eq!(files.len(), catalogue::tree().charts.len());
    files
}

fn build(folder: &Path, umask: &str, zone: &str) -> trees::Files {
    let script = format!("umask {umask}; exec \"$1\" build --out charts --package=dist");
    let status = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(program::sparkyard())
        .current_dir(folder)
        .env("TZ", zone)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("sparkyard runs");
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    trees::read(folder)
}

#[test]
fn bytes_depend_on_nothing_but_the_catalogue() {
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = build(one.path(), "022", "UTC");
    let second = build(other.path(), "077", "Asia/Kathmandu");
    let differences = trees::differences(&first, &second);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(first.keys().any(|path| path.ends_with(".tgz")));
}

#[test]
fn helm_accepts_every_package() {
    let folder = PACKAGES.as_path();
    let results = parallel::map(&packages(), |package| {
        let file = package.display().to_string();
        let unpacked = tempfile::tempdir().expect("a folder");
        let unpack = Command::new("tar").arg("-xzf").arg(package).current_dir(unpacked.path()).status();
        assert!(unpack.expect("tar runs").success());
        let inner = charts(unpacked.path()).remove(0).display().to_string();
        let target = unpacked.path().display().to_string();
        let commands: [&[&str]; 5] = [
            &["show", "chart", &file],
            &["show", "values", &file],
            &["template", "demo", &file, "--namespace", helm::NAMESPACE],
            &["lint", "--strict", "--with-subcharts", &file],
            &["package", &inner, "--destination", &target],
        ];
        let failures = commands.iter().filter_map(|args| {
            let output = helm::stdout(folder, *args);
            output.err().map(|error| format!("helm {}: {error}", args[0]))
        });
        (file.clone(), failures.collect::<Vec<_>>())
    });
    let mut report = Report::default();
    for (file, failures) in results {
        report.add("helm accepts packages", &file, failures);
    }
    report.finish();
}

#[test]
fn the_package_renders_like_its_folder() {
    let mut report = Report::default();
    for package in packages().iter().step_by(3) {
        let chart = charts(&CHARTS).into_iter().find(|chart| {
            let name = chart.file_name().unwrap_or_default().to_string_lossy().into_owned();
            package.file_name().is_some_and(|file| {
                file.to_string_lossy().starts_with(&format!("{name}-{}", catalogue::catalogue().version))
            })
        });
        let chart = chart.expect("a chart of this name").display().to_string();
        let render = |what: &str| helm::stdout(&CHARTS, ["template", "demo", what]);
        if render(&chart) != render(&package.display().to_string()) {
            report.add("package = folder", &chart, ["they render differently".to_owned()]);
        }
    }
    report.finish();
}

#[test]
fn schemas_refuse_what_they_do_not_know() {
    let results = parallel::map(&charts(&CHARTS), |chart| {
        let mut found = Vec::new();
        let subcharts = charts_below(chart);
        let roots = ["typo=1".to_owned(), "global.typo=1".to_owned()];
        for argument in roots.into_iter().chain(subcharts.iter().map(|sub| format!("{sub}.typo=1"))) {
            let output = helm::run(chart, ["template", "demo", ".", "--set", &argument]);
            let error = String::from_utf8_lossy(&output.stderr);
            if output.status.success() || !error.contains("'typo' not allowed") {
                found.push(format!("--set {argument} is not refused by name: {error}"));
            }
        }
        let folders = subcharts.iter().map(|sub| chart.join("charts").join(sub)).chain([chart.clone()]);
        let open = folders.filter(|folder| !folder.join("values.schema.json").is_file());
        found.extend(open.map(|folder| format!("{} has no schema", folder.display())));
        (chart.display().to_string(), found)
    });
    let mut report = Report::default();
    for (chart, found) in results {
        report.add("Q43: schemas are closed", &chart, found);
    }
    report.finish();
}

/// Helm keeps a release, its chart included, in a Secret, and etcd keeps no object above about a MiB.
#[test]
fn packages_are_small() {
    let mut report = Report::default();
    let sizes: Vec<(String, u64)> = packages()
        .iter()
        .map(|path| (path.display().to_string(), std::fs::metadata(path).expect("a package").len()))
        .collect();
    for (package, size) in &sizes {
        // In the Secret the package is Base64 of gzip of JSON, with the manifest beside it: about three times its size.
        report.add("Q64: packages are small", package, (*size > 300 * 1024).then(|| format!("{size} bytes")));
    }
    report.finish();
}

fn charts_below(chart: &Path) -> Vec<String> {
    let folder = chart.join("charts");
    let subcharts = if folder.is_dir() { charts(&folder) } else { Vec::new() };
    subcharts.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
}

#[test]
fn the_index_is_a_chart_repository() {
    let output = helm::run(
        &PACKAGES,
        ["show", "chart", &format!("{}-{}.tgz", catalogue::tree().charts[0].name, catalogue::catalogue().version)],
    );
    assert!(output.status.success());
    let index = std::fs::read_to_string(PACKAGES.join("index.yaml")).expect("index.yaml");
    let index = sparkyard_yaml::node::document(&index).expect("yaml").expect("a document");
    let index = sparkyard_yaml::json(&index);
    for chart in &catalogue::tree().charts {
        let entry = &index["entries"][&chart.name][0];
        assert_eq!(entry["name"], chart.name.as_str());
        assert_eq!(entry["appVersion"], chart.app_version.as_str());
        let file = entry["urls"][0].as_str().expect("a url");
        let sums = std::fs::read_to_string(PACKAGES.join("SHA256SUMS")).expect("SHA256SUMS");
        assert!(sums.contains(&format!("{}  {file}\n", entry["digest"].as_str().expect("a digest"))));
    }
}
