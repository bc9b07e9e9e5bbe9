//! Makes a folder hold the wanted files: the part that charts and packages share.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use crate::lock::FolderLock;
use crate::manifest::{MANIFEST, Manifest};
use crate::{PackError, atomic};

/// What a folder holds. The two never share one, so that a selection cannot replace a chart of the
/// catalogue by one with other defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Every chart of the catalogue: a chart that is no longer made is removed.
    Catalogue,
    /// Charts that somebody picked: other charts in the folder stay.
    Selection,
}

impl Kind {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Kind::Catalogue => "the whole catalogue",
            Kind::Selection => "a selection",
        }
    }

    pub(crate) fn from_words(words: &str) -> Option<Self> {
        [Kind::Catalogue, Kind::Selection].into_iter().find(|kind| kind.words() == words)
    }
}

/// How a folder is written.
#[derive(Debug, Clone, Copy)]
pub struct Mode {
    /// What is written.
    pub kind: Kind,
    /// Replace files that sparkyard did not write.
    pub force: bool,
}

/// What was done, as paths below the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Files that were written.
    pub changed: Vec<String>,
    /// Files that were right already.
    pub kept: Vec<String>,
    /// Files of ours that are no longer made.
    pub removed: Vec<String>,
}

impl Written {
    /// Whether nothing was, or would be, touched.
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.removed.is_empty()
    }
}

/// What a folder is to hold.
pub(crate) struct Wanted<'a> {
    /// Contents by path.
    pub(crate) files: BTreeMap<String, &'a [u8]>,
    /// Beginnings of paths that belong to what is written; a file of ours there that is not
    /// wanted is stale.
    pub(crate) owned: Vec<String>,
    /// Modification time of every file.
    pub(crate) mtime: Option<u64>,
    /// How to write.
    pub(crate) mode: Mode,
}

/// What there is to do, found without touching anything.
struct Work {
    written: Written,
    before: Manifest,
    after: Manifest,
    /// Files of ours that somebody has changed and that would be written over or removed.
    edited: Vec<PathBuf>,
}

/// Writes what differs, then removes what is stale.
pub(crate) fn sync(folder: &Path, wanted: &Wanted<'_>) -> Result<Written, PackError> {
    check_paths(wanted)?;
    let _lock = FolderLock::take(folder)?;
    let work = compare(folder, wanted)?;
    if !work.edited.is_empty() {
        return Err(PackError::Edited { paths: work.edited });
    }
    let folders: BTreeSet<_> = wanted.files.keys().map(|file| parent(folder, file)).collect();
    for inner in &folders {
        atomic::sweep(inner)?;
    }
    atomic::sweep(folder)?;

    // The list names a file before the file exists: a run that is killed here leaves no file that
    // the next one would take for somebody else's.
    let both = work.after.and(&work.before);
    if both != work.before {
        both.write(folder)?;
    }
    for inner in &folders {
        fs::create_dir_all(inner).map_err(PackError::io("create the folder", inner))?;
    }
    for file in work.written.changed.iter().filter(|file| *file != MANIFEST) {
        atomic::write(&folder.join(file), wanted.files[file], wanted.mtime)?;
    }
    if let Some(seconds) = wanted.mtime {
        for file in &work.written.kept {
            atomic::set_time(&folder.join(file), seconds)?;
        }
    }
    for file in &work.written.removed {
        remove(folder, file)?;
    }
    if work.after != both {
        work.after.write(folder)?;
    }
    Ok(work.written)
}

/// What [`sync`] would do.
pub(crate) fn plan(folder: &Path, wanted: &Wanted<'_>) -> Result<Written, PackError> {
    check_paths(wanted)?;
    Ok(compare(folder, wanted)?.written)
}

fn compare(folder: &Path, wanted: &Wanted<'_>) -> Result<Work, PackError> {
    let before = Manifest::read(folder)?;
    if let Some(there) = before.kind
        && there != wanted.mode.kind
    {
        let (there, wanted) = (there.words(), wanted.mode.kind.words());
        return Err(PackError::OtherKind { path: folder.to_owned(), there, wanted });
    }
    let mut written = Written::default();
    let (mut foreign, mut edited) = (Vec::new(), Vec::new());
    let mut spare = |file: &str, bytes: &[u8]| {
        if before.is_edited(file, bytes) && !wanted.mode.force {
            edited.push(folder.join(file));
        }
    };
    for (file, bytes) in &wanted.files {
        let path = folder.join(file);
        match read(&path)? {
            Some(there) if there == *bytes => written.kept.push(file.clone()),
            Some(_) if !before.files.contains_key(file) && !wanted.mode.force => foreign.push(path),
            there => {
                if let Some(bytes) = there {
                    spare(file, &bytes);
                }
                written.changed.push(file.clone());
            }
        }
    }
    if !foreign.is_empty() {
        return Err(PackError::Foreign { paths: foreign });
    }
    let mut after = Manifest::of(wanted.mode.kind, wanted.files.iter().map(|(file, bytes)| (file, *bytes)));
    for (file, digests) in before.files.iter().filter(|(file, _)| !wanted.files.contains_key(*file)) {
        if !wanted.owned.iter().any(|prefix| file.starts_with(prefix)) {
            after.files.insert(file.clone(), digests.clone());
        } else if fs::symlink_metadata(folder.join(file)).is_ok() {
            if let Some(bytes) = read(&folder.join(file))? {
                spare(file, &bytes);
            }
            written.removed.push(file.clone());
        }
    }
    if after != before {
        written.changed.push(MANIFEST.to_owned());
    }
    Ok(Work { written, before, after, edited })
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, PackError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(PackError::io("read", path)(error)),
    }
}

fn remove(folder: &Path, file: &str) -> Result<(), PackError> {
    let path = folder.join(file);
    match fs::remove_file(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(PackError::io("remove", path)(error)),
    }
    // A folder that still holds something is not ours to remove; the system refuses.
    let mut inner = path.parent();
    while let Some(empty) = inner.filter(|p| *p != folder && fs::remove_dir(p).is_ok()) {
        inner = empty.parent();
    }
    Ok(())
}

fn parent(folder: &Path, file: &str) -> std::path::PathBuf {
    folder.join(file).parent().map_or_else(|| folder.to_owned(), Path::to_owned)
}

fn check_paths(wanted: &Wanted<'_>) -> Result<(), PackError> {
    match wanted.files.keys().find(|path| !stays_inside(path)) {
        Some(path) => Err(PackError::BadPath { path: path.clone() }),
        None => Ok(()),
    }
}

/// Whether a path names a file below the folder it is joined to.
pub(crate) fn stays_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
