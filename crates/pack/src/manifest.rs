//! The list of files that sparkyard wrote into a folder.
//!
//! It is what tells a file of ours, which may be replaced and removed, from a file of somebody
//! else. Without it nothing is ever removed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::sync::Kind;
use crate::{PackError, atomic};

/// Name of the list, at the root of an output folder.
pub const MANIFEST: &str = ".sparkyard-files";

const FIRST: &str = "# Files that sparkyard wrote here and may replace or remove: ";

/// The files that sparkyard wrote into a folder, by path with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Manifest {
    /// What the folder holds; `None` when nothing was written yet.
    pub(crate) kind: Option<Kind>,
    /// The files.
    pub(crate) files: BTreeSet<String>,
}

impl Manifest {
    pub(crate) fn read(folder: &Path) -> Result<Self, PackError> {
        let path = folder.join(MANIFEST);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(PackError::io("read", path)(error)),
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), PackError> {
        atomic::write(&folder.join(MANIFEST), self.text().as_bytes(), None)
    }

    fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        let kind = lines.next().and_then(|line| line.strip_prefix(FIRST)).and_then(Kind::from_words);
        // A line that leaves the folder can only come from a hand; it must not make us remove
        // anything there.
        let files = lines.filter(|line| crate::sync::stays_inside(line)).map(str::to_owned).collect();
        Self { kind, files }
    }

    fn text(&self) -> String {
        let mut text = String::from(FIRST);
        text.push_str(self.kind.map_or("", Kind::words));
        text.push('\n');
        for file in &self.files {
            text.push_str(file);
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_was_written() {
        let manifest = Manifest {
            kind: Some(Kind::Catalogue),
            files: ["a/Chart.yaml", "b/templates/x y.yaml"].map(String::from).into(),
        };
        assert_eq!(Manifest::parse(&manifest.text()), manifest);
    }

    #[test]
    fn never_names_a_file_outside_its_folder() {
        let manifest = Manifest::parse("# x\n../a\n/etc/passwd\nb/../../c\nok\n");
        assert_eq!(manifest.files.into_iter().collect::<Vec<_>>(), ["ok"]);
    }
}
