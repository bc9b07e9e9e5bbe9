//! The whole catalogue: every chart as it is written, and every preset on every platform as it is installed.

use std::collections::BTreeMap;

use rayon::prelude::*;
use sparkyard_model::{Catalogue, ChartTree, Finding, Line, Platform, Preset, Severity, SourceText};
use sparkyard_render::{Chart, RenderError, UserValues};

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
    // A line on a platform shares nothing with the others.
    let of_line = |line| catalogue.platforms.iter().map(move |platform| (line, platform));
    let parts: Vec<(&Line, &Platform)> = catalogue.lines.iter().flat_map(of_line).collect();
    // Newer lines have more presets: begun first, so that no thread is left with a large part at the end.
    let queue = parts.iter().enumerate().rev().par_bridge();
    let check = |(index, (line, platform)): (usize, &(&Line, &Platform))| {
        (index, check_part(catalogue, tree, line, platform, target_of))
    };
    let mut parts: Vec<_> = queue.map(check).collect();
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

/// Every chart of a line, and every preset that fits it, on one platform.
fn check_part(
    catalogue: &Catalogue,
    tree: &ChartTree,
    line: &Line,
    platform: &Platform,
    target_of: &TargetOf<'_>,
) -> Result<Checked, RenderError> {
    // How a chart is written is the same on every platform.
    let is_first = catalogue.platforms.first().is_some_and(|first| first.id == platform.id);
    let mut checked = Checked::default();
    let mut charts = Vec::new();
    for made in tree.charts.iter().filter(|made| made.line == line.id) {
        let chart = Chart::load(&made.files, &made.name)?;
        if is_first {
            checked.charts += 1;
            checked.findings.extend(check_source(&ChartSource::new(&chart, &made.files, &made.name)));
        }
        charts.push((made, chart));
    }
    let target = target_of(platform).map_err(|finding| RenderError::Refused(vec![finding]))?;
    let served: Vec<String> = platform.api_versions.iter().cloned().chain(catalogue.apis()).collect();
    for preset in catalogue.presets.iter().filter(|preset| preset.lines.matches(&line.spark)) {
        let chosen: Vec<_> =
            charts.iter().filter(|(made, _)| made.bricks.iter().any(|brick| preset.bricks.contains(brick))).collect();
        let releases: Vec<Release<'_>> = chosen
            .iter()
            .map(|(made, chart)| Release {
                chart,
                name: release_name(made, preset, chosen.len()),
                user: user(made, &[&preset.id, &platform.id]),
                written: None,
            })
            .collect();
        checked.install(&releases, Target { complete: true, ..target.clone() }, &served)?;
    }
    // Alone, with its own defaults: `helm install` of whoever tries a chart.
    for (made, chart) in &charts {
        let alone = Release { chart, name: "demo".into(), user: user(made, &[&platform.id]), written: None };
        let target = Target { complete: made.bricks.len() > 1, ..target.clone() };
        checked.install(&[alone], target, &served)?;
    }
    Ok(checked)
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

fn release_name(made: &sparkyard_model::Chart, preset: &Preset, charts: usize) -> String {
    match made.bricks.first() {
        Some(brick) if charts > 1 => format!("{}-{brick}", preset.id),
        _ => preset.id.clone(),
    }
}

/// The values files of these names that the chart carries.
fn user(made: &sparkyard_model::Chart, names: &[&str]) -> UserValues {
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
