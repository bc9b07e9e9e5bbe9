//! Values as helm takes them, from the command line and from files.

use std::path::{Path, PathBuf};

use sparkyard_model::Finding;
use sparkyard_render::UserValues;

use crate::args::SetArgs;
use crate::select::read;

/// All that a user sets.
///
/// # Errors
/// Files that cannot be read: all of them.
pub(crate) fn user(files: &[PathBuf], set: &SetArgs) -> Result<UserValues, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut sources = Vec::new();
    for path in files {
        match read(path) {
            Ok(source) => sources.push(source),
            Err(finding) => findings.push(finding),
        }
    }
    let mut set_file = Vec::new();
    for text in &set.set_file {
        let read = match text.split_once('=') {
            Some((path, file)) => read(Path::new(file)).map(|source| (path.to_owned(), source.text)),
            None => Err(Finding::error("bad-set", format!("--set-file {text}: write PATH=FILE"))),
        };
        match read {
            Ok(pair) => set_file.push(pair),
            Err(finding) => findings.push(finding),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(UserValues {
        files: sources,
        set_json: set.set_json.clone(),
        set: set.set.clone(),
        set_string: set.set_string.clone(),
        set_file,
        set_literal: set.set_literal.clone(),
    })
}
