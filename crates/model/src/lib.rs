//! Pure types of sparkyard. No I/O happens in this crate.
//!
//! Data flows one way: [`Request`] -> [`Plan`] -> [`ChartTree`] -> [`Finding`]s -> packages.

mod brick;
mod catalogue;
mod comparison;
mod finding;
mod image_name;
mod line;
mod plan;
mod preset;
mod request;
mod shape;
mod tree;

pub use brick::{Brick, ImageSlot, NeedWhen, Port, Socket, Values, Version};
pub use catalogue::Catalogue;
pub use comparison::{Aspect, Choice, Comparison};
pub use finding::{Finding, Place, Severity};
pub use image_name::ImageName;
pub use line::{ImageRef, Jar, Line, LineStatus};
pub use plan::{Origin, Plan, PlannedBrick, Provider, Wire};
pub use preset::{Platform, Preset, SourceText};
pub use request::{OverrideFile, Request};
pub use shape::Shape;
pub use tree::{Chart, ChartTree};

/// A tree of values as Helm sees it: JSON with the order of keys kept.
pub type Tree = serde_json::Map<String, serde_json::Value>;
