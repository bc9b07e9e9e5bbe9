//! An mdBook to make the site with: the one of `PATH`, or a pinned one below Cargo's target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::place;

/// The version that is built when there is none.
pub const PINNED: &str = "0.5.4";

/// The mdBook of `PATH` if it is new enough, else the pinned one if it is there.
pub fn find() -> Option<PathBuf> {
    place::program("mdbook").into_iter().chain([folder().join("bin/mdbook")]).find(|path| is_new_enough(path))
}

/// An mdBook, built if there is none.
///
/// # Errors
/// When it cannot be built.
pub fn ensure() -> Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    // What serves and watches is not needed, and is most of it.
    let status = Command::new("cargo")
        .args(["install", "--quiet", "--locked", "--no-default-features", "--features", "search", "--root"])
        .arg(folder())
        .arg(format!("mdbook@{PINNED}"))
        .status()
        .context("cargo does not run")?;
    ensure!(status.success(), "mdBook cannot be built; install one: cargo install mdbook");
    find().context("the mdBook that was built does not run")
}

fn folder() -> PathBuf {
    place::target().join("tools")
}

/// `mdbook v0.5.4`. Warnings of 0.4 are others.
fn is_new_enough(path: &Path) -> bool {
    let output = Command::new(path).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let version = text.trim().rsplit('v').next().unwrap_or_default();
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    major > 0 || minor >= 5
}
