//! Charts to disk.
//!
//! [`emit`] writes a tree of charts into a folder, [`package`] makes a reproducible `.tgz` of one
//! chart, and [`write_dist`] writes packages with their index. All three write only bytes that
//! differ, a file whole or not at all, and never touch a file that somebody else made.
//! [`index_folder`] makes the index of any folder of packages.

mod atomic;
mod dist;
mod emit;
mod error;
mod folder;
mod glob;
mod helmignore;
mod index;
mod load;
mod lock;
mod manifest;
mod package;
mod sync;
mod url;

pub use atomic::write as write_file;
pub use dist::{diff_dist, write_dist};
pub use emit::{diff, emit};
pub use error::{PackError, cause};
pub use folder::index_folder;
pub use glob::matches as glob_matches;
pub use helmignore::HelmIgnore;
pub use index::{Entry, Index, time};
pub use load::{load, load_package};
pub use manifest::MANIFEST;
pub use package::{EPOCH, Package, package, package_all};
pub use sync::{Kind, Mode, Written};
