//! `cargo xtask`: everything about the repository that is more than one cargo command.

mod bench;
mod bench_push;
mod check;
mod docs;
mod fmt;
mod measure;
mod run;
mod schema;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::{helm, mdbook};

/// Tasks of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that needs no cluster: format, lints, docs, tests with a real helm
    Test {
        /// Render every combination of line, shape, preset and platform, not only the committed charts
        #[arg(long)]
        all: bool,
    },
    /// Format every Rust source, also those that `cargo fmt` does not see: modules that a macro declares
    Fmt {
        /// Write nothing; fail if one is not formatted
        #[arg(long)]
        check: bool,
    },
    /// Find or fetch the helm that the tests use
    Helm,
    /// Make the book as a site, in the target folder; builds an mdBook if there is none
    Site,
    /// Write generated-charts anew
    Golden,
    /// Measure sparkyard beside helm
    Bench {
        /// Runs of each
        #[arg(short, long, default_value_t = 15)]
        number: usize,
        /// Write the table into docs/benchmarks.md
        #[arg(long)]
        write: bool,
    },
    /// Write what Kubernetes accepts into crates/check/data, from its sources in Go's module cache
    Schema,
    /// Write what in docs/ and README.md is made of the program, its rules and its catalogue
    Docs {
        /// Write nothing; fail if it is stale
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match perform(Args::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Test { all } => check::all(all),
        Task::Fmt { check } => fmt::all(check),
        Task::Helm => {
            let helm = helm::ensure()?;
            eprintln!("helm {} at {}", helm.version, helm.path.display());
            Ok(())
        }
        Task::Site => run::program(&mdbook::ensure()?, &["build", "docs"]),
        Task::Golden => run::cargo(&[
            "run",
            "--quiet",
            "--package",
            "sparkyard-cli",
            "--bin",
            "sparkyard",
            "--",
            "build",
            "--no-package",
            // What was changed there by hand is in no template.
            "--force",
        ]),
        Task::Bench { number, write } => bench::all(number, write),
        Task::Schema => schema::write(),
        Task::Docs { check } => {
            docs::cli(check)?;
            docs::book(check)
        }
    }
}
