//! Two runs never write into one folder at the same time.

use std::fs::{self, File};
use std::path::Path;

use crate::PackError;

/// Creates the folder and holds it until dropped.
///
/// The lock is on the folder itself, so that no lock file is left for people to wonder about. The
/// system drops it when the process ends, however it ends.
pub(crate) struct FolderLock {
    _folder: Option<File>,
}

impl FolderLock {
    pub(crate) fn take(folder: &Path) -> Result<Self, PackError> {
        fs::create_dir_all(folder).map_err(PackError::io("create the folder", folder))?;
        // Some systems cannot open or lock a folder. Writes stay whole there; only two runs at
        // once could remove each other's temporary files, which fails loudly.
        let locked = File::open(folder).ok().filter(|file| file.lock().is_ok());
        Ok(Self { _folder: locked })
    }
}
