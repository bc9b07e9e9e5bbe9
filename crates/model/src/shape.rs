//! One chart per brick, or one chart that vendors the bricks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The shape of the charts of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// One chart per brick.
    Modular,
    /// One chart that vendors the bricks as subcharts.
    Umbrella,
}

impl Shape {
    /// Both shapes.
    pub const ALL: [Shape; 2] = [Shape::Modular, Shape::Umbrella];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::Modular => "modular",
            Shape::Umbrella => "umbrella",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Shape::ALL.into_iter().find(|shape| shape.as_str() == s).ok_or_else(|| format!("no such shape: {s}"))
    }
}
