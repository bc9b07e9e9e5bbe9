//! From the command line to a request: reads the files that the user names.

use std::fs;
use std::path::Path;

use sparkyard_model::{Catalogue, Finding, OverrideFile, Preset, Request, SourceText};
use sparkyard_pack::cause;
use sparkyard_yaml::did_you_mean;

use crate::args::Selection;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The request that a selection stands for.
///
/// # Errors
/// Files that cannot be read, and a preset that does not exist: all of them.
pub(crate) fn request(selection: &Selection, catalogue: &Catalogue) -> Result<Request, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut keep = |finding| findings.push(finding);
    let preset = selection.preset.as_deref().and_then(|word| preset(word, catalogue).map_err(&mut keep).ok());
    let overrides: Vec<OverrideFile> = selection
        .values
        .iter()
        .filter_map(|path| read(path).map_err(&mut keep).ok())
        .map(|source| OverrideFile { source })
        .collect();
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(Request {
        preset,
        bricks: selection.bricks.clone(),
        line: selection.spark.clone(),
        platform: selection.platform.clone(),
        shape: selection.shape(),
        overrides,
        examples: false,
    })
}

fn preset(word: &str, catalogue: &Catalogue) -> Result<Preset, Finding> {
    if let Some(preset) = catalogue.preset(word) {
        return Ok(preset.clone());
    }
    if is_path(word) {
        return sparkyard_blocks::preset(read(Path::new(word))?);
    }
    let help = did_you_mean(word, catalogue.presets.iter().map(|preset| preset.id.as_str()));
    Err(Finding::error("unknown-preset", format!("no preset `{word}`")).help(help))
}

/// An id has neither a dot nor a slash, so the two can never be mixed up.
fn is_path(word: &str) -> bool {
    word.contains(['/', '\\', '.'])
}

pub(crate) fn read(path: &Path) -> Result<SourceText, Finding> {
    let name = path.display().to_string();
    // What a pipe gives has no length; what it holds is the sender's word.
    if let Some(length) = fs::metadata(path).ok().map(|data| data.len()).filter(|length| *length > LARGEST) {
        let message =
            format!("cannot read {name}: it has {} MiB, which is more than {} MiB", length >> 20, LARGEST >> 20);
        let help = "a release with all its values must fit into a Secret of 1 MiB; is this the right file?";
        return Err(Finding::error("cannot-read", message).help(help));
    }
    let bytes = fs::read(path)
        .map_err(|error| Finding::error("cannot-read", format!("cannot read {name}: {}", cause(&error))))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Finding::error("cannot-read", format!("cannot read {name}: it is not a text file (UTF-8)")))?;
    Ok(SourceText { name, text })
}
