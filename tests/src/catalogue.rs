//! The built-in catalogue, and its charts on disk for helm.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use sparkyard_model::{Catalogue, ChartTree};

use crate::case;

static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| sparkyard_blocks::catalogue().unwrap_or_else(|finding| panic!("{finding:#?}")));

static TREE: LazyLock<ChartTree> =
    LazyLock::new(|| sparkyard_compose::catalogue_tree(&CATALOGUE).unwrap_or_else(|findings| panic!("{findings:#?}")));

/// The built-in catalogue.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// Every chart of the catalogue, as `sparkyard build` makes them.
pub fn tree() -> &'static ChartTree {
    &TREE
}

/// Name of the newest chart that holds several bricks.
pub fn umbrella() -> &'static str {
    &TREE.charts.iter().rfind(|chart| chart.bricks.len() > 1).expect("an umbrella").name
}

/// An empty folder below Cargo's target folder; it stays after the test, so that a person can look.
pub fn folder(name: &str) -> PathBuf {
    let folder = xtask::place::target().join("tmp").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder can be removed");
    }
    fs::create_dir_all(&folder).expect("a new folder");
    folder
}

/// The catalogue's charts in such a folder.
pub fn written(name: &str) -> PathBuf {
    let folder = folder(name);
    case::write(tree(), &folder);
    folder
}

/// Whether every combination was asked for (`cargo xtask test --all`).
pub fn every_combination() -> bool {
    std::env::var_os("SPARKYARD_TEST_ALL").is_some()
}
