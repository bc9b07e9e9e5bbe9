//! What the user asked for.

use crate::{Preset, Shape, SourceText};

/// A file of values that the user wrote: `global` and one key per brick.
#[derive(Debug, Clone, PartialEq)]
pub struct OverrideFile {
    /// Its name and text.
    pub source: SourceText,
}

/// What the user asked for. `None` means: take the default.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A preset; `None` with no bricks named means the first of the catalogue.
    pub preset: Option<Preset>,
    /// Bricks in place of the preset's.
    pub bricks: Vec<String>,
    /// Line id or Spark version.
    pub line: Option<String>,
    /// Platform id.
    pub platform: Option<String>,
    /// Shape; the line's own by default.
    pub shape: Option<Shape>,
    /// Override files, later ones win.
    pub overrides: Vec<OverrideFile>,
    /// Take the preset's examples for what the user must set and has not: for whoever checks a preset.
    pub examples: bool,
}
