//! Every decision taken, each with its origin, before a byte is written.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Line, Shape, Socket, Tree};

/// Who decided a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Origin {
    /// The brick's own default.
    Brick {
        /// Brick id, or `global`.
        brick: String,
    },
    /// The line's data.
    Line {
        /// Line id.
        line: String,
    },
    /// The preset.
    Preset {
        /// Its file.
        file: String,
        /// Line in the file, from 1.
        line: usize,
    },
    /// The platform.
    Platform {
        /// Its file.
        file: String,
        /// Line in the file, from 1.
        line: usize,
    },
    /// An override file.
    Override {
        /// Its file.
        file: String,
        /// Line in the file, from 1.
        line: usize,
    },
}

/// A brick with all its values decided.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedBrick {
    /// Brick id.
    pub id: String,
    /// The chart that holds it.
    pub chart: String,
    /// Every value.
    pub values: Tree,
    /// Origin of every leaf, by dotted path below the brick: `executor.memory`.
    pub origins: BTreeMap<String, Origin>,
}

/// What meets a need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Provider {
    /// A brick of the same stack.
    Brick {
        /// Brick id.
        brick: String,
    },
    /// A service of the user's own.
    External {
        /// Value path that names it.
        value: String,
        /// What it says.
        address: String,
    },
}

/// A need and what meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wire {
    /// The socket.
    pub socket: Socket,
    /// The brick that needs it.
    pub from: String,
    /// What meets the need.
    pub to: Provider,
}

/// Every decision, each with its origin.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Version of this document's form.
    pub schema_version: u32,
    /// Version of the charts.
    pub chart_version: semver::Version,
    /// The line.
    pub line: Line,
    /// Platform id.
    pub platform: String,
    /// The shape.
    pub shape: Shape,
    /// Preset id, if one was used.
    pub preset: Option<String>,
    /// Default of `global.stack`; empty in an umbrella, where the release name is used.
    pub stack: String,
    /// Values of `global`.
    pub global: Tree,
    /// Origins of the leaves of `global`.
    pub global_origins: BTreeMap<String, Origin>,
    /// Bricks in install order.
    pub bricks: Vec<PlannedBrick>,
    /// Needs and what meets them.
    pub wires: Vec<Wire>,
}
