//! Renders charts of the closed dialect as `helm template` does, in process and without I/O.
//!
//! A [`Chart`] is read once and rendered many times: [`render`] takes the user's values and gives manifests, hooks and
//! notes, or says what helm would refuse, with the template, the line, the value and who set it.

mod active;
mod capabilities;
mod chart;
mod error;
mod exec;
mod fits;
mod funcs;
mod manifest;
mod memo;
mod metadata;
mod print;
mod render;
mod schema;
mod semver;
mod strvals;
mod tables;
mod trace;
mod user;
mod value;

pub use chart::{Chart, Parsed, Schema};
pub use error::RenderError;
pub use manifest::{Manifest, documents};
pub use metadata::{Dependency, Metadata};
pub use render::{Options, Rendered, effective_values, render};
pub use semver::{Constraint, Version};
pub use trace::{Segment, find_value};
pub use user::{UserValues, Writer, Written};
pub use value::{Capabilities, Map, Value};
