//! Tasks of the repository. The library holds what the tests need too: where the repository is, a helm, an mdBook.

pub mod helm;
pub mod markers;
pub mod mdbook;
pub mod place;
pub mod registry;
