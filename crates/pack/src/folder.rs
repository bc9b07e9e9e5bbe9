//! The index of a folder of packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sparkyard_render::Metadata;

use crate::error::PackError;
use crate::index::Index;
use crate::package::hex;
use crate::{load_package, url};

/// The index of the packages of a folder and of the folders in it, one deep, as `helm repo index` takes them. `url` is where
/// the folder will be. With it what was passed over: archives that are no charts, and why.
///
/// # Errors
/// When the folder or a package cannot be read.
pub fn index_folder(folder: &Path, url: &str, epoch: u64) -> Result<(Index, Vec<String>), PackError> {
    let mut packages = archives(folder)?;
    for inner in sorted(folder)?.into_iter().filter(|path| path.is_dir()) {
        packages.extend(archives(&inner)?);
    }
    let (mut index, mut skipped) = (Index::default(), Vec::new());
    for path in packages {
        let bytes = fs::read(&path).map_err(PackError::io("read", &path))?;
        let below = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        match metadata(&below, &bytes) {
            Ok(metadata) => index.add(&metadata, url::join(url, &below), &hex(&bytes), epoch),
            Err(why) => skipped.push(why),
        }
    }
    index.sort();
    Ok((index, skipped))
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, PackError> {
    let entries = fs::read_dir(folder).map_err(PackError::io("read the folder", folder))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(PackError::io("read the folder", folder))?;
    paths.sort();
    Ok(paths)
}

fn archives(folder: &Path) -> Result<Vec<PathBuf>, PackError> {
    let mut paths = sorted(folder)?;
    paths.retain(|path| path.as_os_str().to_string_lossy().ends_with(".tgz") && path.is_file());
    Ok(paths)
}

/// What the chart of a package says of itself.
fn metadata(name: &str, bytes: &[u8]) -> Result<Metadata, String> {
    let files = load_package(name, bytes).map_err(|error| error.to_string())?;
    let of = |file: &str, error: String| format!("{name}: {file}: {error}");
    if let Some(values) = text(&files, "values.yaml") {
        sparkyard_yaml::node::document(&values).map_err(|error| of("values.yaml", error.to_string()))?;
    }
    let mut chart = text(&files, "Chart.yaml").unwrap_or_default();
    // Charts of Helm 2 keep their dependencies in a file of their own, which is laid over Chart.yaml.
    if let Some(more) = text(&files, "requirements.yaml") {
        let read = |file, text: &str| {
            let node = sparkyard_yaml::node::document(text).map_err(|error| of(file, error.to_string()))?;
            Ok::<_, String>(node.as_ref().map(sparkyard_yaml::json).unwrap_or_default())
        };
        let (mut all, more) = (read("Chart.yaml", &chart)?, read("requirements.yaml", &more)?);
        if let (Some(all), serde_json::Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        chart = all.to_string();
    }
    Metadata::read(&chart).map_err(|error| of("Chart.yaml", error))
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Option<String> {
    files.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
