//! The program as people and scripts run it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use snapbox::cmd::{Command, OutputAssert};

use crate::{helm, program};

/// Runs the program in a folder.
pub fn sparkyard(folder: &Path, args: &[&str]) -> OutputAssert {
    command(folder, args).assert()
}

/// The program in a folder, about to run.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    // Charts outside of the dialect are given to this helm.
    let tools = helm::helm().parent().expect("a folder").display().to_string();
    let path = format!("{tools}:{}", std::env::var("PATH").unwrap_or_default());
    Command::new(program::sparkyard()).args(args).current_dir(folder).env("NO_COLOR", "1").env("PATH", path)
}

/// What it printed.
pub fn stdout(assert: &OutputAssert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).expect("text")
}

/// What it said beside that.
pub fn stderr(assert: &OutputAssert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).expect("text")
}

/// What it printed for a script.
pub fn json(assert: &OutputAssert) -> Value {
    serde_json::from_str(&stdout(assert)).expect("JSON")
}

/// A folder with one chart, `c`.
pub fn chart(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let head = ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
    for (path, text) in [head].iter().chain(files) {
        let path = folder.path().join("c").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}
