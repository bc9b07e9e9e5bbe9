//! The harness of the whole-program tests: charts rendered by a real helm, and objects checked strictly.

pub mod book;
pub mod case;
pub mod catalogue;
pub mod cli;
pub mod crds;
pub mod extension;
pub mod helm;
pub mod images;
pub mod leaves;
pub mod markdown;
pub mod mutation;
pub mod page;
pub mod parallel;
pub mod program;
pub mod random;
pub mod registry;
pub mod render;
pub mod report;
pub mod route;
pub mod site;
pub mod strict;
pub mod trees;
