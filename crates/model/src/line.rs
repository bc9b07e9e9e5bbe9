//! A Spark line: a minor release with everything that hangs on it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::Shape;

/// How upstream treats a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineStatus {
    /// The long-maintained 3.x line (our word; upstream has no formal label).
    Lts,
    /// The newest line that is offered.
    Latest,
    /// Maintained upstream, and no longer the newest.
    Maintained,
    /// Still offered, no longer maintained upstream.
    Eol,
}

/// An image reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageRef {
    /// Registry host.
    pub registry: String,
    /// Repository below the registry.
    pub repository: String,
    /// Full tag; never a floating one.
    pub tag: String,
    /// Version of the program inside, for `appVersion`.
    pub version: String,
}

impl ImageRef {
    /// `registry/repository:tag`.
    pub fn reference(&self) -> String {
        format!("{}/{}:{}", self.registry, self.repository, self.tag)
    }
}

/// A jar from a Maven repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jar {
    /// `group:artifact:version`.
    pub coordinate: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// What it is for: `core` (S3A), `connect`, `jdbc`, ...
    pub group: String,
    /// Only under some values, whose name this is: it stands in `files/jars-<only>.txt`, which templates add then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
}

impl Jar {
    /// Path below a Maven repository: `org/x/y/1.0/y-1.0.jar`. `None` for a malformed coordinate.
    pub fn path(&self) -> Option<String> {
        let mut parts = self.coordinate.split(':');
        let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        Some(format!("{}/{artifact}/{version}/{artifact}-{version}.jar", group.replace('.', "/")))
    }
}

/// A Spark line, one block of `chart-blocks/versions.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Minor release: `4.1`.
    pub id: String,
    /// Patch release: `4.1.4`.
    pub spark: semver::Version,
    /// How upstream treats it.
    pub status: LineStatus,
    /// The shape its charts have unless another is asked for.
    pub shape: Shape,
    /// One sentence: who should take this line.
    pub summary: String,
    /// Scala binary version.
    pub scala: String,
    /// Java version in the image.
    pub java: String,
    /// Python minor version in the published image.
    pub python: String,
    /// Hadoop client version; hadoop-aws must equal it (`spark-facts 6`).
    pub hadoop: String,
    /// Built-in Hive client.
    pub hive_client: String,
    /// Class by which S3A takes a workload identity (lean-s3a).
    pub web_identity: String,
    /// Hive Metastore version that is deployed.
    pub metastore: String,
    /// Folder of `chart-blocks/python` with the locks of this line.
    pub python_lock: String,
    /// Spark configuration that only this line has or needs.
    #[serde(default)]
    pub conf: IndexMap<String, String>,
    /// What cannot be had on this line, each with the reason in a sentence: a brick, or what a brick's values ask for by this
    /// name: `iceberg` is the `enabled` of `tables.iceberg`, `apache` the value of `api`.
    #[serde(default)]
    pub lacks: IndexMap<String, String>,
    /// What users notice and other lines do otherwise: what it is about, and how it is here.
    #[serde(default)]
    pub behaviour: IndexMap<String, String>,
    /// Images by role.
    pub images: IndexMap<String, ImageRef>,
    /// Jars that the published images lack.
    #[serde(default)]
    pub jars: Vec<Jar>,
}

impl Line {
    /// The jars that bring S3A: how many, and their size in megabytes.
    pub fn s3a(&self) -> String {
        let jars = self.jars.iter().filter(|jar| jar.group == "core" && jar.only.is_none());
        let (count, bytes) = jars.fold((0, 0), |(count, bytes), jar| (count + 1, bytes + jar.size));
        format!("{count} jars, {:.0} MB", bytes as f64 / 1e6)
    }

    /// The line in names: `4-1`.
    pub fn slug(&self) -> String {
        self.id.replace('.', "-")
    }
}
