//! From charts to the objects of one install.

use sparkyard_render::{Chart, Options, RenderError, UserValues, Written, render};

use crate::context::{Stack, Target};

/// A chart that is installed, with what its user says.
pub struct Release<'c> {
    /// The chart.
    pub chart: &'c Chart,
    /// Name of the release.
    pub name: String,
    /// Values files and arguments, in helm's order.
    pub user: UserValues,
    /// Who is asked who wrote a value, when that is not `user`: the files that the chart was composed of.
    pub written: Option<Written>,
}

/// What becomes of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is installed.
    Install,
    /// It takes the place of an earlier version.
    Upgrade,
    /// It is the earlier version, with the values of the next one: its schema need not know them.
    Earlier,
}

impl Stage {
    /// Says it to a render.
    pub fn tell(self, options: &mut Options) {
        options.is_upgrade = self == Stage::Upgrade;
        options.skip_schema = self == Stage::Earlier;
    }
}

/// The objects of charts that are installed side by side in one namespace.
///
/// # Errors
/// When a chart cannot be rendered with these values.
pub fn install(
    releases: &[Release<'_>],
    target: Target,
    api_versions: &[String],
    step: Stage,
) -> Result<Stack, RenderError> {
    installed(releases, target, api_versions, step, true)
}

/// The same; without a trace nobody can say later who wrote what.
pub(crate) fn installed(
    releases: &[Release<'_>],
    target: Target,
    api_versions: &[String],
    step: Stage,
    trace: bool,
) -> Result<Stack, RenderError> {
    let mut options = Options {
        namespace: target.namespace.clone(),
        api_versions: api_versions.to_vec(),
        kube_version: target.kube_version.clone(),
        trace,
        ..Options::default()
    };
    step.tell(&mut options);
    let mut stack = Stack::new(target);
    for release in releases {
        options.release.clone_from(&release.name);
        options.written.clone_from(&release.written);
        let rendered = render(release.chart, &release.user, &options)?;
        let written = release.written.clone().unwrap_or_else(|| release.user.clone().into());
        stack.add(release.chart, rendered, written);
    }
    Ok(stack)
}
