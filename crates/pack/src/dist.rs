//! Packages into a folder that a web server can serve as a chart repository.

use std::collections::BTreeMap;
use std::path::Path;

use crate::sync::{self, Mode, Wanted, Written};
use crate::{Index, PackError, Package, index};

/// Writes the packages, `index.yaml` and `SHA256SUMS`. The folder then holds exactly these
/// packages, apart from files of somebody else; each file's time is `epoch`, which `helm push`
/// copies into the registry.
///
/// # Errors
/// A [`PackError`] that names the path. Files written until then are whole.
pub fn write_dist(packages: &[Package], dist: &Path, epoch: u64, mode: Mode) -> Result<Written, PackError> {
    with_wanted(packages, epoch, mode, |wanted| sync::sync(dist, wanted))?
}

/// What [`write_dist`] would do; nothing is written.
///
/// # Errors
/// As [`write_dist`].
pub fn diff_dist(packages: &[Package], dist: &Path, epoch: u64, mode: Mode) -> Result<Written, PackError> {
    with_wanted(packages, epoch, mode, |wanted| sync::plan(dist, wanted))?
}

fn with_wanted<T>(
    packages: &[Package],
    epoch: u64,
    mode: Mode,
    act: impl FnOnce(&Wanted<'_>) -> T,
) -> Result<T, PackError> {
    let (index, sums) = (Index::of(packages, epoch)?.text(epoch), index::sums(packages));
    let mut files: BTreeMap<String, &[u8]> =
        packages.iter().map(|package| (package.file.clone(), package.bytes.as_slice())).collect();
    files.insert("index.yaml".to_owned(), index.as_bytes());
    files.insert("SHA256SUMS".to_owned(), sums.as_bytes());
    // Everything in the folder is owned: an index that misses a package would be a wrong index.
    Ok(act(&Wanted { files, owned: vec![String::new()], mtime: Some(epoch), mode }))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::package::tests::chart;
    use crate::{EPOCH, Kind, package};

    const MODE: Mode = Mode { kind: Kind::Catalogue, force: false };

    #[test]
    fn holds_exactly_the_packages() {
        let dist = tempfile::tempdir().expect("a folder");
        let old = package(&chart(&[]), EPOCH).expect("packed");
        let new = Package { file: "demo-2.0.0.tgz".to_owned(), ..old.clone() };
        fs::write(dist.path().join("notes.txt"), "mine").expect("made");
        write_dist(&[old], dist.path(), EPOCH, MODE).expect("written");
        let written = write_dist(std::slice::from_ref(&new), dist.path(), EPOCH, MODE).expect("written");
        assert_eq!(written.removed, ["demo-1.2.3.tgz"]);
        assert!(dist.path().join("notes.txt").exists());
        assert!(write_dist(&[new], dist.path(), EPOCH, MODE).expect("written").is_clean());
    }

    #[test]
    fn times_are_the_epoch_even_after_a_copy() {
        let dist = tempfile::tempdir().expect("a folder");
        let one = package(&chart(&[]), EPOCH).expect("packed");
        write_dist(std::slice::from_ref(&one), dist.path(), EPOCH, MODE).expect("written");
        let path = dist.path().join(&one.file);
        fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .expect("touched");
        assert!(write_dist(&[one], dist.path(), EPOCH, MODE).expect("written").is_clean());
        let time = fs::metadata(&path).and_then(|m| m.modified()).expect("a time");
        assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(EPOCH));
    }
}
