//! `cargo xtask test`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Result, bail};
use xtask::{helm, mdbook};

use crate::run;

/// A step: its headline, its cargo command and what it adds to the environment.
struct Step {
    name: &'static str,
    args: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
}

const STEPS: [Step; 4] = [
    Step { name: "format", args: &["xtask", "fmt", "--check"], env: &[] },
    Step {
        name: "lints",
        args: &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"],
        env: &[],
    },
    Step {
        name: "docs",
        args: &["doc", "--quiet", "--no-deps", "--workspace"],
        env: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    Step { name: "tests", args: &["test", "--workspace", "--no-fail-fast"], env: &[] },
];

/// Everything that needs no cluster. Every step runs, so that one run shows all that is wrong.
pub(crate) fn all(every_combination: bool) -> Result<()> {
    let helm = helm::ensure()?;
    eprintln!("helm {} at {}", helm.version, helm.path.display());
    eprintln!("mdbook at {}", mdbook::ensure()?.display());
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for step in STEPS {
        eprintln!("\n== {}: cargo {}", step.name, step.args.join(" "));
        let started = Instant::now();
        let (passed, closing) = perform(&step, every_combination)?;
        let seconds = started.elapsed().as_secs_f64();
        let verdict = if passed { "ok" } else { "FAILED" };
        eprintln!("== {}: {verdict} in {seconds:.1} s", step.name);
        summary.push(format!("{verdict:<6} {seconds:>6.1} s  {}", step.name));
        summary.extend(closing.into_iter().map(|line| format!("                 {line}")));
        if !passed {
            failed.push(step.name);
        }
    }
    eprintln!("\n{}", summary.join("\n"));
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Runs a step; returns whether it passed and the closing lines of its test runners.
fn perform(step: &Step, every_combination: bool) -> Result<(bool, Vec<String>)> {
    let mut command = run::cargo_command(step.args);
    command.envs(step.env.iter().copied()).stdout(Stdio::piped());
    if every_combination {
        command.env("SPARKYARD_TEST_ALL", "1");
    }
    let mut child = command.spawn()?;
    let mut closing = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let mut ours = std::io::stdout().lock();
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            writeln!(ours, "{line}")?;
            let result = line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed");
            if result || line.starts_with("counted: ") {
                closing.push(line);
            }
        }
    }
    Ok((child.wait()?.success(), closing))
}
