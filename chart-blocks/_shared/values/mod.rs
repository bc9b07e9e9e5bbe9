//! Values that several bricks share, written once.

mod global;
mod job;
mod object;
pub mod pattern;
mod pod;
mod spark;

pub use global::*;
pub use job::*;
pub use object::*;
pub use pod::*;
pub use spark::*;

/// A piece of a Kubernetes object that is passed through as it is.
pub type Object = sparkyard_model::Tree;
