//! The book as a site: mdBook makes it without a warning, and every link in it leads somewhere.

use std::process::Command;

use sparkyard_tests::report::counted;
use sparkyard_tests::site::links;

#[test]
fn the_book_is_made_without_warnings_and_holds_together() {
    let mdbook = xtask::mdbook::find()
        .unwrap_or_else(|| panic!("no mdbook 0.5 or newer on PATH or in the target folder; run: cargo xtask site"));
    let folder = tempfile::tempdir().expect("a folder");
    let docs = xtask::place::root().join("docs");
    let mut command = Command::new(mdbook);
    command.arg("build").arg(&docs).arg("--dest-dir").arg(folder.path()).env_remove("RUST_LOG").env("NO_COLOR", "1");
    let output = command.output().expect("mdbook runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let other: Vec<&str> = said.lines().filter(|line| !line.trim_start().starts_with("INFO ")).collect();
    assert!(other.is_empty() && said.contains("HTML book written"), "mdbook said more than that it is done:\n{said}");
    let found = links(folder.path());
    assert!(found.broken.is_empty(), "{}", found.broken.join("\n"));
    // A site that is read behind a firewall shows all.
    assert!(found.foreign.is_empty(), "loaded from elsewhere:\n{}", found.foreign.join("\n"));
    assert!(found.checked > 1000, "only {} links were found", found.checked);
    counted(&format!("{} links of the site followed", found.checked));
}
