//! Compares folders both ways: a missing file is as wrong as one too many.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// File contents by path below a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// All files below a folder.
pub fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().flatten().filter(|e| e.file_type().is_file()) {
        let path = entry.path().strip_prefix(folder).expect("below the folder");
        files.insert(path.display().to_string(), fs::read(entry.path()).expect("a readable file"));
    }
    files
}

/// Writes files below a folder.
pub fn write(folder: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }
}

/// Every difference, one line each; for a text also the first line that differs.
pub fn differences(wanted: &Files, there: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = wanted.keys().chain(there.keys()).collect();
    let mut differences = Vec::new();
    for path in paths {
        match (wanted.get(path), there.get(path)) {
            (Some(_), None) => differences.push(format!("missing  {path}")),
            (None, Some(_)) => differences.push(format!("extra    {path}")),
            (Some(a), Some(b)) if a != b => differences.push(format!("differs  {path}{}", first_difference(a, b))),
            _ => {}
        }
    }
    differences
}

fn first_difference(wanted: &[u8], there: &[u8]) -> String {
    let (wanted, there) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(there));
    let (mut a, mut b) = (wanted.lines(), there.lines());
    for number in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (wanted, there) if wanted == there => {}
            (wanted, there) => {
                let shown =
                    |line: Option<&str>| line.map_or_else(|| "(the end)".to_owned(), |line| format!("`{line}`"));
                return format!(":{number}\n           wanted {}\n           there  {}", shown(wanted), shown(there));
            }
        }
    }
    " (line ends)".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn sees_missing_extra_and_changed() {
        let found = differences(
            &files(&[("a", "1"), ("b", "x\ny"), ("c", "")]),
            &files(&[("b", "x\nz"), ("c", ""), ("d", "")]),
        );
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].starts_with("missing  a")
                && found[1].starts_with("differs  b:2")
                && found[2].starts_with("extra    d")
        );
    }

    #[test]
    fn an_empty_wanted_tree_does_not_pass() {
        assert_eq!(differences(&Files::new(), &files(&[("a", "")])).len(), 1);
    }
}
