//! A file is written whole or not at all.
//!
//! The bytes go to a temporary file in the same folder, which then takes the name: a process that
//! is killed leaves the old file or the new one. There is no `fsync`: after a power cut a file may
//! be wrong, and the next run, which compares bytes, repairs it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use crate::PackError;

/// How the name of every temporary file starts; what is left of a killed run is known by it.
const PREFIX: &str = ".sparkyard-tmp-";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Writes `bytes` to `path`, whole or not at all, with the time `mtime` in seconds since 1970. The folder exists.
///
/// # Errors
/// A [`PackError`] that names the path; what was there stays.
pub fn write(path: &Path, bytes: &[u8], mtime: Option<u64>) -> Result<(), PackError> {
    let temporary = temporary_beside(path);
    let result = write_and_rename(&temporary, path, bytes, mtime);
    if result.is_err() {
        // The error that matters is the first one.
        let _ = fs::remove_file(&temporary);
    }
    result.map_err(PackError::io("write", path))
}

fn write_and_rename(temporary: &Path, path: &Path, bytes: &[u8], mtime: Option<u64>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    file.write_all(bytes)?;
    if let Some(seconds) = mtime {
        file.set_modified(at(seconds))?;
    }
    drop(file);
    fs::rename(temporary, path)
}

/// Gives an unchanged file its time, which `helm push` copies into the registry.
pub(crate) fn set_time(path: &Path, seconds: u64) -> Result<(), PackError> {
    let modified = fs::metadata(path).and_then(|m| m.modified()).map_err(PackError::io("read", path))?;
    if modified == at(seconds) {
        return Ok(());
    }
    OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|file: File| file.set_modified(at(seconds)))
        .map_err(PackError::io("set the time of", path))
}

/// Removes what killed runs left in `folder`. The caller holds the lock, so nobody needs them.
pub(crate) fn sweep(folder: &Path) -> Result<(), PackError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(PackError::io("read the folder", folder)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(PackError::io("read the folder", folder))?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_file(entry.path()).map_err(PackError::io("remove", entry.path()))?;
        }
    }
    Ok(())
}

fn temporary_beside(path: &Path) -> PathBuf {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!("{PREFIX}{}-{number}", process::id()))
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        write(&path, b"old", None).expect("written");
        write(&path, b"new", Some(1000)).expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"new");
        assert_eq!(fs::metadata(&path).and_then(|m| m.modified()).expect("time"), at(1000));
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("taken");
        fs::create_dir(&path).expect("made");
        fs::write(path.join("inside"), "x").expect("made");
        let error = write(&path, b"new", None).expect_err("a folder is in the way");
        assert!(error.to_string().contains("taken"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn sweeps_only_its_own_leftovers() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(".sparkyard-tmp-7-0"), "half").expect("made");
        fs::write(folder.path().join(".hidden"), "theirs").expect("made");
        sweep(folder.path()).expect("swept");
        assert!(folder.path().join(".hidden").exists());
        assert!(!folder.path().join(".sparkyard-tmp-7-0").exists());
    }
}
