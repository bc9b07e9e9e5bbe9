//! `kill -9` at any moment leaves old files and new files, never half ones, and the next run repairs
//! everything.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sparkyard_tests::report::counted;
use sparkyard_tests::{catalogue, program, trees};

/// How many runs are killed.
fn rounds() -> u32 {
    if catalogue::every_combination() { 100 } else { 20 }
}

fn start(folder: &Path) -> Child {
    Command::new(program::sparkyard())
        .args(["build", "--out", "charts", "--package=dist"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sparkyard runs")
}

fn finish(folder: &Path) {
    assert!(start(folder).wait().expect("waited").success());
}

/// Makes every file that sparkyard wrote an old one, as a sparkyard wrote it that kept digests or one that did not.
fn age(folder: &Path, new: &trees::Files, digests: bool) -> trees::Files {
    let mut old = new.clone();
    let (lists, files): (Vec<_>, Vec<_>) = old.iter_mut().partition(|(path, _)| is_list(path));
    let mut marks = std::collections::BTreeMap::new();
    for (path, bytes) in files {
        bytes.extend_from_slice(b"# old\n");
        fs::write(folder.join(path), &bytes).expect("written");
        marks.insert(path.as_str(), sparkyard_oci::Digest::of(bytes).as_str()[7..23].to_owned());
    }
    for (path, bytes) in lists {
        let below = path.trim_end_matches(sparkyard_pack::MANIFEST);
        let text = String::from_utf8(std::mem::take(bytes)).expect("text");
        let line = |line: &str| match line.split_once("  ") {
            Some((_, file)) if digests => format!("{}  {file}\n", marks[format!("{below}{file}").as_str()]),
            Some((_, file)) => format!("{file}\n"),
            None => format!("{line}\n"),
        };
        *bytes = text.lines().map(line).collect::<String>().into_bytes();
        fs::write(folder.join(path), bytes).expect("written");
    }
    old
}

fn is_list(path: &str) -> bool {
    path.ends_with(sparkyard_pack::MANIFEST)
}

#[test]
fn a_killed_run_leaves_whole_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    finish(folder);
    let new = trees::read(folder);
    let first = new.keys().find(|path| path.starts_with("charts/") && !is_list(path));
    let first = folder.join(first.expect("a file"));
    let new_bytes = fs::read(&first).expect("read");
    let mut mixed = 0;
    for round in 0..rounds() {
        let old = age(folder, &new, round % 2 == 0);
        let mut child = start(folder);
        // Every fifth run is killed before it writes, the others at a moment between the first
        // file and a little after the last.
        let patience = Instant::now() + Duration::from_secs(20);
        let begun = || fs::read(&first).is_ok_and(|bytes| bytes == new_bytes);
        while round % 5 != 0 && !begun() && Instant::now() < patience {
            std::hint::spin_loop();
        }
        std::thread::sleep(Duration::from_micros(u64::from(round * 7919 % 30) * 1_000));
        child.kill().expect("killed");
        child.wait().expect("waited");

        let mut there = trees::read(folder);
        there.retain(|path, _| !path.contains("/.sparkyard-tmp-"));
        for (path, bytes) in &there {
            // While files are replaced the list knows both.
            let is_whole_list = is_list(path) && bytes.ends_with(b"\n");
            assert!(
                Some(bytes) == old.get(path) || Some(bytes) == new.get(path) || is_whole_list,
                "round {round}: {path} is half written"
            );
        }
        assert_eq!(there.len(), new.len(), "round {round}: a file is missing");
        mixed += u32::from(there != old && there != new);
        finish(folder);
        let differences = trees::differences(&new, &trees::read(folder));
        assert!(differences.is_empty(), "round {round}: not repaired:\n{}", differences.join("\n"));
    }
    counted(&format!("{} runs killed, {mixed} of them between two files", rounds()));
}
