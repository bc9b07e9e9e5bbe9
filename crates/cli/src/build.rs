//! `sparkyard build`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sparkyard_compose::{catalogue_tree, compose, install_commands, resolve};
use sparkyard_model::{Catalogue, ChartTree, Finding, Plan, Preset, Request};
use sparkyard_pack::{Kind, Mode, PackError, Package, Written, diff, diff_dist, emit, package_all, write_dist};

use crate::args::{BuildArgs, Format, Selection};
use crate::composed::Composed;
use crate::console::{Console, Stop};
use crate::up::quoted;
use crate::{FAILED, OK, Outcome, env, select, table};

/// What was built, for a script.
#[derive(Serialize)]
struct Report<'a> {
    out: &'a Path,
    dist: Option<&'a Path>,
    charts: Vec<ChartReport<'a>>,
    written: &'a Written,
    packages: Option<&'a Written>,
    next: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChartReport<'a> {
    name: &'a str,
    version: &'a semver::Version,
    app_version: &'a str,
    description: &'a str,
    bricks: &'a [String],
    images: &'a [String],
    files: usize,
    size: usize,
    package: Option<&'a Package>,
}

/// What to build, decided before anything is written.
struct Job {
    tree: ChartTree,
    mode: Mode,
    out: PathBuf,
    dist: Option<PathBuf>,
    /// Commands that install what was built, for somebody in the folder of the charts.
    install: Vec<String>,
}

pub(crate) fn run(args: &BuildArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let epoch = env::epoch()?;
    let job = job(args, catalogue, console)?;
    if let Some(dist) = job.dist.as_deref().filter(|dist| is_same_folder(dist, &job.out)) {
        return Err(Stop::usage(format!("{} is for the charts; packages want a folder of their own", dist.display())));
    }
    let packages = match &job.dist {
        Some(_) => package_all(&job.tree.charts, epoch).map_err(cannot_write)?,
        None => Vec::new(),
    };
    let (charts, packed) = if args.check {
        let charts = diff(&job.tree, &job.out, job.mode).map_err(cannot_write)?;
        let packed = job.dist.as_deref().map(|dist| diff_dist(&packages, dist, epoch, job.mode)).transpose();
        (charts, packed.map_err(cannot_write)?)
    } else {
        let charts = emit(&job.tree, &job.out, job.mode).map_err(cannot_write)?;
        let packed = job.dist.as_deref().map(|dist| write_dist(&packages, dist, epoch, job.mode)).transpose();
        (charts, packed.map_err(cannot_write)?)
    };
    let next: Vec<String> =
        [format!("cd {}", quoted(&job.out.display().to_string()))].into_iter().chain(job.install.clone()).collect();
    if args.output == Format::Json {
        let reports = job.tree.charts.iter().enumerate().map(|(index, chart)| ChartReport {
            name: &chart.name,
            version: &chart.version,
            app_version: &chart.app_version,
            description: &chart.description,
            bricks: &chart.bricks,
            images: &chart.images,
            files: chart.files.len(),
            size: chart.files.values().map(Vec::len).sum(),
            package: packages.get(index),
        });
        console.json(&Report {
            out: &job.out,
            dist: job.dist.as_deref(),
            charts: reports.collect(),
            written: &charts,
            packages: packed.as_ref(),
            next: &next,
        })?;
    } else if args.check {
        console.print(&stale(&job, &charts, packed.as_ref()))?;
    } else {
        console.print(&summary(&job, &packages, &charts, packed.as_ref(), &next))?;
    }
    let clean = charts.is_clean() && packed.as_ref().is_none_or(Written::is_clean);
    Ok(if args.check && !clean { FAILED } else { OK })
}

