//! YAML in and out, in one crate, so that the libraries behind it can be swapped in a day.
//!
//! Two ways in: [`from_str`] for our own files (strict, YAML 1.2 scalars), and what Helm's own library reads: [`node`],
//! and [`values()`] for values files. Ways out: [`to_string`], [`commented`] and [`canonical`]; what they write, Helm
//! reads back as the same tree. [`go_yaml`] writes what `toYaml` prints. [`Places`] knows where every path of a file lies.

mod comment;
mod emit;
pub mod float;
mod go_emit;
mod nearest;
pub mod node;
mod places;
mod quick;
mod read;
mod scalar;
pub mod schema;

pub use comment::{comment, commented, section};
pub use emit::{canonical, key, scalar, to_string};
pub use go_emit::{Shape, Tree, go_yaml, number_text};
pub use nearest::{did_you_mean, nearest};
pub use places::{Part, Places, lines, locate};
pub use read::{from_str, json, values};
