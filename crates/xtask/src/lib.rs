//! Tasks of the repository. The library holds what the tests need too: where the repository is, and
//! a helm.

pub mod helm;
pub mod markers;
pub mod place;
pub mod registry;
