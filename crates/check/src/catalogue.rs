//! The whole catalogue: every chart as it is written, and every preset on every platform as it is installed.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use sparkyard_model::Chart as Made;
use sparkyard_model::{Catalogue, ChartTree, Finding, Line, Platform, Preset, Severity, SourceText};
use sparkyard_render::{Chart, Parsed, RenderError, UserValues};

use crate::context::{ChartSource, Target};
use crate::install::{Release, Stage, installed};
use crate::{check_source, check_stack};

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Checked {
    /// Charts that were read.
    pub charts: usize,
    /// Installs that were rendered: a preset on a platform, or a chart alone.
    pub installs: usize,
    /// Objects in them.
    pub objects: usize,
    /// How many of them take the place of their earlier version, when there is one to compare with.
    pub upgraded: Option<usize>,
    /// What is wrong, each once, the worst first.
    pub findings: Vec<Finding>,
}

/// What the objects of an install on a platform are made for: [`Target::of`], or what a user says in its place.
pub type TargetOf<'t> = dyn Fn(&Platform) -> Result<Target, Finding> + Sync + 't;

/// Checks the charts of the catalogue.
///
/// # Errors
/// When a chart cannot be read or rendered at all; everything that is wrong with it is in the error.
pub fn check_catalogue(
    catalogue: &Catalogue,
    tree: &ChartTree,
    target_of: &TargetOf<'_>,
) -> Result<Checked, RenderError> {
    let clusters = catalogue.platforms.iter().map(|platform| Cluster::of(platform, catalogue, target_of));
    let clusters: Vec<Cluster<'_>> = clusters.collect::<Result<_, _>>()?;
    let tasks: Vec<Task<'_>> =
        catalogue.lines.iter().flat_map(|line| tasks(catalogue, tree, line, &clusters)).collect();
    // Newer lines have more presets: begun first, so that no thread is left with a large part at the end.
    let queue = tasks.iter().enumerate().rev().par_bridge();
    let parsed = Parsed::default();
    let readers = || Readers { parsed: &parsed, charts: HashMap::new() };
    let mut parts: Vec<_> = queue.map_init(readers, |read, (index, task)| (index, task.done(tree, read))).collect();
    parts.sort_by_key(|(index, _)| *index);
    let mut all = Checked::default();
    for (_, checked) in parts {
        let checked = checked?;
        all.charts += checked.charts;
        all.installs += checked.installs;
        all.objects += checked.objects;
        all.findings.extend(checked.findings);
    }
    all.findings = crate::once(all.findings);
    Ok(all)
}

/// A platform, and what a stack on it meets.
struct Cluster<'c> {
    platform: &'c Platform,
    target: Target,
    served: Vec<String>,
}

impl<'c> Cluster<'c> {
    fn of(platform: &'c Platform, catalogue: &Catalogue, target_of: &TargetOf<'_>) -> Result<Self, RenderError> {
        let target = target_of(platform).map_err(|finding| RenderError::Refused(vec![finding]))?;
        let served = platform.api_versions.iter().cloned().chain(catalogue.apis()).collect();
        Ok(Self { platform, target, served })
    }
}

/// Something to look at, on its own.
struct Task<'c> {
    line: &'c Line,
    what: What<'c>,
}

enum What<'c> {
    /// A chart of the line as it is written.
    Source(usize),
    /// The charts of a preset, side by side.
    Preset(&'c Preset, &'c Cluster<'c>),
    /// A chart alone, with its own defaults: `helm install` of whoever tries it.
    Alone(usize, &'c Cluster<'c>),
}

/// All tasks of a line. How a chart is written is the same on every platform.
fn tasks<'c>(catalogue: &'c Catalogue, tree: &ChartTree, line: &'c Line, clusters: &'c [Cluster<'c>]) -> Vec<Task<'c>> {
    let charts = 0..of_line(tree, line).count();
    let presets = || catalogue.presets.iter().filter(|preset| preset.lines.matches(&line.spark));
    let mut all: Vec<What<'_>> = charts.clone().map(What::Source).collect();
    for cluster in clusters {
        all.extend(presets().map(|preset| What::Preset(preset, cluster)));
        all.extend(charts.clone().map(|index| What::Alone(index, cluster)));
    }
    all.into_iter().map(|what| Task { line, what }).collect()
}

fn of_line<'t>(tree: &'t ChartTree, line: &Line) -> impl Iterator<Item = &'t Made> {
    let id = line.id.clone();
    tree.charts.iter().filter(move |made| made.line == id)
}

