//! A packaged chart as a registry keeps it: the bytes that `helm push` would make.
//!
//! Helm's manifest hangs on four things: the package, the fields of its Chart.yaml, a `.prov` beside it, and the time of the
//! package's file. Helm writes that time in the machine's time zone; here it is always UTC, as under `TZ=UTC helm push`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sparkyard_render::Metadata;

use crate::digest::Digest;
use crate::reference;

/// Media type of the chart's Chart.yaml as JSON.
pub const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// Media type of the package.
pub const CHART_LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// Media type of a provenance file.
pub const PROVENANCE_LAYER: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// Annotations that the chart's own do not replace.
const FIXED: [&str; 2] = ["org.opencontainers.image.version", "org.opencontainers.image.title"];

/// A blob as a manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type.
    pub media_type: String,
    /// Digest.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
}

impl Descriptor {
    fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self { media_type: media_type.to_owned(), digest: Digest::of(bytes), size: bytes.len() as u64 }
    }
}

/// A manifest, with its fields in the order in which Go writes them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema_version: u32,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// The layer of a media type.
    pub(crate) fn layer(&self, media_type: &str) -> Option<&Descriptor> {
        self.layers.iter().find(|layer| layer.media_type == media_type)
    }
}

/// A packaged chart with all that a registry keeps of it.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Name of the chart.
    pub name: String,
    /// Version of the chart.
    pub version: String,
    /// Its blobs, the config first.
    pub(crate) blobs: Vec<(Descriptor, Vec<u8>)>,
    /// The manifest.
    pub(crate) manifest: Vec<u8>,
    /// Digest of the manifest, which is the chart's in the registry.
    pub digest: Digest,
}

impl Artifact {
    /// The artifact of a package. `created` is the time of its file, in seconds since 1970.
    ///
    /// # Errors
    /// Why the package is no chart.
    pub fn new(file: &str, package: Vec<u8>, provenance: Option<Vec<u8>>, created: u64) -> Result<Self, String> {
        let files = sparkyard_pack::load_package(file, &package).map_err(|error| error.to_string())?;
        let text = files.get("Chart.yaml").map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        let metadata = Metadata::read(&text).map_err(|error| format!("{file}: Chart.yaml: {error}"))?;
        Self::of(&metadata, package, provenance, created).ok_or_else(|| format!("{file}: its time cannot be written"))
    }

    fn of(metadata: &Metadata, package: Vec<u8>, provenance: Option<Vec<u8>>, created: u64) -> Option<Self> {
        let config = go_json(&metadata.json().to_string()).into_bytes();
        let mut blobs = vec![(Descriptor::of(CONFIG, &config), config)];
        blobs.push((Descriptor::of(CHART_LAYER, &package), package));
        if let Some(bytes) = provenance {
            blobs.push((Descriptor::of(PROVENANCE_LAYER, &bytes), bytes));
        }
        let mut layers: Vec<Descriptor> = blobs[1..].iter().map(|(descriptor, _)| descriptor.clone()).collect();
        layers.sort_by(|a, b| a.digest.cmp(&b.digest));
        let manifest = Manifest {
            schema_version: 2,
            config: blobs[0].0.clone(),
            layers,
            annotations: annotations(metadata, &sparkyard_pack::time(created)?),
        };
        let manifest = go_json(&serde_json::to_string(&manifest).ok()?).into_bytes();
        Some(Self {
            name: metadata.name.clone(),
            version: metadata.version.clone(),
            blobs,
            digest: Digest::of(&manifest),
            manifest,
        })
    }

    /// The tag that the version has.
    pub fn tag(&self) -> String {
        reference::tag(&self.version)
    }

    /// The package's descriptor.
    pub fn package(&self) -> &Descriptor {
        &self.blobs[1].0
    }

    /// The layers by media type, without what the registry adds: what must be equal for two charts to be the same.
    pub(crate) fn layer(&self, media_type: &str) -> Option<&Descriptor> {
        self.blobs.iter().map(|(descriptor, _)| descriptor).find(|descriptor| descriptor.media_type == media_type)
    }

