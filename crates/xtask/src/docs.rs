//! `cargo xtask docs`: the command reference, from the program's own help, and the pages that are made of the rules.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use xtask::place;

use crate::run;

const PAGE: &str = "docs/cli.md";

/// Writes, or checks, the reference of all commands.
pub(crate) fn cli(check: bool) -> Result<()> {
    run::cargo(&["build", "--quiet", "--package", "sparkyard-cli", "--bin", "sparkyard"])?;
    let program = place::target().join("debug").join(format!("sparkyard{}", std::env::consts::EXE_SUFFIX));
    let help = |words: &[&str]| run::output(Command::new(&program).args(words).arg("--help").env_clear());
    let main = help(&[])?;
    let mut page = format!(
        "# Commands\n\nMade by `cargo xtask docs` from the program's own help.\n\n## sparkyard\n\n```text\n{}\n```\n",
        main.trim_end()
    );
    let mut open: Vec<String> = commands(&main).into_iter().rev().map(str::to_owned).collect();
    while let Some(name) = open.pop() {
        let text = help(&name.split(' ').collect::<Vec<_>>())?;
        page.push_str(&format!("\n## sparkyard {name}\n\n```text\n{}\n```\n", text.trim_end()));
        open.extend(commands(&text).into_iter().rev().map(|below| format!("{name} {below}")));
    }
    let path = place::root().join(PAGE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    if old == page {
        eprintln!("{PAGE} is up to date");
    } else if check {
        bail!("{PAGE} is stale; run: cargo xtask docs");
    } else {
        fs::write(&path, page).with_context(|| format!("cannot write {PAGE}"))?;
        eprintln!("{PAGE} written");
    }
    Ok(())
}

/// Writes, or checks, the pages that a test keeps: those made of the rules and of the catalogue.
pub(crate) fn book(check: bool) -> Result<()> {
    let tests = ["--test", "book", "--test", "docs", "--test", "pages"];
    let mut command = run::cargo_command(&[&["test", "--quiet", "--package", "sparkyard-tests"], &tests[..]].concat());
    if !check {
        command.env("SPARKYARD_WRITE", "1");
    }
    let status = command.status().context("cannot run cargo test")?;
    ensure!(status.success(), "a page of the docs is wrong: see above");
    Ok(())
}

/// The names below `Commands:`.
fn commands(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}