fn job(args: &BuildArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Result<Job, Stop> {
    let mode = |kind| Mode { kind, force: args.force };
    if args.selection.is_empty() {
        let dist = args.package.clone().flatten().unwrap_or_else(|| PathBuf::from("dist"));
        return Ok(Job {
            tree: catalogue_tree(catalogue)?,
            mode: mode(Kind::Catalogue),
            out: args.out.clone().unwrap_or_else(|| PathBuf::from("generated-charts")),
            dist: (!args.no_package).then_some(dist),
            // Many presets fit; the default one, on the newest line, stands for them.
            install: resolve(catalogue, &Request::default()).map(|plan| install_commands(&plan)).unwrap_or_default(),
        });
    }
    let (plan, tree, unused) = composed(&args.selection, catalogue)?;
    console.notes(&unused)?;
    let name = folder_name(&plan);
    Ok(Job {
        tree,
        mode: mode(Kind::Selection),
        out: args.out.clone().unwrap_or_else(|| Path::new("charts").join(&name)),
        dist: args.package.clone().map(|dir| dir.unwrap_or_else(|| Path::new("dist").join(&name))),
        install: install_commands(&plan),
    })
}

/// The charts of a selection. With anything of the user's own in it, what the charts themselves would refuse at `helm install`
/// is refused here already; what the catalogue says alone is rendered by its tests. The last part is what its values files say for
/// nothing.
pub(crate) fn composed(selection: &Selection, catalogue: &Catalogue) -> Result<(Plan, ChartTree, Vec<Finding>), Stop> {
    let request = select::request(selection, catalogue)?;
    let is_known = |preset: &Preset| catalogue.preset(&preset.id) == Some(preset);
    if request.overrides.is_empty() && request.bricks.is_empty() && request.preset.as_ref().is_none_or(is_known) {
        let plan = resolve(catalogue, &request)?;
        let tree = compose(catalogue, &plan).map_err(Finding::from)?;
        return Ok((plan, tree, Vec::new()));
    }
    let made = Composed::of(catalogue, &request)?;
    made.install(catalogue)?;
    Ok((made.plan, made.tree, made.unused))
}

/// Whether two paths lead to one folder, which need not be there yet.
fn is_same_folder(one: &Path, other: &Path) -> bool {
    let whole =
        |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    whole(one) == whole(other)
}

/// Two selections share a folder only if they are the same scenario on the same line.
fn folder_name(plan: &Plan) -> String {
    format!("{}-{}", plan.preset.as_deref().unwrap_or("spark"), plan.line.slug())
}

pub(crate) fn cannot_write(error: PackError) -> Stop {
    let finding = Finding::error("cannot-write", error.to_string());
    match error.help() {
        Some(help) => finding.help(help).into(),
        None => finding.into(),
    }
}

fn summary(job: &Job, packages: &[Package], charts: &Written, packed: Option<&Written>, next: &[String]) -> String {
    let rows = job.tree.charts.iter().enumerate().map(|(index, chart)| {
        let package = packages.get(index);
        let bytes = package.map_or_else(|| chart.files.values().map(Vec::len).sum(), |package| package.size);
        [
            chart.name.clone(),
            chart.version.to_string(),
            chart.app_version.clone(),
            chart.files.len().to_string(),
            table::size(bytes),
            package.map_or_else(|| "-".to_owned(), |package| package.sha256[..12].to_owned()),
        ]
    });
    let mut text = table::rows(["CHART", "VERSION", "APP", "FILES", "SIZE", "SHA-256"], rows);
    text.push_str(&format!("\n{}", done(charts, &job.out)));
    if let (Some(written), Some(dist)) = (packed, &job.dist) {
        text.push_str(&done(written, dist));
    }
    text.push_str("\nNext:\n");
    for line in next {
        text.push_str(&format!("  {line}\n"));
    }
    text
}

fn done(written: &Written, folder: &Path) -> String {
    let mut text = format!("{} written", table::count(written.changed.len(), "file"));
    text.push_str(&format!(", {} unchanged", written.kept.len()));
    if !written.removed.is_empty() {
        text.push_str(&format!(", {} removed", written.removed.len()));
    }
    format!("{}: {text}\n", folder.display())
}

fn stale(job: &Job, charts: &Written, packed: Option<&Written>) -> String {
    let mut text = String::new();
    for (written, folder) in [(Some(charts), Some(&job.out)), (packed, job.dist.as_ref())] {
        let (Some(written), Some(folder)) = (written, folder) else { continue };
        for file in &written.changed {
            text.push_str(&format!("would write  {}\n", folder.join(file).display()));
        }
        for file in &written.removed {
            text.push_str(&format!("would remove {}\n", folder.join(file).display()));
        }
    }
    if text.is_empty() {
        text.push_str("everything is up to date\n");
    }
    text
}
