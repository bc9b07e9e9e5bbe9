//! Exactly what `build` would write of a selection, installed.

use std::fs;
use std::path::{Path, PathBuf};

use sparkyard_admission::Policy;
use sparkyard_check::{
    ChartSource, Checked, Release, Stack, Stage, Target, Waiver, check_source, check_stack, install,
};
use sparkyard_model::{Catalogue, ChartTree, Finding, Plan, Request, SourceText};
use sparkyard_render::{Chart, RenderError};

use super::{cluster, compare, read_waivers};
use crate::args::CheckArgs;
use crate::composed::Composed;
use crate::console::{Console, Stop};
use crate::{load, select, values};

/// A selection, all that is made of it, and what was found.
pub(crate) struct Selected {
    /// Every decision.
    pub(crate) plan: Plan,
    /// The charts.
    pub(crate) tree: ChartTree,
    /// The objects of an install.
    pub(crate) stack: Stack,
    /// What was found.
    pub(crate) checked: Checked,
    /// What its values files say for nothing.
    pub(crate) unused: Vec<Finding>,
}

pub(super) fn check(
    args: &CheckArgs,
    catalogue: &Catalogue,
    waivers: &mut Vec<Waiver>,
    console: &mut Console<'_>,
) -> Result<Checked, Stop> {
    let request = select::request(&args.selection, catalogue)?;
    let selected = selected(args, catalogue, &request, waivers)?;
    console.notes(&selected.unused)?;
    Ok(selected.checked)
}

/// Makes and checks what a request stands for; `args` says for which cluster.
pub(crate) fn selected(
    args: &CheckArgs,
    catalogue: &Catalogue,
    request: &Request,
    waivers: &mut Vec<Waiver>,
) -> Result<Selected, Stop> {
    if args.upgrade_from.len() > 1 {
        return Err(Stop::usage(
            "--upgrade-from is given more than once: a selection has one folder of earlier charts",
        ));
    }
    // Says whether the word is a platform, before any work.
    cluster::platform(args, catalogue, None)?;
    let files: Vec<SourceText> = request.overrides.iter().map(|file| file.source.clone()).collect();
    let mut findings = read_waivers(&files, waivers);
    let composed = Composed::of(catalogue, request)?;
    let user = values::user(&[], &args.set)?;
    let platform = composed.platform(catalogue)?;
    let mut target = cluster::target(args, platform)?;
    target.openshift |= args.policy.iter().any(Policy::is_openshift);
    let api_versions = cluster::api_versions(args, catalogue, platform);
    for (made, chart) in composed.tree.charts.iter().zip(&composed.charts) {
        findings.extend(check_source(&ChartSource::new(chart, &made.files, &made.name)));
    }
    let releases = composed.releases(&user);
    let made = |releases: &[Release<'_>], target: &Target, stage| {
        install(releases, target.clone(), &api_versions, stage).map_err(RenderError::into_findings)
    };
    let stack = made(&releases, &target, Stage::Install)?;
    findings.extend(check_stack(&stack));
    let mut checked =
        Checked { charts: releases.len(), installs: 1, objects: stack.objects().len(), findings, upgraded: None };
    if let Some(folder) = args.upgrade_from.first() {
        let old = earlier(folder, &releases)?;
        let old: Vec<Release<'_>> = old
            .iter()
            .map(|(chart, name)| Release { chart, name: name.clone(), user: user.clone(), written: None })
            .collect();
        compare(&made(&old, &target, Stage::Earlier)?, &made(&releases, &target, Stage::Upgrade)?, &mut checked)?;
    }
    drop(releases);
    let Composed { plan, tree, unused, .. } = composed;
    Ok(Selected { plan, tree, stack, checked, unused })
}

/// The earlier version of each chart that has one, with the name of its release. A new chart may have none.
fn earlier(folder: &Path, releases: &[Release<'_>]) -> Result<Vec<(Chart, String)>, Vec<Finding>> {
    let mut found = Vec::new();
    for release in releases {
        let name = &release.chart.metadata.name;
        if let Some(path) = chart_in(folder, name, releases.len() == 1) {
            let files = load::files(&path).map_err(|finding| vec![finding])?;
            let chart = Chart::load(&files, &load::prefix(&path)).map_err(RenderError::into_findings)?;
            found.push((chart, release.name.clone()));
        }
    }
    if found.is_empty() {
        let names: Vec<&str> = releases.iter().map(|release| release.chart.metadata.name.as_str()).collect();
        let message = format!("{} holds no earlier version of {}", folder.display(), names.join(", "));
        return Err(vec![
            Finding::error("cannot-read", message).help(
                "--upgrade-from names what an earlier `sparkyard build` wrote: a folder of charts or of packages",
            ),
        ]);
    }
    Ok(found)
}

/// The chart of this name: the path itself when it is one and there is only one, or its folder or package below the path.
fn chart_in(folder: &Path, name: &str, alone: bool) -> Option<PathBuf> {
    if alone && (folder.is_file() || folder.join("Chart.yaml").is_file()) {
        return Some(folder.to_owned());
    }
    let below = folder.join(name);
    if below.join("Chart.yaml").is_file() {
        return Some(below);
    }
    let is_package = |path: &PathBuf| {
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let version = file.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".tgz"));
        version.is_some_and(|version| semver::Version::parse(version).is_ok())
    };
    let mut packages: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    packages.retain(is_package);
    packages.sort();
    packages.pop()
}
