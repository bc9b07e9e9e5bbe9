//! Charts of anybody, side by side.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sparkyard_check::{ChartSource, Checked, Stack, Stage, Target, Waiver, check_source, check_stack};
use sparkyard_model::{Catalogue, Finding, SourceText};
use sparkyard_render::{Chart, Options, RenderError, UserValues, effective_values, render};

use super::{cluster, compare, manifests, read_waivers};
use crate::args::CheckArgs;
use crate::console::{Console, Stop};
use crate::helm::{self, Helm};
use crate::{load, values};

/// A chart of anybody.
struct Foreign<'a> {
    path: &'a Path,
    prefix: String,
    files: BTreeMap<String, Vec<u8>>,
    /// The chart; or why helm has to read it.
    chart: Result<Chart, Vec<Finding>>,
}

impl<'a> Foreign<'a> {
    fn read(path: &'a Path) -> Result<Self, Vec<Finding>> {
        let files = load::files(path).map_err(|finding| vec![finding])?;
        let prefix = load::prefix(path);
        let chart = match Chart::load(&files, &prefix) {
            Ok(chart) => Ok(chart),
            Err(RenderError::Outside(outside)) => Err(outside),
            Err(RenderError::Refused(refused)) => return Err(refused),
        };
        Ok(Self { path, prefix, files, chart })
    }

    /// The template that helm calls `web/templates/service.yaml`, if it is not in a packed subchart.
    fn template(&self, source: &str) -> Option<Rc<SourceText>> {
        let path = source.split_once('/')?.1;
        let text = std::str::from_utf8(self.files.get(path)?).ok()?.to_owned();
        Some(Rc::new(SourceText { name: format!("{}/{path}", self.prefix), text }))
    }

    /// Releases are called as their chart.
    fn name(&self) -> &str {
        self.chart.as_ref().map_or("release-name", |chart| &chart.metadata.name)
    }
}

/// What all charts of a check share.
struct Install<'a> {
    args: &'a CheckArgs,
    user: UserValues,
    target: Target,
    api_versions: Vec<String>,
}

impl Install<'_> {
    fn options(&self, release: &str, stage: Stage) -> Options {
        let mut options = Options {
            release: release.to_owned(),
            namespace: self.target.namespace.clone(),
            kube_version: self.target.kube_version.clone(),
            api_versions: self.api_versions.clone(),
            trace: true,
            ..Options::default()
        };
        stage.tell(&mut options);
        options
    }

    /// Adds the objects of a chart. What lies outside of the dialect, so that helm rendered it, is returned.
    fn add(&self, stack: &mut Stack, chart: &Foreign<'_>, release: &str, stage: Stage) -> Result<Vec<Finding>, Stop> {
        let options = self.options(release, stage);
        let outside = match &chart.chart {
            Ok(read) => match render(read, &self.user, &options) {
                Ok(rendered) => {
                    stack.add(read, rendered, self.user.clone().into());
                    return Ok(Vec::new());
                }
                Err(RenderError::Refused(refused)) => return Err(refused.into()),
                Err(RenderError::Outside(outside)) => outside,
            },
            Err(outside) => outside.clone(),
        };
        let (values, set) = (&self.args.selection.values, &self.args.set);
        let text = helm::template(&Helm { chart: chart.path, values, set, options: &options, more: &[] })?;
        let text = SourceText { name: format!("{} (rendered)", chart.prefix), text };
        for mut object in manifests::objects(&Rc::new(text))? {
            object.template = chart.template(&object.source);
            stack.add_object(object);
        }
        Ok(outside)
    }
}

pub(super) fn check(
    args: &CheckArgs,
    catalogue: &Catalogue,
    waivers: &mut Vec<Waiver>,
    console: &mut Console<'_>,
) -> Result<Checked, Stop> {
    let (count, earlier) = (args.charts.len(), args.upgrade_from.len());
    if earlier > 0 && earlier != count {
        let message =
            format!("--upgrade-from is given {earlier} times for {count} charts: give one for each, in their order");
        return Err(Stop::usage(message));
    }
    let (charts, earlier) = (read(&args.charts)?, read(&args.upgrade_from)?);
    let user = values::user(&args.selection.values, &args.set)?;
    let in_values = charts.iter().find_map(|chart| platform(chart, &user));
    let platform = cluster::platform(args, catalogue, in_values.as_deref())?;
    let target = Target { complete: args.complete, ..cluster::target(args, platform)? };
    // Every cluster serves it, and helm knows only the versions of its own client.
    let mut api_versions = cluster::api_versions(args, catalogue, platform);
    api_versions.push("apiregistration.k8s.io/v1".to_owned());
    let mut findings = read_waivers(&user.files, waivers);
    let install = Install { args, user, target, api_versions };
    let mut stack = Stack::new(install.target.clone());
    for chart in &charts {
        let outside = install.add(&mut stack, chart, chart.name(), Stage::Install)?;
        match &chart.chart {
            Ok(read) if outside.is_empty() => {
                findings.extend(check_source(&ChartSource::new(read, &chart.files, &chart.prefix)));
            }
            _ => console.note(&load::outside(chart.path, &outside))?,
        }
    }
    findings.extend(check_stack(&stack));
    let mut checked = Checked { charts: count, installs: 1, objects: stack.objects().len(), findings, upgraded: None };
    if !earlier.is_empty() {
        let (mut before, mut after) = (Stack::new(install.target.clone()), Stack::new(install.target.clone()));
        for (old, new) in earlier.iter().zip(&charts) {
            install.add(&mut before, old, new.name(), Stage::Earlier)?;
            install.add(&mut after, new, new.name(), Stage::Upgrade)?;
        }
        compare(&before, &after, &mut checked)?;
    }
    Ok(checked)
}

fn read(paths: &[PathBuf]) -> Result<Vec<Foreign<'_>>, Vec<Finding>> {
    paths.iter().map(|path| Foreign::read(path)).collect()
}

/// The platform that the values name: `global.platform`.
fn platform(chart: &Foreign<'_>, user: &UserValues) -> Option<String> {
    let values = match &chart.chart {
        Ok(chart) => effective_values(chart, user).ok()?,
        Err(_) => user.values().ok()?,
    };
    match values.to_json().pointer("/global/platform") {
        Some(serde_json::Value::String(id)) => Some(id.clone()),
        _ => None,
    }
}
