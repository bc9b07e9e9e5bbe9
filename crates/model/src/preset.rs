//! Presets and platforms: plain YAML files of data.

use serde::{Deserialize, Serialize};

use crate::Tree;

/// The text of a file that was read, kept for messages that point into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceText {
    /// Name as the user knows it: `presets/quickstart.yaml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A scenario: which bricks, which values, and why. One file of `presets/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preset {
    /// Id, equal to the file's name without `.yaml`.
    pub id: String,
    /// One line.
    pub title: String,
    /// Who should take it.
    pub for_whom: String,
    /// One paragraph: why it is made the way it is.
    pub why: String,
    /// Lines it fits, as a semver requirement on the Spark version: `>=3.5`.
    pub lines: semver::VersionReq,
    /// Brick ids in the order in which modular charts are installed.
    pub bricks: Vec<String>,
    /// What it costs: CPU, memory, disk.
    pub cost: String,
    /// What it lacks.
    pub lacks: Vec<String>,
    /// The next step up, in words.
    pub next: String,
    /// Values: `global` and one key per brick.
    #[serde(default)]
    pub values: Tree,
    /// Where it was read from.
    #[serde(skip)]
    pub source: SourceText,
}

/// A kind of cluster, one file of `presets/platforms/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Platform {
    /// Id, equal to the file's name without `.yaml`.
    pub id: String,
    /// One line.
    pub title: String,
    /// What differs there, in words.
    pub why: String,
    /// Who admits pods there, as `sparkyard check --policy` names it: `pss:restricted`, `scc:restricted-v2`.
    pub policy: String,
    /// Values laid over a chart's defaults; empty for the platform that the defaults are made for.
    #[serde(default)]
    pub values: Tree,
    /// API versions that a cluster of this platform has beyond Kubernetes' own, for rendering tests.
    #[serde(default)]
    pub api_versions: Vec<String>,
    /// Where it was read from.
    #[serde(skip)]
    pub source: SourceText,
}
