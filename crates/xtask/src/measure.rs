//! How long a program takes, and how much memory.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use xtask::place;

/// Wall times of one thing, in milliseconds.
#[derive(Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// Runs the command once and keeps its time.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<f64> {
        let milliseconds = run(command)?;
        self.0.push(milliseconds);
        Ok(milliseconds)
    }

    /// Keeps the times that a program printed, one a line, and gives the median of them.
    pub(crate) fn all(&mut self, printed: &str) -> Result<f64> {
        let mut these = Self::default();
        for line in printed.lines() {
            these.push(line.parse().with_context(|| format!("{line} is no time"))?);
        }
        self.0.extend(&these.0);
        Ok(these.spread()[1])
    }

    /// Adds a number, for ratios.
    pub(crate) fn push(&mut self, number: f64) {
        self.0.push(number);
    }

    /// Smallest, median and largest.
    pub(crate) fn spread(&self) -> [f64; 3] {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        [at(0), at(sorted.len() / 2), at(sorted.len().saturating_sub(1))]
    }
}

/// Runs a command and returns its wall time in milliseconds.
pub(crate) fn run(command: &mut Command) -> Result<f64> {
    let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let started = Instant::now();
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(milliseconds)
}

/// Peak memory of a program in MB: what GNU time says, else the highest mark seen in `/proc`.
pub(crate) fn peak(program: &Path, args: &[String], folder: &Path) -> Result<Option<f64>> {
    if let Some(time) = place::program("time") {
        let output = Command::new(time).arg("-v").arg(program).args(args).current_dir(folder).output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find_map(|line| line.trim().strip_prefix("Maximum resident set size (kbytes): "));
        return Ok(line.and_then(|kilobytes| kilobytes.parse::<f64>().ok()).map(|kilobytes| kilobytes / 1000.0));
    }
    let mut child =
        Command::new(program).args(args).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut highest = None;
    while child.try_wait()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = mark.and_then(|mark| mark.trim().trim_end_matches(" kB").parse::<f64>().ok());
        highest = kilobytes.map(|kilobytes| kilobytes / 1000.0).or(highest);
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(highest)
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn spread_is_min_median_max() {
        let mut times = Times::default();
        for number in [3.0, 1.0, 2.0, 9.0, 4.0] {
            times.push(number);
        }
        assert_eq!(times.spread(), [1.0, 3.0, 9.0]);
    }
}
