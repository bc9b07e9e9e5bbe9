//! A chart from disk: a folder or a package, read as helm reads it, within helm's own limits.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use crate::error::PackError;
use crate::helmignore::HelmIgnore;

/// What makes a folder a chart.
const CHART_YAML: &str = "Chart.yaml";
const NO_CHART: &str = "it holds no Chart.yaml";
/// The largest file of a chart that helm reads, in bytes.
pub(crate) const FILE_LIMIT: u64 = 5 << 20;
/// The largest chart that helm reads, unpacked, in bytes.
const CHART_LIMIT: u64 = 100 << 20;
/// A tar header and its padding: what an empty file costs.
const HEADER: u64 = 512;
/// Bytes of a path in a package: more than any file system takes.
const LONGEST_PATH: usize = 4096;
/// What may lie between two files of a package: headers, long names, attributes. The tar crate reads them whole.
const BETWEEN: u64 = 1 << 20;
/// How deep charts lie in charts.
const DEPTH: usize = 8;

/// The files of a chart by their paths below it. Packed charts inside of it are unpacked.
///
/// # Errors
/// When it cannot be read, is no chart, breaks a limit of helm, or holds a path or link that leaves it.
pub fn load(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    let name = path.display().to_string();
    let metadata = fs::metadata(path).map_err(PackError::io("read", path))?;
    let mut budget = CHART_LIMIT;
    let files = if metadata.is_dir() { folder(path, &name, &mut budget)? } else { file(path, &name, &mut budget)? };
    let files = unpacked(files, &name, &mut budget, 0)?;
    if !files.contains_key(CHART_YAML) {
        return Err(bad(&name, NO_CHART));
    }
    Ok(files)
}

/// The files of a packaged chart that is in memory; `name` stands in messages.
///
/// # Errors
/// As [`load`].
pub fn load_package(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    let files = archive(bytes, name, &mut { CHART_LIMIT })?;
    if !files.contains_key(CHART_YAML) {
        return Err(bad(name, NO_CHART));
    }
    Ok(files)
}

fn bad(chart: &str, message: impl Into<String>) -> PackError {
    PackError::NoChart { path: chart.into(), message: message.into() }
}

fn spend(budget: &mut u64, size: u64, chart: &str) -> Result<(), PackError> {
    *budget = budget.checked_sub(size.saturating_add(HEADER)).ok_or_else(|| {
        bad(chart, format!("it is larger than {} MiB unpacked, which is helm's limit", CHART_LIMIT >> 20))
    })?;
    Ok(())
}

fn too_large(chart: &str, path: &str) -> PackError {
    bad(chart, format!("{path} is larger than {} MiB, which is helm's limit", FILE_LIMIT >> 20))
}

/// A folder without what its `.helmignore` names. Links are followed as helm does, but not out of the chart and not in circles.
fn folder(path: &Path, name: &str, budget: &mut u64) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    // Said first: of any other folder the rest would be read in vain, and blamed for something else.
    if !path.join(CHART_YAML).is_file() {
        return Err(bad(name, NO_CHART));
    }
    let root = path.canonicalize().map_err(PackError::io("read", path))?;
    let ignore = match fs::read_to_string(root.join(".helmignore")) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(PackError::io("read", path.join(".helmignore"))(error)),
    };
    let ignore = HelmIgnore::parse(&ignore).map_err(|(line, message)| PackError::BadIgnore {
        chart: name.to_owned(),
        line,
        message,
    })?;
    let mut files = BTreeMap::new();
    let mut open = vec![(root.clone(), String::new(), vec![root.clone()])];
    while let Some((here, below, above)) = open.pop() {
        for entry in fs::read_dir(&here).map_err(PackError::io("read", &here))? {
            let entry = entry.map_err(PackError::io("read", &here))?;
            let Some(word) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(bad(name, format!("{} is no name in UTF-8", entry.path().display())));
            };
            let inner = if below.is_empty() { word } else { format!("{below}/{word}") };
            if ignore.ignores(&inner) {
                continue;
            }
            // Below a folder without links only a link leads elsewhere; to resolve every path costs more than to read it.
            let is_link = entry.file_type().map_err(PackError::io("read", entry.path()))?.is_symlink();
            let mut real = entry.path();
            if is_link {
                real = real.canonicalize().map_err(PackError::io("read", entry.path()))?;
            }
            if !real.starts_with(&root) {
                return Err(bad(name, format!("{inner} is a link that leaves the chart")));
            }
            let kind = fs::metadata(&real).map_err(PackError::io("read", &real))?;
            if kind.is_dir() {
                if above.contains(&real) {
                    return Err(bad(name, format!("{inner} is a link to a folder around it")));
                }
                let above = above.iter().cloned().chain([real.clone()]).collect();
                open.push((real, inner, above));
            } else if !kind.is_file() {
                return Err(bad(name, format!("{inner} is neither a file nor a folder")));
            } else if kind.len() > FILE_LIMIT {
                return Err(too_large(name, &inner));
            } else {
                spend(budget, kind.len(), name)?;
                files.insert(inner, fs::read(&real).map_err(PackError::io("read", &real))?);
            }
        }
    }
    Ok(files)
}

