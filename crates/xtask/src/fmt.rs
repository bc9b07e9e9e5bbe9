//! `cargo xtask fmt`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use walkdir::WalkDir;
use xtask::place;

/// Formats every Rust source of the repository, or only says which are not formatted. `cargo fmt` follows `mod` and
/// so misses the modules that a macro declares: the bricks, the rules.
pub(crate) fn all(check: bool) -> Result<()> {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(check.then_some("--check")).args(sources()?).current_dir(place::root());
    let status = rustfmt.status().context("cannot run rustfmt: rustup component add rustfmt")?;
    ensure!(
        status.success(),
        "{}",
        if check { "a source is not formatted; run: cargo xtask fmt" } else { "rustfmt failed" }
    );
    Ok(())
}

/// The repository's Rust sources, in order.
fn sources() -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for folder in ["chart-blocks", "crates", "tests"] {
        for entry in WalkDir::new(place::root().join(folder)).sort_by_file_name() {
            let path = entry?.into_path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(path);
            }
        }
    }
    Ok(sources)
}
