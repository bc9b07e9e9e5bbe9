//! A registry to test with: Debian's docker-registry.

use std::path::{Path, PathBuf};

use crate::place;

/// What to do when there is none.
pub const MISSING: &str = "no docker-registry on PATH; install it: apt-get install docker-registry";

/// The program.
pub fn find() -> Option<PathBuf> {
    place::program("docker-registry")
}

/// A configuration that keeps everything in a folder and listens on loopback. It ends below `http:`, so that a caller can go on.
pub fn config(folder: &Path, port: u16) -> String {
    format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
         storage: {{filesystem: {{rootdirectory: {}}}}}\nhttp:\n  addr: 127.0.0.1:{port}\n",
        folder.display()
    )
}
