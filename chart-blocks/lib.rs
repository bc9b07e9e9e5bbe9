//! The catalogue: bricks, lines, platforms and presets.
//!
//! Adding a brick is one folder here and one word in [`BRICKS`]. Adding a line is one block of
//! `versions.toml`; a preset or platform is one file below `presets/`.

use serde::Deserialize;
use sparkyard_model::{Brick, Catalogue, Comparison, Finding, Jar, Line, Platform, Preset, SourceText, Values};
use sparkyard_yaml::{Part, Places};

/// Declares each brick's module and the slice that lists them, in the order of `list bricks`.
macro_rules! bricks {
    ($($module:ident = $folder:literal),* $(,)?) => {
        $(#[path = $folder] mod $module;)*
        /// Every brick of the catalogue.
        pub static BRICKS: &[Brick] = &[$($module::BRICK),*];
    };
}

bricks! {
    spark_connect = "spark-connect/brick.rs",
    spark_standalone = "spark-standalone/brick.rs",
    spark_batch = "spark-batch/brick.rs",
    spark_operator = "spark-operator/brick.rs",
    spark_history = "spark-history/brick.rs",
    hive_metastore = "hive-metastore/brick.rs",
    postgresql = "postgresql/brick.rs",
    seaweedfs = "seaweedfs/brick.rs",
    minio = "minio/brick.rs",
    celeborn = "celeborn/brick.rs",
    jupyter = "jupyter/brick.rs",
}

#[path = "_shared/values/mod.rs"]
pub mod shared;

static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/blocks.rs"));
static PRESETS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// Form of `versions.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Versions {
    /// Version of every chart.
    charts: semver::Version,
    /// Jars that no line changes.
    jar: Vec<Jar>,
    line: Vec<Line>,
}

/// Form of `comparisons.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparisons {
    comparison: Vec<Comparison>,
}

/// The built-in catalogue.
///
/// # Errors
/// A [`Finding`] that points into the data file that is wrong.
pub fn catalogue() -> Result<Catalogue, Finding> {
    let mut versions: Versions = data("versions.toml")?;
    versions.line.iter_mut().for_each(|line| line.jars.extend_from_slice(&versions.jar));
    let compared: Comparisons = data("comparisons.toml")?;
    let (mut presets, mut platforms) = (Vec::new(), Vec::new());
    for (path, bytes) in PRESETS {
        let source = SourceText { name: format!("presets/{path}"), text: String::from_utf8_lossy(bytes).into_owned() };
        if !path.ends_with(".yaml") {
            continue;
        }
        if path.starts_with("platforms/") {
            platforms.push(platform(source)?);
        } else {
            presets.push(preset(source)?);
        }
    }
    // The defaults are made for plain Kubernetes and for the smallest scenario.
    platforms.sort_by_key(|p| (!p.values.is_empty(), p.id.clone()));
    presets.sort_by_key(|p| (p.id != DEFAULT_PRESET, p.id.clone()));
    Ok(Catalogue {
        version: versions.charts,
        bricks: BRICKS.to_vec(),
        comparisons: compared.comparison,
        lines: versions.line,
        platforms,
        presets,
        global: Values::of::<shared::Global>(),
        files: FILES.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect(),
    })
}

/// The preset whose values are an umbrella's defaults.
pub const DEFAULT_PRESET: &str = "quickstart";

/// Letters of a preset's id at most, as of `global.stack`.
const LONGEST_ID: usize = 40;

/// Reads a preset.
///
/// # Errors
/// A [`Finding`] that points into the file.
pub fn preset(source: SourceText) -> Result<Preset, Finding> {
    let preset: Preset = sparkyard_yaml::from_str(&source)?;
    // It is the name of folders, releases and stacks.
    let (id, is_letter) = (&preset.id, |c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let ends_well = id.starts_with(|c: char| c.is_ascii_lowercase()) && id.ends_with(is_letter);
    if !ends_well || id.len() > LONGEST_ID || !id.chars().all(|c| is_letter(c) || c == '-') {
        let at = Places::of(&source).find(&["id"], Part::Value);
        let message = format!("`{}` is no id for a preset", preset.id);
        return Err(Finding::error("bad-id", message).at(at).help(format!(
            "take small letters, digits and `-`, {LONGEST_ID} at most; a letter is first, and `-` is not last"
        )));
    }
    Ok(Preset { source, ..preset })
}

/// Reads a platform.
///
/// # Errors
/// A [`Finding`] that points into the file.
pub fn platform(source: SourceText) -> Result<Platform, Finding> {
    let platform: Platform = sparkyard_yaml::from_str(&source)?;
    Ok(Platform { source, ..platform })
}

/// A data file of `chart-blocks`.
fn data<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, Finding> {
    toml::from_str(text(FILES, name))
        .map_err(|e| Finding::error("bad-data", format!("chart-blocks/{name}: {}", e.message())))
}

fn text(files: &'static [(&str, &[u8])], path: &str) -> &'static str {
    files.iter().find(|(name, _)| *name == path).and_then(|(_, bytes)| std::str::from_utf8(bytes).ok()).unwrap_or("")
}
