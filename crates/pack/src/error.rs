//! What can go wrong between memory and disk.

use std::io;
use std::path::PathBuf;

/// What can go wrong between memory and disk. Every message names the path.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The operating system refused.
    #[error("cannot {action} {}: {}", path.display(), cause(error))]
    Io {
        /// What was tried: `write`, `create the folder`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is in the way that sparkyard did not write.
    #[error(
        "{} {} there and {} not written by sparkyard",
        list(paths),
        if paths.len() == 1 { "is" } else { "are" },
        if paths.len() == 1 { "was" } else { "were" }
    )]
    Foreign {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// A file of ours that somebody has changed would be lost.
    #[error("{} {} changed after sparkyard had written {}", list(paths), if paths.len() == 1 { "was" } else { "were" }, if paths.len() == 1 { "it" } else { "them" })]
    Edited {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// The folder holds output of another kind.
    #[error("{} holds {there}, not {wanted}", path.display())]
    OtherKind {
        /// The folder.
        path: PathBuf,
        /// What it holds.
        there: &'static str,
        /// What was to be written.
        wanted: &'static str,
    },
    /// A path of the tree would leave the folder.
    #[error("the path {path:?} leaves the output folder")]
    BadPath {
        /// The path.
        path: String,
    },
    /// A `.helmignore` that Helm would refuse.
    #[error("{chart}/.helmignore line {line}: {message}")]
    BadIgnore {
        /// The chart.
        chart: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Something that is no chart, or one that helm would not read.
    #[error("cannot read {} as a chart: {message}", path.display())]
    NoChart {
        /// The folder or package.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A chart that cannot be packaged.
    #[error("cannot package {chart}: {message}")]
    BadChart {
        /// The chart.
        chart: String,
        /// What is wrong.
        message: String,
    },
}

impl PackError {
    /// What the user can do about it, where that is known.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            PackError::Io { error, .. } => match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("free some space and run the same command again: files are written whole or not at all")
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Some("choose a folder that you may write to")
                }
                io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                    Some("a file stands where a folder is needed: move it, or choose another folder")
                }
                _ => None,
            },
            PackError::Foreign { .. } => {
                Some("choose another folder, move the files away, or add --force to replace them")
            }
            PackError::Edited { .. } => {
                Some("keep what you set in a values file of your own, for -f; add --force to write over the changes")
            }
            PackError::OtherKind { .. } => Some("choose another folder"),
            _ => None,
        }
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> PackError {
        let path = path.into();
        move |error| PackError::Io { action, path, error }
    }
}

/// The system's words for an error, as part of a sentence: without Rust's `(os error 28)`.
pub fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

fn list(paths: &[PathBuf]) -> String {
    const SHOWN: usize = 3;
    let mut text = paths.iter().take(SHOWN).map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
    if paths.len() > SHOWN {
        text.push_str(&format!(" and {} more files", paths.len() - SHOWN));
    }
    text
}