fn file(path: &Path, name: &str, budget: &mut u64) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    let file = fs::File::open(path).map_err(PackError::io("read", path))?;
    archive(file, name, budget)
}

/// A reader of which no more than a number of bytes may be asked.
struct Metered<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left.get()).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            return Err(std::io::Error::other(format!("more than {BETWEEN} bytes of it are no file")));
        }
        let read = self.inner.read(&mut buffer[..most])?;
        self.left.set(self.left.get() - read as u64);
        Ok(read)
    }
}

/// A `.tgz`. Everything lies in one folder, which is taken off.
fn archive(reader: impl Read, name: &str, budget: &mut u64) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    let unreadable = |error: std::io::Error| bad(name, format!("it is no .tgz: {}", crate::cause(&error)));
    let mut files = BTreeMap::new();
    let left = Rc::new(Cell::new(BETWEEN));
    let mut archive = Archive::new(Metered { inner: MultiGzDecoder::new(reader), left: Rc::clone(&left) });
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).replace('\\', "/");
        if path.len() > LONGEST_PATH {
            return Err(bad(name, format!("a path in it has {} bytes; {LONGEST_PATH} are allowed", path.len())));
        }
        match entry.header().entry_type() {
            EntryType::Directory | EntryType::XGlobalHeader => {
                spend(budget, 0, name)?;
                continue;
            }
            EntryType::Symlink | EntryType::Link => return Err(bad(name, format!("{path} is a link"))),
            _ => {}
        }
        let Some((_, inner)) = path.trim_start_matches("./").split_once('/') else {
            return Err(bad(name, format!("{path} does not lie in the chart's folder")));
        };
        let steps: Vec<&str> = inner.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
        if path.starts_with('/') || path.split('/').any(|step| step == "..") || steps.is_empty() {
            return Err(bad(name, format!("the path {path:?} leaves the chart's folder")));
        }
        let inner = steps.join("/");
        if entry.size() > FILE_LIMIT {
            return Err(too_large(name, &inner));
        }
        spend(budget, entry.size(), name)?;
        let mut bytes = Vec::new();
        left.set(entry.size().saturating_add(HEADER));
        entry.by_ref().take(FILE_LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
        left.set(BETWEEN);
        files.insert(inner, bytes);
    }
    if files.is_empty() {
        return Err(bad(name, "it is empty"));
    }
    Ok(files)
}

