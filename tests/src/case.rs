//! What is rendered: a chart, a preset's values, a platform's values, and what the cluster offers.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use sparkyard_model::{Brick, Catalogue, ChartTree, Line, Platform, Preset, Request, Shape};

use crate::{catalogue, trees};

/// One combination.
#[derive(Debug, Clone)]
pub struct Case {
    /// Folder of the chart.
    pub chart: PathBuf,
    /// Where it is from, for messages: `generated-charts`, or a selection.
    pub origin: String,
    /// File name of the preset's values in the chart.
    pub preset: Option<String>,
    /// File name of the platform's values in the chart.
    pub platform: Option<String>,
    /// What is set beside the files: a brick switched on in the place of another.
    pub sets: Vec<String>,
    /// API versions that the cluster has beyond Kubernetes' own.
    pub api_versions: Vec<String>,
    /// Whether objects are meant for OpenShift.
    pub openshift: bool,
    /// Whether nothing that its objects refer to lies elsewhere: a chart of one brick refers to what its neighbours make.
    pub complete: bool,
}

impl Case {
    /// A chart without any values file.
    pub fn plain(chart: &Path, origin: &str) -> Self {
        Self {
            chart: chart.to_owned(),
            origin: origin.to_owned(),
            preset: None,
            platform: None,
            sets: Vec::new(),
            api_versions: Vec::new(),
            openshift: false,
            complete: chart.join("charts").is_dir(),
        }
    }

    /// Name of the chart.
    pub fn chart_name(&self) -> String {
        self.chart.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What its cluster serves: the API versions, and what the catalogue's objects ask for.
    pub fn apis(&self) -> Vec<String> {
        self.api_versions.iter().cloned().chain(catalogue::catalogue().apis()).collect()
    }

    /// `-f` and `--set` arguments for helm, run in the chart's folder.
    pub fn value_args(&self) -> Vec<String> {
        let files = self.preset.iter().chain(&self.platform);
        let files = files.flat_map(|file| ["--values".to_owned(), file.clone()]);
        files.chain(self.sets.iter().flat_map(|set| ["--set".to_owned(), set.clone()])).collect()
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.origin, self.chart_name())?;
        for file in self.preset.iter().chain(&self.platform) {
            write!(f, " -f {file}")?;
        }
        for set in &self.sets {
            write!(f, " --set {set}")?;
        }
        if !self.api_versions.is_empty() {
            write!(f, " --api-versions ...")?;
        }
        Ok(())
    }
}

/// Every chart below a folder with every preset and platform file that it carries, on a plain
/// cluster and on one that offers what the platforms offer.
pub fn matrix(folder: &Path, origin: &str, platforms: &[Platform]) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut api_versions: Vec<String> = platforms.iter().flat_map(|platform| platform.api_versions.clone()).collect();
    api_versions.sort();
    api_versions.dedup();
    for chart in charts(folder) {
        let names = value_files(&chart);
        let is_platform = |name: &&String| platforms.iter().any(|p| **name == format!("values-{}.yaml", p.id));
        let presets: Vec<_> = names.iter().filter(|name| !is_platform(name)).cloned().map(Some).collect();
        cases.extend(stand_ins(&chart).map(|sets| Case { sets, ..Case::plain(&chart, origin) }));
        let overlays: Vec<_> = names.iter().filter(is_platform).cloned().map(Some).collect();
        for preset in [None].into_iter().chain(presets) {
            for platform in [None].into_iter().chain(overlays.clone()) {
                for api_versions in [Vec::new(), api_versions.clone()] {
                    // Without a platform file the charts ask the cluster.
                    let openshift = match &platform {
                        Some(name) => name == "values-openshift.yaml",
                        None => !api_versions.is_empty(),
                    };
                    let (preset, platform) = (preset.clone(), platform.clone());
                    let sets = preset.as_deref().map(examples).unwrap_or_default();
                    let plain = Case::plain(&chart, origin);
                    // What a user must set names what lies elsewhere.
                    let complete = plain.complete && sets.is_empty();
                    cases.push(Case { preset, platform, sets, api_versions, openshift, complete, ..plain });
                }
            }
        }
    }
    cases
}