    /// Bytes of all that the registry keeps.
    pub fn size(&self) -> u64 {
        self.blobs.iter().map(|(descriptor, _)| descriptor.size).sum::<u64>() + self.manifest.len() as u64
    }
}

/// The time of an annotation in seconds since 1970.
pub(crate) fn seconds(time: &str) -> Option<u64> {
    u64::try_from(time.parse::<jiff::Timestamp>().ok()?.as_second()).ok()
}

fn annotations(metadata: &Metadata, created: &str) -> BTreeMap<String, String> {
    let people = metadata
        .maintainers()
        .iter()
        .map(|[name, email, _]| if email.is_empty() { name.clone() } else { format!("{name} ({email})") });
    let own = [
        ("description", metadata.description().to_owned()),
        ("title", metadata.name.clone()),
        ("version", metadata.version.clone()),
        ("url", metadata.home().to_owned()),
        ("created", created.to_owned()),
        ("source", metadata.sources().first().cloned().unwrap_or_default()),
        ("authors", people.collect::<Vec<_>>().join(", ")),
    ];
    let mut all: BTreeMap<String, String> = own
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(key, value)| (format!("org.opencontainers.image.{key}"), value))
        .collect();
    for (key, value) in metadata.annotations.iter().filter(|(key, _)| !FIXED.contains(&key.as_str())) {
        all.insert(key.clone(), value.clone());
    }
    all
}

/// JSON as Go writes it: what HTML could take for its own is escaped. Such characters stand in strings only.
fn go_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(chart_yaml: &str, provenance: Option<Vec<u8>>) -> Artifact {
        let metadata = Metadata::read(chart_yaml).expect("a chart");
        Artifact::of(&metadata, b"package".to_vec(), provenance, 1_767_225_600).expect("an artifact")
    }

    #[test]
    fn the_manifest_is_helms() {
        let chart = "name: demo\nversion: 1.0.0+a\ndescription: a < b\nhome: https://x\nsources: [s, t]\n\
                     maintainers: [{name: A, email: a@x}, {name: B}]\n\
                     annotations: {k: v, org.opencontainers.image.title: no, org.opencontainers.image.url: yes!}\n";
        let artifact = artifact(chart, None);
        let manifest: serde_json::Value = serde_json::from_slice(&artifact.manifest).expect("json");
        let annotations = manifest["annotations"].as_object().expect("annotations");
        let expected = serde_json::json!({
            "k": "v",
            "org.opencontainers.image.authors": "A (a@x), B",
            "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
            "org.opencontainers.image.description": "a < b",
            "org.opencontainers.image.source": "s",
            "org.opencontainers.image.title": "demo",
            "org.opencontainers.image.url": "yes!",
            "org.opencontainers.image.version": "1.0.0+a",
        });
        assert_eq!(annotations, expected.as_object().expect("an object"));
        let text = String::from_utf8(artifact.manifest.clone()).expect("text");
        assert!(text.contains(r"a \u003c b"), "{text}");
        assert!(text.starts_with(r#"{"schemaVersion":2,"config":{"mediaType":""#), "{text}");
        assert_eq!(artifact.tag(), "1.0.0_a");
    }

    #[test]
    fn layers_are_sorted_by_digest() {
        let artifact = artifact("name: demo\nversion: 1.0.0\n", Some(b"prov".to_vec()));
        let manifest: Manifest = serde_json::from_slice(&artifact.manifest).expect("json");
        assert!(manifest.layers[0].digest < manifest.layers[1].digest);
        assert_eq!(manifest.layer(PROVENANCE_LAYER), artifact.layer(PROVENANCE_LAYER));
        assert_eq!(manifest.layer(CHART_LAYER), Some(artifact.package()));
    }

    #[test]
    fn what_is_no_package_is_said() {
        let error = Artifact::new("x.tgz", b"no".to_vec(), None, 0).expect_err("refused");
        assert!(error.contains("x.tgz"), "{error}");
    }

    #[test]
    fn times_go_both_ways() {
        assert_eq!(sparkyard_pack::time(951_782_400).as_deref(), Some("2000-02-29T00:00:00Z"));
        assert_eq!(seconds("2000-02-29T01:00:00+01:00"), Some(951_782_400));
        assert_eq!(seconds("yesterday"), None);
    }
}