/// The charts of each line that a thread has read so far. Threads share `parsed`; nothing else can be.
struct Readers<'p, 't> {
    parsed: &'p Parsed<'t>,
    charts: HashMap<String, Vec<(&'t Made, Chart)>>,
}

impl<'t> Readers<'_, 't> {
    fn charts(&mut self, tree: &'t ChartTree, line: &Line) -> Result<&[(&'t Made, Chart)], RenderError> {
        if !self.charts.contains_key(&line.id) {
            let read = |made: &'t Made| Ok((made, Chart::load_beside(&made.files, &made.name, self.parsed)?));
            let charts = of_line(tree, line).map(read).collect::<Result<_, RenderError>>()?;
            self.charts.insert(line.id.clone(), charts);
        }
        Ok(&self.charts[&line.id])
    }
}

impl Task<'_> {
    fn done<'t>(&self, tree: &'t ChartTree, read: &mut Readers<'_, 't>) -> Result<Checked, RenderError> {
        let charts = read.charts(tree, self.line)?;
        let mut checked = Checked::default();
        match self.what {
            What::Source(index) => {
                let (made, chart) = &charts[index];
                checked.charts = 1;
                checked.findings = check_source(&ChartSource::new(chart, &made.files, &made.name));
            }
            What::Preset(preset, cluster) => {
                let is_chosen = |made: &Made| made.bricks.iter().any(|brick| preset.bricks.contains(brick));
                let chosen: Vec<_> = charts.iter().filter(|(made, _)| is_chosen(made)).collect();
                let releases: Vec<Release<'_>> = chosen
                    .iter()
                    .map(|(made, chart)| Release {
                        chart,
                        name: release_name(made, preset, chosen.len()),
                        user: user(made, &[&preset.id, &cluster.platform.id]),
                        written: None,
                    })
                    .collect();
                checked.install(&releases, Target { complete: true, ..cluster.target.clone() }, &cluster.served)?;
            }
            What::Alone(index, cluster) => {
                let (made, chart) = &charts[index];
                let user = user(made, &[&cluster.platform.id]);
                let alone = Release { chart, name: "demo".into(), user, written: None };
                let target = Target { complete: made.bricks.len() > 1, ..cluster.target.clone() };
                checked.install(&[alone], target, &cluster.served)?;
            }
        }
        Ok(checked)
    }
}

impl Checked {
    fn install(
        &mut self,
        releases: &[Release<'_>],
        target: Target,
        api_versions: &[String],
    ) -> Result<(), RenderError> {
        let made = |trace| installed(releases, target.clone(), api_versions, Stage::Install, trace);
        let stack = made(false)?;
        self.installs += 1;
        self.objects += stack.objects.len();
        // Nearly always nothing is found: only then it matters who wrote what.
        if !check_stack(&stack).is_empty() {
            self.findings.extend(check_stack(&made(true)?));
        }
        Ok(())
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

fn release_name(made: &Made, preset: &Preset, charts: usize) -> String {
    match made.bricks.first() {
        Some(brick) if charts > 1 => format!("{}-{brick}", preset.id),
        _ => preset.id.clone(),
    }
}

/// The values files of these names that the chart carries.
fn user(made: &Made, names: &[&str]) -> UserValues {
    let files: BTreeMap<_, _> = names
        .iter()
        .enumerate()
        .filter_map(|(order, id)| {
            let name = format!("values-{id}.yaml");
            let text = Preset::with_examples(std::str::from_utf8(made.files.get(&name)?).ok()?);
            Some((order, SourceText { name: format!("{}/{name}", made.name), text }))
        })
        .collect();
    UserValues::of_files(files.into_values())
}
