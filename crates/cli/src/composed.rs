//! From a request to charts that are ready to be rendered, and to the objects of an install.

use sparkyard_check::{Release, Stack, Stage, Target, install};
use sparkyard_compose::{compose, release_name, resolve, unused};
use sparkyard_model::{Catalogue, ChartTree, Finding, Plan, Platform, Request, SourceText};
use sparkyard_render::{Chart, RenderError, UserValues, Written};

use crate::console::Stop;

/// A selection, composed, and its charts read: ready to be rendered.
pub(crate) struct Composed {
    /// Every decision.
    pub(crate) plan: Plan,
    /// The charts.
    pub(crate) tree: ChartTree,
    /// The charts, read, in the same order.
    pub(crate) charts: Vec<Chart>,
    /// What its values files say for nothing.
    pub(crate) unused: Vec<Finding>,
    /// The values files of the request: they are composed into the defaults, and who wrote a value is still asked of them.
    files: Vec<SourceText>,
}

impl Composed {
    /// Composes what a request stands for.
    pub(crate) fn of(catalogue: &Catalogue, request: &Request) -> Result<Self, Stop> {
        let plan = resolve(catalogue, request)?;
        let tree = compose(catalogue, &plan).map_err(Finding::from)?;
        let read = tree.charts.iter().map(|made| Chart::load(&made.files, &made.name));
        let charts = read.collect::<Result<_, _>>().map_err(RenderError::into_findings)?;
        let files = request.overrides.iter().map(|file| file.source.clone()).collect();
        let unused = unused(catalogue, request, &plan);
        Ok(Self { plan, tree, charts, unused, files })
    }

    /// The platform of the plan.
    pub(crate) fn platform<'c>(&self, catalogue: &'c Catalogue) -> Result<&'c Platform, Finding> {
        let id = &self.plan.platform;
        catalogue.platform(id).ok_or_else(|| Finding::error("bad-catalogue", format!("no platform `{id}`")))
    }

    /// A release of each chart.
    pub(crate) fn releases(&self, user: &UserValues) -> Vec<Release<'_>> {
        let release = |(made, chart)| {
            let made: &sparkyard_model::Chart = made;
            let section = made.bricks.first().filter(|_| self.charts.len() > 1);
            let name = release_name(&self.plan, made.bricks.first().map_or("", String::as_str));
            let mut written = UserValues::of_files(self.files.iter().cloned());
            written.set.clone_from(&user.set);
            Release {
                chart,
                name,
                user: user.clone(),
                written: Some(Written { files: written, section: section.cloned() }),
            }
        };
        self.tree.charts.iter().zip(&self.charts).map(release).collect()
    }

    /// The objects of an install on the plan's platform, where everything is served that the catalogue makes objects of.
    pub(crate) fn install(&self, catalogue: &Catalogue) -> Result<Stack, Stop> {
        let platform = self.platform(catalogue)?;
        let api_versions: Vec<String> = platform.api_versions.iter().cloned().chain(catalogue.apis()).collect();
        let releases = self.releases(&UserValues::default());
        let made = install(&releases, Target::of(platform)?, &api_versions, Stage::Install);
        Ok(made.map_err(RenderError::into_findings)?)
    }
}
