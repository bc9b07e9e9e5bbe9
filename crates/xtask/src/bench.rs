//! `cargo xtask bench`: sparkyard beside helm, in one run, alternating.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask::{helm, markers, place};

use crate::bench_push;

use crate::measure::{Times, peak, run};
use crate::run;

const PAGE: &str = "docs/benchmarks.md";

/// A row of the table.
struct Row {
    what: &'static str,
    goal: &'static str,
    times: Times,
    peak: Option<f64>,
}

impl Row {
    fn new(what: &'static str, goal: &'static str) -> Self {
        Self { what, goal, times: Times::default(), peak: None }
    }
}

/// How often a loaded chart is rendered in a round.
const RENDERS: &str = "5";

/// One program with its arguments, run in the bench's folder.
struct Job {
    program: PathBuf,
    args: Vec<String>,
    folder: PathBuf,
}

impl Job {
    fn new(program: &Path, folder: &Path, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { program: program.to_owned(), args, folder: folder.to_owned() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(&self.folder);
        command
    }

    fn peak(&self) -> Result<Option<f64>> {
        peak(&self.program, &self.args, &self.folder)
    }
}

/// Builds in release mode and measures.
pub(crate) fn all(number: usize, write: bool) -> Result<()> {
    let helm = helm::ensure()?;
    run::cargo(&["build", "--quiet", "--release", "--package", "sparkyard-cli", "--bin", "sparkyard"])?;
    let program = place::target().join("release").join(format!("sparkyard{}", std::env::consts::EXE_SUFFIX));
    let folder = folder()?;
    let here = folder.path();
    let preset = first_preset(&program)?;

    let whole = Job::new(&program, here, &["build", "--out", "charts", "--package=dist"]);
    let again = Job::new(&program, here, &["build", "--out", "kept", "--package=kept-dist"]);
    let one = Job::new(&program, here, &["build", "--preset", &preset, "--out", "one"]);
    let floor = Job::new(&helm.path, here, &["version"]);
    run(&mut again.command())?;
    let charts = charts(&here.join("kept"))?;
    let mut package: Vec<&str> = vec!["package", "--destination", "helm-dist"];
    package.extend(charts.iter().map(String::as_str));
    let package = Job::new(&helm.path, here, &package);

    let check = Job::new(&program, here, &["check"]);
    let umbrella = charts.iter().find(|chart| Path::new(chart).join("charts").is_dir()).context("no umbrella")?;
    let values = format!("{umbrella}/values-{preset}.yaml");
    let template = ["template", "demo", umbrella, "--values", &values];
    let (ours_template, helms_template) = (Job::new(&program, here, &template), Job::new(&helm.path, here, &template));

    let again_args = [umbrella.as_str(), &values, RENDERS];
    let rendered_again = Job::new(&example()?, here, &again_args);

    let mut rows = [
        Row::new("`sparkyard build`: compose and pack the whole catalogue", "<= 120"),
        Row::new("`helm package` of the same charts, one process", "730 per 100 charts"),
        Row::new("`sparkyard build --preset`: one preset", "<= 15"),
        Row::new("`sparkyard build` again, nothing to write", "<= 70"),
        Row::new("`helm version`: what it takes to start helm", "-"),
        Row::new("`sparkyard check`: every chart, preset and platform", "<= 250"),
        Row::new("`sparkyard template`: an umbrella with a preset", "a twentieth of helm"),
        Row::new("`helm template` of the same", "-"),
        Row::new("the same chart rendered again in one process, as `check` does", "a twentieth of helm"),
    ];
    let mut ratios = [Times::default(), Times::default(), Times::default()];
    for round in 0..=number {
        for stale in ["charts", "dist", "one", "helm-dist"] {
            let _ = fs::remove_dir_all(here.join(stale));
        }
        if round == 0 {
            // The warm-up fills caches; its numbers do not count, its memory does.
            for (row, job) in
                rows.iter_mut().zip([&whole, &package, &one, &again, &floor, &check, &ours_template, &helms_template])
            {
                row.peak = job.peak()?;
            }
            continue;
        }
        let ours = rows[0].times.run(&mut whole.command())?;
        let theirs = rows[1].times.run(&mut package.command())?;
        ratios[0].push(theirs / ours);
        let ours = rows[6].times.run(&mut ours_template.command())?;
        let theirs = rows[7].times.run(&mut helms_template.command())?;
        ratios[1].push(theirs / ours);
        let ours = rows[8].times.all(&run::output(&mut rendered_again.command())?)?;
        ratios[2].push(theirs / ours);
        for (row, job) in rows[2..6].iter_mut().zip([&one, &again, &floor, &check]) {
            row.times.run(&mut job.command())?;
        }
    }
    let mut table = table(&rows, &ratios, number, charts.len(), &helm.version);
    table.push_str(&bench_push::table(&program, &helm.path, here, &charts, number)?);
    eprintln!("{table}");
    if write {
        let path = place::root().join(PAGE);
        let page = fs::read_to_string(&path).unwrap_or_else(|_| NEW_PAGE.to_owned());
        fs::write(&path, markers::replace(&page, "bench", &table)?).with_context(|| format!("cannot write {PAGE}"))?;
        eprintln!("{PAGE} written");
    }
    Ok(())
}

const NEW_PAGE: &str = "# Benchmarks

`cargo xtask bench --write` measures and writes this table. Every row but one is a whole process, from start to
exit, after one warm-up; the runs of all rows alternate, so that a busy moment hits them alike.

<!-- bench:begin -->
<!-- bench:end -->
";

/// A folder in memory where there is one, so that the disk does not decide.
fn folder() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.context("no temporary folder")
}

