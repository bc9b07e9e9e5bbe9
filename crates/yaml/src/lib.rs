//! YAML in and out, in one crate, so that the libraries behind it can be swapped in a day.
//!
//! Two ways in: [`from_str`] for our own files (strict, YAML 1.2 scalars) and [`values()`] for values
//! files (scalars as Helm sees them). Ways out: [`to_string`], [`commented`] and [`canonical`]; what they
//! write, Helm reads back as the same tree. [`Places`] knows where every path of a file lies.

mod comment;
mod emit;
mod nearest;
mod places;
mod read;
pub mod schema;

pub use comment::{comment, commented, section};
pub use emit::{canonical, key, scalar, to_string};
pub use nearest::{did_you_mean, nearest};
pub use places::{Part, Places, lines, locate};
pub use read::{from_str, values};
