//! The real helm.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// Namespace of every render; nothing in a chart may name another.
pub const NAMESPACE: &str = "spark-lab";

static HELM: LazyLock<PathBuf> = LazyLock::new(|| match xtask::helm::find() {
    Some(helm) => helm.path,
    None => panic!("no helm v3.14+ or v4 on PATH or in the target folder; run: cargo xtask helm"),
});

/// The helm to test with.
///
/// # Panics
/// When there is none: a test without helm proves nothing, so it must not pass.
pub fn helm() -> &'static Path {
    &HELM
}

/// Runs helm in a folder.
pub fn run<I, S>(folder: &Path, args: I) -> Output
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    Command::new(helm()).args(args).current_dir(folder).output().expect("helm runs")
}

/// Runs helm, which must succeed; returns what it printed.
///
/// # Errors
/// What helm said.
pub fn stdout<I, S>(folder: &Path, args: I) -> Result<String, String>
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let output = run(folder, args);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    // A warning on stderr is a failure too: users see it on every install.
    match (output.status.success(), output.stderr.is_empty()) {
        (true, true) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        (true, false) => Err(text(&output.stderr)),
        (false, _) => Err(format!("{}\n{}", text(&output.stderr), text(&output.stdout))),
    }
}
