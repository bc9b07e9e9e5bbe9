//! The list of files that sparkyard wrote into a folder, and the digests of what it wrote.
//!
//! It is what tells a file of ours, which may be replaced and removed, from a file of somebody
//! else, and from one that somebody has edited since. Without it nothing is ever removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use crate::package::hex;
use crate::sync::Kind;
use crate::{PackError, atomic};

/// Name of the list, at the root of an output folder.
pub const MANIFEST: &str = ".sparkyard-files";

const FIRST: &str = "# Files that sparkyard wrote here and may replace or remove: ";

/// Letters of a digest that are kept: enough to notice an edit.
const DIGEST: usize = 16;

/// The files that sparkyard wrote into a folder, by path with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Manifest {
    /// What the folder holds; `None` when nothing was written yet.
    pub(crate) kind: Option<Kind>,
    /// The files, each with the digests that it may have: two while it is being replaced, none where an older sparkyard
    /// wrote it.
    pub(crate) files: BTreeMap<String, BTreeSet<String>>,
}

impl Manifest {
    /// A list of these files.
    pub(crate) fn of<'f>(kind: Kind, files: impl IntoIterator<Item = (&'f String, &'f [u8])>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path.clone(), BTreeSet::from([digest(bytes)])));
        Self { kind: Some(kind), files: files.collect() }
    }

    /// This list and another one.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (path, digests) in &other.files {
            let known = both.files.entry(path.clone()).or_insert_with(|| digests.clone());
            // What one list does not know, both do not.
            if known.is_empty() || digests.is_empty() {
                known.clear();
            } else {
                known.extend(digests.iter().cloned());
            }
        }
        both
    }

    /// Whether a file of ours is no longer as it was written.
    pub(crate) fn is_edited(&self, path: &str, bytes: &[u8]) -> bool {
        self.files.get(path).is_some_and(|digests| !digests.is_empty() && !digests.contains(&digest(bytes)))
    }

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
        let mut files = BTreeMap::<String, BTreeSet<String>>::new();
        for line in lines {
            let (digest, path) = match line.split_once("  ") {
                Some((digest, path)) if digest.len() == DIGEST => (Some(digest), path),
                _ => (None, line),
            };
            if crate::sync::stays_inside(path) {
                files.entry(path.to_owned()).or_default().extend(digest.map(str::to_owned));
            }
        }
        Self { kind, files }
    }

    fn text(&self) -> String {
        let mut text = String::from(FIRST);
        text.push_str(self.kind.map_or("", Kind::words));
        text.push('\n');
        for (file, digests) in &self.files {
            if digests.is_empty() {
                text.push_str(&format!("{file}\n"));
            }
            for digest in digests {
                text.push_str(&format!("{digest}  {file}\n"));
            }
        }
        text
    }
}

fn digest(bytes: &[u8]) -> String {
    let mut digest = hex(bytes);
    digest.truncate(DIGEST);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_was_written() {
        let paths = ["a/Chart.yaml", "b/templates/x y.yaml"].map(String::from);
        let old = Manifest::of(Kind::Catalogue, paths.iter().map(|path| (path, b"old".as_slice())));
        let both = old.and(&Manifest::of(Kind::Catalogue, [(&paths[0], b"new".as_slice())]));
        assert_eq!(Manifest::parse(&both.text()), both);
        assert!(both.is_edited("a/Chart.yaml", b"mine") && !both.is_edited("a/Chart.yaml", b"old"));
        assert!(!both.is_edited("a/Chart.yaml", b"new") && both.is_edited("b/templates/x y.yaml", b"new"));
    }

    #[test]
    fn lists_without_digests_are_read() {
        let manifest = Manifest::parse("# x\na/Chart.yaml\n");
        assert!(manifest.files.contains_key("a/Chart.yaml") && !manifest.is_edited("a/Chart.yaml", b"x"));
        let new = Manifest::of(Kind::Catalogue, [(&"a/Chart.yaml".to_owned(), b"new".as_slice())]);
        assert!(!new.and(&manifest).is_edited("a/Chart.yaml", b"old"));
    }

    #[test]
    fn never_names_a_file_outside_its_folder() {
        let manifest = Manifest::parse("# x\n../a\n/etc/passwd\nb/../../c\nok\n");
        assert_eq!(manifest.files.into_keys().collect::<Vec<_>>(), ["ok"]);
    }
}
