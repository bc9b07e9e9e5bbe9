//! A hundred charts into a registry on loopback, by sparkyard and by helm, alternating.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use xtask::registry;

use crate::measure::{Times, run};

/// How many charts are pushed.
const CHARTS: usize = 100;
/// Runs of each at most: a hundred helms take seconds.
const RUNS: usize = 5;

/// A registry that ends with the value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures, and gives a table of its own.
pub(crate) fn table(program: &Path, helm: &Path, folder: &Path, charts: &[String], number: usize) -> Result<String> {
    let packages = packages(helm, folder, charts)?;
    let (server, host) = serve(folder)?;
    let (mut ours, mut helms, mut again, mut ratio) = <(Times, Times, Times, Times)>::default();
    let runs = number.min(RUNS);
    for round in 0..=runs {
        // A path of its own for each run: what is there would not be pushed again.
        let place = |who: &str| format!("oci://{host}/{who}{round}");
        let mut push = Command::new(program);
        push.arg("push").args(&packages).args([place("ours"), "--plain-http".to_owned()]).current_dir(folder);
        let our_time = run(&mut push)?;
        let our_second = run(&mut push)?;
        let started = Instant::now();
        for package in &packages {
            run(Command::new(helm).args(["push", package, &place("helm"), "--plain-http"]).current_dir(folder))?;
        }
        let helms_time = started.elapsed().as_secs_f64() * 1000.0;
        if round > 0 {
            ours.push(our_time);
            again.push(our_second);
            helms.push(helms_time);
            ratio.push(helms_time / our_time);
        }
    }
    drop(server);
    let mut text = format!(
        "\n{CHARTS} charts pushed to docker-registry on loopback, {runs} runs each. Milliseconds.\n\n\
         | what | min | median | max |\n| --- | ---: | ---: | ---: |\n"
    );
    for (what, times) in [
        ("`sparkyard push` of 100 packages, one process", &ours),
        ("the same again, all there", &again),
        ("`helm push` of the same, one process each", &helms),
    ] {
        let [min, median, max] = times.spread();
        text.push_str(&format!("| {what} | {min:.0} | {median:.0} | {max:.0} |\n"));
    }
    let [min, median, max] = ratio.spread();
    text.push_str(&format!("| ratio of helm's to the first, pair by pair | {min:.1}x | {median:.1}x | {max:.1}x |\n"));
    Ok(text)
}

/// A hundred different packages: the catalogue's charts under one version after the other.
fn packages(helm: &Path, folder: &Path, charts: &[String]) -> Result<Vec<String>> {
    let mut packages = Vec::new();
    for index in 0..CHARTS {
        let chart = &charts[index % charts.len()];
        let version = format!("1.{}.0", index / charts.len());
        run(Command::new(helm).args(["package", chart, "--version", &version, "-d", "push"]).current_dir(folder))?;
        let name = Path::new(chart).file_name().context("a chart without a name")?.to_string_lossy().into_owned();
        packages.push(format!("push/{name}-{version}.tgz"));
    }
    Ok(packages)
}

fn serve(folder: &Path) -> Result<(Server, String)> {
    let program = registry::find().context(registry::MISSING)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let config = folder.join("registry.yml");
    fs::write(&config, registry::config(&folder.join("registry"), port))?;
    let mut command = Command::new(program);
    command.arg("serve").arg(&config).stdout(Stdio::null()).stderr(Stdio::null());
    let server = Server(command.spawn().context("cannot run docker-registry")?);
    let (host, until) = (format!("127.0.0.1:{port}"), Instant::now() + Duration::from_secs(30));
    while TcpStream::connect(&host).is_err() {
        ensure!(Instant::now() < until, "docker-registry does not listen");
        thread::sleep(Duration::from_millis(20));
    }
    Ok((server, host))
}
