//! One chart into a `.tgz` whose bytes depend on nothing but the chart and the epoch.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sparkyard_model::Chart;

use crate::load::FILE_LIMIT;
use crate::{HelmIgnore, PackError};

/// Time of every file when `SOURCE_DATE_EPOCH` is not set: 2026-01-01, in seconds since 1970.
pub const EPOCH: u64 = 1_767_225_600;

/// How hard to compress. Measured on the catalogue (1.3 MB of tar): level 9 takes 56 ms, 6 takes 33 ms
/// and 5 takes 22 ms, for packages that are 1.5 % smaller at best.
const LEVEL: u32 = 5;

/// A packaged chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Package {
    /// File name: `NAME-VERSION.tgz`.
    pub file: String,
    /// Chart name.
    pub name: String,
    /// Chart version.
    pub version: semver::Version,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Bytes.
    pub size: usize,
    /// Images that the chart may run.
    pub images: Vec<String>,
    /// The file itself.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// `Chart.yaml`, for the index.
    #[serde(skip)]
    pub(crate) metadata: String,
}

/// Packages one chart as `helm package` lays it out: `NAME/` first, `Chart.yaml` in front, no
/// folders, mode 0644, owner 0. Unlike Helm's, the times are all `epoch`.
///
/// # Errors
/// A [`PackError`] when Helm would refuse the chart.
pub fn package(chart: &Chart, epoch: u64) -> Result<Package, PackError> {
    let bad = |message: String| PackError::BadChart { chart: chart.name.clone(), message };
    let text = |path: &str| chart.files.get(path).map(|bytes| String::from_utf8_lossy(bytes));
    let ignore = HelmIgnore::parse(&text(".helmignore").unwrap_or_default())
        .map_err(|(line, message)| PackError::BadIgnore { chart: chart.name.clone(), line, message })?;
    let metadata = text("Chart.yaml").ok_or_else(|| bad("it has no Chart.yaml".to_owned()))?.into_owned();

    let mut paths: Vec<&String> = chart.files.keys().filter(|path| !ignore.ignores(path)).collect();
    // Helm itself puts them first, and a reader of a stream finds what the chart is at once.
    let rank = |path: &str| ["Chart.yaml", "values.yaml", "values.schema.json"].iter().position(|p| *p == path);
    paths.sort_by_key(|path| (rank(path).unwrap_or(usize::MAX), *path));

    let gzip = GzBuilder::new().mtime(0).operating_system(255).comment("Helm");
    let mut archive = tar::Builder::new(gzip.write(Vec::new(), Compression::new(LEVEL)));
    for path in paths {
        let bytes = &chart.files[path];
        if bytes.len() as u64 > FILE_LIMIT {
            return Err(bad(format!("{path} is larger than the 5 MiB that Helm reads")));
        }
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_mtime(epoch);
        header.set_size(bytes.len() as u64);
        archive
            .append_data(&mut header, format!("{}/{path}", chart.name), bytes.as_slice())
            .map_err(|error| bad(format!("{path}: {error}")))?;
    }
    let bytes = archive
        .into_inner()
        .and_then(|mut gzip| gzip.flush().and_then(|()| gzip.finish()))
        .map_err(|error| bad(error.to_string()))?;

    Ok(Package {
        file: format!("{}-{}.tgz", chart.name, chart.version),
        name: chart.name.clone(),
        version: chart.version.clone(),
        sha256: hex(&bytes),
        size: bytes.len(),
        images: chart.images.clone(),
        bytes,
        metadata,
    })
}

/// Packages many charts on all cores; the result has the order of the charts.
///
/// # Errors
/// The first chart that cannot be packaged.
pub fn package_all(charts: &[Chart], epoch: u64) -> Result<Vec<Package>, PackError> {
    let done: Vec<_> = charts.par_iter().with_max_len(1).map(|chart| package(chart, epoch)).collect();
    done.into_iter().collect()
}

/// SHA-256 in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    pub(crate) fn chart(files: &[(&str, &str)]) -> Chart {
        let mut all = BTreeMap::from([("Chart.yaml".to_owned(), b"name: demo\nversion: 1.2.3\n".to_vec())]);
        all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
        Chart {
            name: "demo".to_owned(),
            version: semver::Version::new(1, 2, 3),
            app_version: "4.1.4".to_owned(),
            line: "4.1".to_owned(),
            description: String::new(),
            bricks: Vec::new(),
            images: vec!["docker.io/apache/spark:4.1.4".to_owned()],
            files: all,
        }
    }

    fn entries(package: &Package) -> Vec<String> {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(package.bytes.as_slice()));
        let entries = archive.entries().expect("an archive");
        entries.map(|e| e.expect("an entry").path().expect("a path").display().to_string()).collect()
    }

    #[test]
    fn bytes_are_fixed() {
        let package = package(&chart(&[("values.yaml", "a: 1\n"), ("templates/a.yaml", "x")]), EPOCH).expect("packed");
        assert_eq!(package.file, "demo-1.2.3.tgz");
        assert_eq!(package.size, package.bytes.len());
        // flate2 is pinned for this line: another compressor, other bytes, other digests in every
        // registry. Change it knowingly.
        assert_eq!(package.sha256, "3da8bf8201bc07820bb7226f3deb9a6052d23d441a84571ede8917c9ca0c743d");
    }

    #[test]
    fn order_is_helms() {
        let chart = chart(&[("values.yaml", ""), ("LICENSE", ""), ("charts/x/Chart.yaml", "name: x"), ("a/b", "")]);
        let names = entries(&package(&chart, EPOCH).expect("packed"));
        assert_eq!(
            names,
            ["demo/Chart.yaml", "demo/values.yaml", "demo/LICENSE", "demo/a/b", "demo/charts/x/Chart.yaml"]
        );
    }

    #[test]
    fn helmignore_is_honoured() {
        let chart = chart(&[(".helmignore", "*.orig\nci/\n"), ("a.orig", ""), ("ci/x", ""), ("templates/.b", "")]);
        assert_eq!(entries(&package(&chart, EPOCH).expect("packed")), ["demo/Chart.yaml", "demo/.helmignore"]);
    }

    #[test]
    fn long_paths_survive() {
        let long = format!("files/{}/{}.txt", "d".repeat(120), "f".repeat(120));
        let names = entries(&package(&chart(&[(&long, "x")]), EPOCH).expect("packed"));
        assert_eq!(names[1], format!("demo/{long}"));
    }

    #[test]
    fn refuses_what_helm_refuses() {
        let mut no_metadata = chart(&[]);
        no_metadata.files.clear();
        assert!(package(&no_metadata, EPOCH).is_err());
        let large = "x".repeat(FILE_LIMIT as usize + 1);
        let error = package(&chart(&[("files/big", &large)]), EPOCH).expect_err("refused");
        assert!(error.to_string().contains("files/big"), "{error}");
    }

    #[test]
    fn many_keep_their_order() {
        let charts: Vec<Chart> =
            (0..20).map(|n| Chart { name: format!("c{n}"), ..chart(&[("values.yaml", &format!("n: {n}"))]) }).collect();
        let packages = package_all(&charts, EPOCH).expect("packed");
        assert!(packages.iter().zip(&charts).all(|(package, chart)| package.name == chart.name));
        assert!(package_all(&[], EPOCH).expect("nothing").is_empty());
    }
}
