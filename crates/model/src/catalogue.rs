//! Everything that charts can be composed from.

use std::collections::BTreeMap;

use crate::{Brick, Comparison, Line, Platform, Preset, Values};

/// Everything that charts can be composed from. Plain data: a test, or a later plug-in, adds a
/// brick, line, platform or preset by pushing it.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Version of the charts, semver.
    pub version: semver::Version,
    /// Bricks in the order in which they are listed.
    pub bricks: Vec<Brick>,
    /// Lines, oldest first.
    pub lines: Vec<Line>,
    /// Platforms; the first is the one that defaults are made for.
    pub platforms: Vec<Platform>,
    /// Presets; the first is the default of an umbrella.
    pub presets: Vec<Preset>,
    /// Ways to do the same thing, side by side; that of lines is made of them.
    pub comparisons: Vec<Comparison>,
    /// Typed values of `global`.
    pub global: Values,
    /// Files by path below `chart-blocks/`: `spark-connect/templates/deployment.yaml`.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Catalogue {
    /// The brick with this id.
    pub fn brick(&self, id: &str) -> Option<&Brick> {
        self.bricks.iter().find(|b| b.id == id)
    }

    /// The line with this id (`4.1`) or this Spark version (`4.1.4`).
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|l| l.id == id || l.spark.to_string() == id)
    }

    /// The platform with this id.
    pub fn platform(&self, id: &str) -> Option<&Platform> {
        self.platforms.iter().find(|p| p.id == id)
    }

    /// The preset with this id.
    pub fn preset(&self, id: &str) -> Option<&Preset> {
        self.presets.iter().find(|p| p.id == id)
    }

    /// Every comparison, that of the lines included.
    pub fn compared(&self) -> Vec<Comparison> {
        self.comparisons.iter().cloned().chain([Comparison::of_lines(&self.lines, &self.presets)]).collect()
    }

    /// What the objects of its bricks ask of a cluster beyond Kubernetes: [`Brick::apis`].
    pub fn apis(&self) -> impl Iterator<Item = String> {
        self.bricks.iter().flat_map(|brick| brick.apis).map(|api| (*api).to_owned())
    }

    /// Files below a folder, with paths relative to it, sorted.
    pub fn files_below<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        let prefix = format!("{folder}/");
        self.files
            .range(prefix.clone()..)
            .take_while({
                let prefix = prefix.clone();
                move |(path, _)| path.starts_with(&prefix)
            })
            .map(move |(path, bytes)| (&path[prefix.len()..], bytes.as_slice()))
    }
}
