//! Pages of the book that a test keeps: it compares them, or writes them with `SPARKYARD_WRITE=1`.

use std::fs;
use std::path::PathBuf;

const AGAIN: &str = "run: cargo xtask docs";

fn path(name: &str) -> PathBuf {
    xtask::place::root().join(name)
}

/// Text of a file of the repository; empty when it is not there.
pub fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_default()
}

/// Compares a page with what it should be, or writes it.
pub fn keep(name: &str, wanted: &str) {
    if std::env::var_os("SPARKYARD_WRITE").is_some() {
        let file = path(name);
        let made = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, wanted));
        made.unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
        return;
    }
    let there = read(name);
    let stale = wanted.lines().find(|line| !there.lines().any(|other| other == *line));
    assert!(there == wanted, "{name} is stale; {AGAIN}\nthe first line that it lacks: {}", stale.unwrap_or("(none)"));
}
