//! A complete reader of the closed dialect of Helm templates. No I/O happens in this crate.
//!
//! [`parse()`] gives the syntax tree with positions, [`dialect::refusals`] says what lies outside the dialect and why,
//! and [`walk`] finds out which value is used where, and as what.

pub mod ast;
pub mod dialect;
mod error;
pub mod functions;
mod lex;
mod parse;
mod source;
pub mod walk;

pub use error::{DIALECT, Problem, SYNTAX};
pub use parse::parse;
pub use source::{Source, Span};
