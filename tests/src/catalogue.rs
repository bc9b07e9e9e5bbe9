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

/// An empty folder below Cargo's target folder; it stays after the test, so that a person can look. A run beside another one
/// takes the next: `render`, `render-2`.
pub fn folder(name: &str) -> PathBuf {
    let all = xtask::place::target().join("tmp");
    fs::create_dir_all(&all).expect("a folder for tests");
    let names = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}-{number}")));
    let free = names.into_iter().find(|name| {
        let lock = fs::File::create(all.join(format!("{name}.lock"))).expect("a lock");
        let is_ours = lock.try_lock().is_ok();
        if is_ours {
            // Held until the process ends.
            std::mem::forget(lock);
        }
        is_ours
    });
    let folder = all.join(free.expect("there is always a next"));
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