/// Unpacks `charts/*.tgz` into folders of their own.
fn unpacked(
    files: BTreeMap<String, Vec<u8>>,
    name: &str,
    budget: &mut u64,
    depth: usize,
) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    if depth > DEPTH {
        return Err(bad(name, format!("charts lie in charts more than {DEPTH} deep")));
    }
    let mut all = BTreeMap::new();
    for (path, bytes) in files {
        let base = path.rsplit('/').next().unwrap_or(&path);
        let folder = &path[..path.len() - base.len()];
        // Helm passes over what starts with `_` or `.` there.
        let packed = (folder == "charts/" || folder.ends_with("/charts/"))
            && base.ends_with(".tgz")
            && !base.starts_with(['_', '.']);
        if !packed {
            all.insert(path, bytes);
            continue;
        }
        let inner = archive(Cursor::new(bytes), &format!("{name}/{path}"), budget)?;
        let inner = unpacked(inner, &format!("{name}/{path}"), budget, depth + 1)?;
        for (below, bytes) in inner {
            all.insert(format!("{}/{below}", path.trim_end_matches(".tgz")), bytes);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use tar::{Builder, Header};

    use super::*;

    /// A package made by hand, since the writer refuses what a villain would put in.
    fn tgz(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, kind, bytes) in entries {
            let mut header = Header::new_gnu();
            header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, *bytes).expect("an entry");
        }
        builder.into_inner().expect("a tar").finish().expect("a gzip")
    }

    fn read(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.tgz");
        fs::write(&path, bytes).expect("written");
        load(&path).map_err(|error| error.to_string())
    }

    const CHART: (&str, EntryType, &[u8]) = ("c/Chart.yaml", EntryType::Regular, b"name: c\n");

    #[test]
    fn reads_packages_and_the_packages_in_them() {
        let inner = tgz(&[("sub/Chart.yaml", EntryType::Regular, b"name: sub\n")]);
        let outer = tgz(&[CHART, ("c/charts/sub-1.0.0.tgz", EntryType::Regular, &inner)]);
        let files = read(&outer).expect("a chart");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["Chart.yaml", "charts/sub-1.0.0/Chart.yaml"]);
    }

    #[test]
    fn refuses_what_would_harm() {
        let zeros = vec![0; (FILE_LIMIT + 1) as usize];
        let many: Vec<String> = (0..21).map(|i| format!("c/f{i}")).collect();
        let bomb: Vec<_> = [CHART]
            .into_iter()
            .chain(many.iter().map(|path| (path.as_str(), EntryType::Regular, &zeros[1..])))
            .collect();
        let long = vec![b'x'; 2 << 20];
        let cases: [(Vec<u8>, &str); 11] = [
            (tgz(&[CHART, ("c/../../etc/passwd", EntryType::Regular, b"x")]), "leaves the chart's folder"),
            (tgz(&[CHART, ("/c/x", EntryType::Regular, b"x")]), "leaves the chart's folder"),
            (tgz(&[CHART, ("c\\..\\x", EntryType::Regular, b"x")]), "leaves the chart's folder"),
            (tgz(&[CHART, ("c/link", EntryType::Symlink, b"")]), "is a link"),
            (tgz(&[CHART, ("c/large", EntryType::Regular, &zeros)]), "larger than 5 MiB"),
            (tgz(&bomb), "larger than 100 MiB unpacked"),
            (tgz(&[CHART, ("c/l", EntryType::GNULongName, &long), CHART]), "are no file"),
            (tgz(&[CHART, ("c/l", EntryType::GNULongName, &long[..5000]), CHART]), "4096 are allowed"),
            (tgz(&[("c/a", EntryType::Regular, b"x")]), "no Chart.yaml"),
            (b"no gzip".to_vec(), "no .tgz"),
            (tgz(&[CHART])[..40].to_vec(), "no .tgz"),
        ];
        for (bytes, message) in cases {
            let error = read(&bytes).expect_err(message);
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn refuses_nests_without_end() {
        let mut bytes = tgz(&[CHART]);
        for _ in 0..=DEPTH + 1 {
            bytes = tgz(&[CHART, ("c/charts/c.tgz", EntryType::Regular, &bytes)]);
        }
        assert!(read(&bytes).expect_err("too deep").contains("deep"));
    }

    #[test]
    fn reads_folders_without_what_is_ignored() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::File::create(path).expect("a file").write_all(text.as_bytes()).expect("written");
        };
        assert!(load(folder.path()).expect_err("no chart").to_string().contains(NO_CHART));
        write("Chart.yaml", "name: c\n");
        write(".helmignore", "ci/\n");
        write("ci/values.yaml", "a: 1\n");
        write("templates/a.yaml", "a: 1\n");
        let files = load(folder.path()).expect("a chart");
        assert_eq!(files.keys().collect::<Vec<_>>(), [".helmignore", "Chart.yaml", "templates/a.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_of_folders_stay_inside_and_end() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("Chart.yaml"), "name: c\n").expect("written");
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("out")).expect("a link");
        assert!(load(folder.path()).expect_err("leaves").to_string().contains("leaves the chart"));
        fs::remove_file(folder.path().join("out")).expect("removed");
        std::os::unix::fs::symlink(".", folder.path().join("loop")).expect("a link");
        assert!(load(folder.path()).expect_err("a circle").to_string().contains("a folder around it"));
    }
}
