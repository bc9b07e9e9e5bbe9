//! Charts in memory.

use std::collections::BTreeMap;

use serde::Serialize;

/// A chart in memory, subcharts included (`charts/<brick>/...`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Chart name, which is its folder too.
    pub name: String,
    /// Chart version.
    pub version: semver::Version,
    /// `appVersion`.
    pub app_version: String,
    /// The Spark line that it is for: `4.1`.
    pub line: String,
    /// One line.
    pub description: String,
    /// Bricks inside.
    pub bricks: Vec<String>,
    /// Images that it may run, sorted, each once.
    pub images: Vec<String>,
    /// File contents by path below the chart's folder.
    #[serde(skip)]
    pub files: BTreeMap<String, Vec<u8>>,
}

/// All charts of one or more plans, and the files beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ChartTree {
    /// Charts in install order.
    pub charts: Vec<Chart>,
    /// Files beside the charts, by path: `README.md`.
    #[serde(skip)]
    pub files: BTreeMap<String, Vec<u8>>,
}
