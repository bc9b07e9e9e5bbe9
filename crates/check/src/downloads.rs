//! What pods download before they start: jars of a Maven repository, and Python packages.

use crate::context::Stack;
use crate::images::When;
use crate::object::Object;
use crate::spark::{Mounted, mounted};

/// A jar that a pod downloads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedJar {
    /// Path below a Maven repository.
    pub path: String,
    /// SHA-256 that it must have.
    pub sha256: String,
}

/// A Python package that a pod downloads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is asked for at all, if not everywhere: `python_version < "3.11"`.
    pub marker: Option<String>,
    /// SHA-256 of each wheel that is taken: one for each Python and processor that differ.
    pub sha256: Vec<String>,
}

/// A pod that downloads something.
#[derive(Debug)]
pub struct Download<'s, T> {
    /// What.
    pub what: T,
    /// The object that makes the pod.
    pub object: &'s Object,
    /// When the pod runs.
    pub when: When,
}

/// What the pods of an install download.
#[derive(Debug, Default)]
pub struct Downloads<'s> {
    /// Jars, by `JARS` of `prepare.py`.
    pub jars: Vec<Download<'s, NamedJar>>,
    /// Python packages, by `REQUIREMENTS` of `install-python.sh`.
    pub packages: Vec<Download<'s, NamedPackage>>,
    /// Lists that are read and that no ConfigMap of the install holds: `Deployment/x: /etc/sparkyard/jars.txt`.
    pub unknown: Vec<String>,
}

/// What the pods of an install download: the lists that their containers are told to read.
pub fn downloads(stack: &Stack) -> Downloads<'_> {
    let mut found = Downloads::default();
    for pod in stack.pods() {
        let (object, when) = (pod.object, When::of(pod.object));
        for container in pod.containers() {
            let lists = ["JARS", "REQUIREMENTS"].map(|key| container.env(key));
            if lists == [None, None] {
                continue;
            }
            let files = mounted(stack, &pod, &container);
            let text = |path: &str| files.iter().find(|file: &&Mounted<'_>| file.path == path).map(|file| file.text);
            for path in lists.iter().flatten().filter(|path| text(path).is_none()) {
                found.unknown.push(format!("{}: {path}", pod.id()));
            }
            let [list, lock] = lists.map(|path| path.and_then(text).unwrap_or_default());
            found.jars.extend(jars(list).map(|what| Download { what, object, when }));
            found.packages.extend(packages(lock).map(|what| Download { what, object, when }));
        }
    }
    found
}

/// The lines of a list of jars: `<sha256>  <path>`.
fn jars(text: &str) -> impl Iterator<Item = NamedJar> {
    text.lines().filter_map(|line| {
        let (sha256, path) = line.trim().split_once(char::is_whitespace)?;
        Some(NamedJar { path: path.trim().to_owned(), sha256: sha256.to_owned() })
    })
}

/// The packages of a lock: `name==version ; marker --hash=sha256:...`, with `\` where a line goes on.
fn packages(text: &str) -> impl Iterator<Item = NamedPackage> {
    let joined = text.replace("\\\n", " ");
    let lines: Vec<String> =
        joined.lines().map(str::trim).filter(|line| !line.starts_with('#')).map(Into::into).collect();
    lines.into_iter().filter_map(|line| {
        let mut parts = line.split("--hash=sha256:");
        let requirement = parts.next()?.trim();
        let (package, marker) = match requirement.split_once(';') {
            Some((package, marker)) => (package.trim(), Some(marker.trim().to_owned())),
            None => (requirement, None),
        };
        let (name, version) = package.split_once("==")?;
        let sha256 = parts.map(|hash| hash.trim().to_owned()).collect();
        Some(NamedPackage { name: name.to_owned(), version: version.to_owned(), marker, sha256 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_read() {
        let text = "# no\na==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11\nb==2 ; python_version < \"3.11\" \\\n  --hash=sha256:22\n";
        let read: Vec<NamedPackage> = packages(text).collect();
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].marker.as_deref(), &read[0].sha256[..]), (None, &["00".to_owned(), "11".to_owned()][..]));
        assert_eq!((read[1].name.as_str(), read[1].version.as_str()), ("b", "2"));
        assert_eq!(read[1].marker.as_deref(), Some("python_version < \"3.11\""));
        assert_eq!(jars("00  a/b.jar\n\n").collect::<Vec<_>>().len(), 1);
    }
}