/// The preset of a values file of a chart: `values-quickstart.yaml`.
pub fn preset_of(file: &str) -> Option<&'static Preset> {
    catalogue::catalogue().preset(file.strip_prefix("values-")?.strip_suffix(".yaml")?)
}

/// What a user must set beside a preset's values file, as `--set` says it.
fn examples(file: &str) -> Vec<String> {
    let must_set = preset_of(file).into_iter().flat_map(|preset| &preset.must_set);
    must_set.map(|(path, example)| format!("global.{path}={example}")).collect()
}

/// For each vendored brick that is off because another stands in its place: the values that exchange the two.
fn stand_ins(chart: &Path) -> impl Iterator<Item = Vec<String>> {
    let vendored = |brick: &&Brick| chart.join("charts").join(brick.id).is_dir();
    let bricks: Vec<&Brick> = catalogue::catalogue().bricks.iter().filter(vendored).collect();
    (0..bricks.len()).filter_map(move |at| {
        let first = bricks[..at].iter().find(|first| first.component == bricks[at].component)?;
        Some(vec![format!("{}.enabled=false", first.id), format!("{}.enabled=true", bricks[at].id)])
    })
}

/// Folders of the charts below a folder.
pub fn charts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut charts: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join("Chart.yaml").is_file()).collect();
    charts.sort();
    charts
}

/// Every chart of the catalogue below a folder that has a brick: the chart, its line, and whether it is an umbrella, where the
/// brick's values lie below its name.
pub fn with_brick(folder: &Path, origin: &str, brick: &str) -> Vec<(Case, &'static Line, bool)> {
    let known = catalogue::catalogue();
    let of = |chart: &PathBuf| {
        let case = Case::plain(chart, origin);
        let made = catalogue::tree().charts.iter().find(|made| made.name == case.chart_name()).expect("its chart");
        let line = known.line(&made.line).expect("its line");
        made.bricks.iter().any(|one| one == brick).then_some((case, line, made.bricks.len() > 1))
    };
    charts(folder).iter().filter_map(of).collect()
}

/// Names of the `values-*.yaml` of a chart.
fn value_files(chart: &Path) -> Vec<String> {
    let entries = fs::read_dir(chart).expect("a chart's folder");
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with("values-") && name.ends_with(".yaml"));
    names.sort();
    names
}

/// Every line x shape x preset x platform, composed in memory: what it is, and its charts.
///
/// # Panics
/// With the findings, when one cannot be composed.
pub fn selections(catalogue: &Catalogue) -> Vec<(String, ChartTree)> {
    let mut trees = Vec::new();
    for line in &catalogue.lines {
        for preset in catalogue.presets.iter().filter(|preset| preset.lines.matches(&line.spark)) {
            for (shape, platform) in Shape::ALL.iter().flat_map(|s| catalogue.platforms.iter().map(move |p| (s, p))) {
                let name = format!("{}+{}+{shape}+{}", preset.id, line.id, platform.id);
                let request = Request {
                    preset: Some(preset.clone()),
                    line: Some(line.id.clone()),
                    platform: Some(platform.id.clone()),
                    shape: Some(*shape),
                    examples: true,
                    ..Request::default()
                };
                let plan = sparkyard_compose::resolve(catalogue, &request)
                    .unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
                let tree =
                    sparkyard_compose::compose(catalogue, &plan).unwrap_or_else(|error| panic!("{name}: {error}"));
                trees.push((name, tree));
            }
        }
    }
    trees
}

/// Writes a tree of charts below a folder.
pub fn write(tree: &ChartTree, folder: &Path) {
    for chart in &tree.charts {
        trees::write(&folder.join(&chart.name), &chart.files);
    }
    trees::write(folder, &tree.files);
}
