//! The harness of the whole-program tests: charts rendered by a real helm, objects checked strictly,
//! and the rules that they obey.

pub mod case;
pub mod catalogue;
pub mod extension;
pub mod helm;
pub mod leaves;
pub mod mutation;
pub mod object;
pub mod parallel;
pub mod program;
pub mod random;
pub mod render;
pub mod report;
pub mod route;
pub mod rules;
pub mod sample;
pub mod strict;
pub mod trees;
