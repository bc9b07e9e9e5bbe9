//! What the proofs share: the Go tools, and a line that survives the test runner.

#![allow(dead_code, reason = "each test uses its part")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies two folders deep").to_owned()
}

/// Prints a line that the test runner does not swallow; `cargo xtask test` repeats it at its end.
pub(crate) fn counted(text: &str) {
    // Losing the line loses nothing else.
    let _ = writeln!(std::io::stdout(), "counted: {text}");
}

/// Runs go in a folder and returns what it says.
///
/// # Panics
/// With the line that mends it, if there is no go or it fails.
pub(crate) fn go(folder: &Path, arguments: &[&str]) -> String {
    let said = Command::new("go").args(arguments).current_dir(folder).output();
    let said = said.unwrap_or_else(|error| {
        panic!("go does not run ({error}). Install Go 1.26 or newer: https://go.dev/doc/install")
    });
    let error = String::from_utf8_lossy(&said.stderr);
    assert!(
        said.status.success(),
        "`go {line}` failed in {folder}: {error}\nIt needs the Go module proxy, or modules that were fetched before by: \
         cd {folder} && go mod download",
        line = arguments.join(" "),
        folder = folder.display()
    );
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}

/// The version of a module that a `go.mod` pins.
pub(crate) fn pinned(go_mod: &Path, module: &str) -> String {
    let text = std::fs::read_to_string(go_mod).expect("a go.mod of the repository");
    let pinned = text.lines().find_map(|line| line.trim().strip_prefix(module)?.split_whitespace().next());
    pinned.expect("the go.mod pins the module").to_owned()
}
