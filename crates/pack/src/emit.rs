//! A tree of charts into a folder.

use std::collections::BTreeMap;
use std::path::Path;

use sparkyard_model::ChartTree;

use crate::PackError;
use crate::sync::{self, Kind, Mode, Wanted, Written};

/// Writes the files of `tree` that differ from what is in `out`, then removes those that sparkyard
/// wrote there before and that are no longer made. A file of somebody else is never touched.
///
/// # Errors
/// A [`PackError`] that names the path. Files written until then are whole.
pub fn emit(tree: &ChartTree, out: &Path, mode: Mode) -> Result<Written, PackError> {
    sync::sync(out, &wanted(tree, mode))
}

/// What [`emit`] would do; nothing is written.
///
/// # Errors
/// As [`emit`].
pub fn diff(tree: &ChartTree, out: &Path, mode: Mode) -> Result<Written, PackError> {
    sync::plan(out, &wanted(tree, mode))
}

fn wanted(tree: &ChartTree, mode: Mode) -> Wanted<'_> {
    let mut files = BTreeMap::new();
    for chart in &tree.charts {
        for (path, bytes) in &chart.files {
            files.insert(format!("{}/{path}", chart.name), bytes.as_slice());
        }
    }
    for (path, bytes) in &tree.files {
        files.insert(path.clone(), bytes.as_slice());
    }
    let owned = match mode.kind {
        Kind::Catalogue => vec![String::new()],
        Kind::Selection => tree.charts.iter().map(|chart| format!("{}/", chart.name)).collect(),
    };
    Wanted { files, owned, mtime: None, mode }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use sparkyard_model::Chart;

    use super::*;
    use crate::MANIFEST;

    const CATALOGUE: Mode = Mode { kind: Kind::Catalogue, force: false };
    const SELECTION: Mode = Mode { kind: Kind::Selection, force: false };

    fn tree(charts: &[(&str, &[(&str, &str)])]) -> ChartTree {
        let charts = charts
            .iter()
            .map(|(name, files)| Chart {
                name: (*name).to_owned(),
                version: semver::Version::new(1, 0, 0),
                app_version: "4.1.4".to_owned(),
                line: "4.1".to_owned(),
                description: String::new(),
                bricks: Vec::new(),
                images: Vec::new(),
                files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect(),
            })
            .collect();
        ChartTree { charts, files: BTreeMap::from([("README.md".to_owned(), b"read me".to_vec())]) }
    }

    #[test]
    fn what_somebody_has_changed_stays() {
        let out = tempfile::tempdir().expect("a folder");
        let old = tree(&[("a", &[("values.yaml", "x: 1")]), ("b", &[("values.yaml", "y: 1")])]);
        let new = tree(&[("a", &[("values.yaml", "x: 2")])]);
        emit(&old, out.path(), CATALOGUE).expect("written");
        for (file, lost) in [("a/values.yaml", "written over"), ("b/values.yaml", "removed")] {
            let before = fs::read(out.path().join(file)).expect("read");
            fs::write(out.path().join(file), "mine: 1").expect("edited");
            let error = emit(&new, out.path(), CATALOGUE).expect_err(lost).to_string();
            assert!(error.contains(file) && error.contains("changed after"), "{error}");
            assert!(!diff(&new, out.path(), CATALOGUE).expect("compared").is_clean());
            assert_eq!(fs::read_to_string(out.path().join(file)).expect("read"), "mine: 1");
            fs::write(out.path().join(file), before).expect("undone");
        }
        fs::write(out.path().join("a/values.yaml"), "mine: 1").expect("edited");
        emit(&new, out.path(), Mode { force: true, ..CATALOGUE }).expect("forced");
        assert_eq!(fs::read_to_string(out.path().join("a/values.yaml")).expect("read"), "x: 2");
    }

    #[test]
    fn writes_only_what_differs() {
        let out = tempfile::tempdir().expect("a folder");
        let old = tree(&[("a", &[("values.yaml", "x: 1"), ("templates/a.yaml", "a")])]);
        let new = tree(&[("a", &[("values.yaml", "x: 2"), ("templates/a.yaml", "a")])]);
        emit(&old, out.path(), CATALOGUE).expect("written");
        assert_eq!(diff(&new, out.path(), CATALOGUE).expect("compared").changed, ["a/values.yaml", MANIFEST]);
        let written = emit(&new, out.path(), CATALOGUE).expect("written");
        assert_eq!(written.changed, ["a/values.yaml", MANIFEST]);
        assert_eq!(written.kept.len(), 2);
        assert!(emit(&new, out.path(), CATALOGUE).expect("written").is_clean());
    }

    #[test]
    fn removes_its_own_stale_files_and_no_others() {
        let out = tempfile::tempdir().expect("a folder");
        emit(&tree(&[("a", &[("x/y.yaml", "y")]), ("b", &[("z.yaml", "z")])]), out.path(), CATALOGUE).expect("written");
        fs::write(out.path().join("b/mine.txt"), "mine").expect("made");
        let written = emit(&tree(&[("a", &[("w.yaml", "w")])]), out.path(), CATALOGUE).expect("written");
        assert_eq!(written.removed, ["a/x/y.yaml", "b/z.yaml"]);
        assert!(out.path().join("b/mine.txt").exists());
        assert!(!out.path().join("a/x").exists());
    }

    #[test]
    fn a_selection_leaves_other_charts() {
        let out = tempfile::tempdir().expect("a folder");
        emit(&tree(&[("a", &[("old.yaml", "1")])]), out.path(), SELECTION).expect("written");
        emit(&tree(&[("b", &[("b.yaml", "1")])]), out.path(), SELECTION).expect("written");
        let written = emit(&tree(&[("a", &[("new.yaml", "1")])]), out.path(), SELECTION).expect("written");
        assert_eq!(written.removed, ["a/old.yaml"]);
        assert!(out.path().join("b/b.yaml").exists());
    }

    #[test]
    fn never_mixes_a_selection_into_the_catalogue() {
        let out = tempfile::tempdir().expect("a folder");
        emit(&tree(&[("a", &[("a.yaml", "1")])]), out.path(), CATALOGUE).expect("written");
        let error = emit(&tree(&[("a", &[("a.yaml", "2")])]), out.path(), SELECTION).expect_err("refused");
        assert!(error.to_string().ends_with("holds the whole catalogue, not a selection"), "{error}");
    }

    #[test]
    fn refuses_to_replace_a_foreign_file() {
        let out = tempfile::tempdir().expect("a folder");
        fs::write(out.path().join("README.md"), "theirs").expect("made");
        let tree = tree(&[("a", &[("a.yaml", "1")])]);
        let error = emit(&tree, out.path(), CATALOGUE).expect_err("refused");
        assert!(error.to_string().contains("README.md"), "{error}");
        assert!(!out.path().join("a").exists(), "nothing is written");
        emit(&tree, out.path(), Mode { force: true, ..CATALOGUE }).expect("forced");
        assert_eq!(fs::read(out.path().join("README.md")).expect("read"), b"read me");
    }

    #[test]
    fn repairs_what_a_killed_run_left() {
        let out = tempfile::tempdir().expect("a folder");
        let tree = tree(&[("a", &[("t/a.yaml", "1")])]);
        emit(&tree, out.path(), CATALOGUE).expect("written");
        fs::write(out.path().join("a/t/.sparkyard-tmp-99-3"), "ha").expect("made");
        fs::remove_file(out.path().join("a/t/a.yaml")).expect("removed");
        let written = emit(&tree, out.path(), CATALOGUE).expect("written");
        assert_eq!(written.changed, ["a/t/a.yaml"]);
        assert_eq!(fs::read_dir(out.path().join("a/t")).expect("listed").count(), 1);
    }

    #[test]
    fn refuses_paths_that_leave_the_folder() {
        let out = tempfile::tempdir().expect("a folder");
        let error = emit(&tree(&[("a", &[("../../x", "1")])]), out.path(), CATALOGUE).expect_err("refused");
        assert!(matches!(error, PackError::BadPath { .. }));
    }
}
