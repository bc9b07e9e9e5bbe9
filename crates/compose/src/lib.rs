//! Request -> [`Plan`](sparkyard_model::Plan) -> [`ChartTree`](sparkyard_model::ChartTree). No I/O happens in this crate.
//!
//! [`resolve()`] takes every decision and checks every value; [`compose()`] makes the charts of a plan;
//! [`catalogue_tree()`] makes the charts of every line with the files of every preset and platform.

mod base;
mod catalogue_tree;
mod chart;
mod error;
mod index;
mod install;
mod knowledge;
mod layer;
mod names;
mod path;
mod render;
mod resolve;
mod select;
mod unused;
mod validate;
mod wires;

pub use catalogue_tree::catalogue_tree;
pub use chart::compose;
pub use error::ComposeError;
pub use index::set_first;
pub use install::{install_commands, release_name};
pub use resolve::resolve;
pub use unused::unused;

/// Key of the values that all bricks of a stack share.
const GLOBAL: &str = "global";
