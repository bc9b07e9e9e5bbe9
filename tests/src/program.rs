//! The program under test, built once per test process.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    // `cargo test -p sparkyard-tests` does not build other packages' programs: without this an old
    // one would be tested.
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", "sparkyard-cli", "--bin", "sparkyard"])
        .current_dir(xtask::place::root())
        .status()
        .expect("cargo runs");
    assert!(status.success(), "sparkyard does not build");
    xtask::place::target().join("debug").join(format!("sparkyard{}", std::env::consts::EXE_SUFFIX))
});

/// The path of `sparkyard`.
pub fn sparkyard() -> PathBuf {
    PROGRAM.clone()
}
