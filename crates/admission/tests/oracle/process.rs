//! Asking a Go program.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{support, tools};

/// Builds one of the programs in `tests/oracle`, with another go.mod if one is named.
pub(crate) fn build(folder: &str, go_mod: &str) -> PathBuf {
    let source = support::root().join("tests/oracle").join(folder);
    let binary = tools().join(format!("{folder}-{go_mod}"));
    let (mod_file, output) = (format!("-modfile={go_mod}"), binary.display().to_string());
    support::go(&source, &["build", "-trimpath", "-buildvcs=false", &mod_file, "-o", &output, "."]);
    binary
}

/// Sends a line for each question and reads a line for each answer.
pub(crate) fn ask(binary: &Path, questions: Vec<Value>) -> Vec<Value> {
    let mut child = Command::new(binary)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
    let mut stdin = child.stdin.take().expect("it was piped");
    let writer = std::thread::spawn(move || {
        let mut text = String::new();
        for question in questions {
            text.push_str(&question.to_string());
            text.push('\n');
        }
        // A program that ended early says why on stderr and in its exit code.
        let _ = stdin.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the writer ends");
    assert!(output.status.success(), "{} ended with {}", binary.display(), output.status);
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}