/// The program that renders one loaded chart several times.
fn example() -> Result<PathBuf> {
    run::cargo(&["build", "--quiet", "--release", "--package", "sparkyard-render", "--example", "again"])?;
    Ok(place::target().join("release/examples").join(format!("again{}", std::env::consts::EXE_SUFFIX)))
}

fn first_preset(program: &Path) -> Result<String> {
    let text = run::output(Command::new(program).args(["list", "presets"]))?;
    let id = text.lines().nth(1).and_then(|line| line.split_whitespace().next());
    id.map(str::to_owned).context("the catalogue has no preset")
}

fn charts(folder: &Path) -> Result<Vec<String>> {
    let mut charts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.join("Chart.yaml").is_file() {
            charts.push(path.display().to_string());
        }
    }
    charts.sort();
    Ok(charts)
}

fn table(rows: &[Row], ratios: &[Times; 3], number: usize, charts: usize, helm: &str) -> String {
    let mut text = format!(
        "{charts} charts, {number} runs each, {} cores, load {}, helm {helm}. Milliseconds.\n\n\
         | what | min | median | max | goal | peak MB |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        std::thread::available_parallelism().map_or(1, usize::from),
        load(),
    );
    for row in rows {
        let [min, median, max] = row.times.spread();
        let peak = row.peak.map_or_else(|| "-".to_owned(), |peak| format!("{peak:.0}"));
        text.push_str(&format!("| {} | {min:.1} | {median:.1} | {max:.1} | {} | {peak} |\n", row.what, row.goal));
    }
    let named = [
        ("the first two", ">= 6x"),
        ("the two renders", ">= 20x"),
        ("`helm template` to the same chart rendered again", ">= 20x"),
    ];
    for ((what, goal), ratio) in named.iter().zip(ratios) {
        let [min, median, max] = ratio.spread();
        text.push_str(&format!(
            "| ratio of {what}, pair by pair | {min:.1}x | {median:.1}x | {max:.1}x | {goal} | |\n"
        ));
    }
    text.push_str("\nGoal for peak memory: <= 64 MB.\n");
    text
}

/// What else the machine does, for whoever reads the numbers later: they mean little above the
/// number of cores.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}
