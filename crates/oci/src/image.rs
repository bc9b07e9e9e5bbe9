//! What a registry says of an image that a cluster pulls.

use serde::Deserialize;
use sparkyard_model::ImageName;

use crate::all::on_all;
use crate::artifact::Descriptor;
use crate::digest::Digest;
use crate::error::{Cause, OciError};
use crate::reference::Remote;
use crate::registry::Registry;

/// Where an image lies: `docker.io/library/postgres:16`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteImage {
    /// Its registry and repository.
    pub remote: Remote,
    /// Its digest, else its tag, else `latest`.
    pub reference: String,
}

/// An image as a registry has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The digest that pins it: of the list of all its platforms, if it has one.
    pub digest: Digest,
    /// Bytes that a node pulls: config and layers, packed as they are in the registry.
    pub size: u64,
}

impl RemoteImage {
    /// Reads a name as container runtimes do: without a registry it is Docker Hub's.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let ImageName { registry, repository, tag, digest } = ImageName::of(text);
        if repository.is_empty() || repository.ends_with('/') {
            return Err(format!("`{text}` names no image"));
        }
        let place = match registry {
            Some(host) => format!("oci://{host}/{repository}"),
            None if repository.contains('/') => format!("oci://docker.io/{repository}"),
            None => format!("oci://docker.io/library/{repository}"),
        };
        let remote = Remote::parse(&place).map_err(|message| message.replace("oci://", ""))?;
        Ok(Self { remote, reference: digest.or(tag).unwrap_or("latest").to_owned() })
    }
}

/// Either a list of platforms or an image of one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    manifests: Vec<Entry>,
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Entry {
    digest: Digest,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    os: String,
    architecture: String,
}

/// Asks a registry for images: what pins each, and how much a Linux node with this processor (`amd64`) pulls.
///
/// What it has, and what went wrong: it does not answer, has no such image, or has none for the processor.
pub fn inspect_images(
    registry: &Registry,
    names: &[RemoteImage],
    processor: &str,
) -> (Vec<(RemoteImage, Image)>, Vec<OciError>) {
    on_all(registry.jobs(), names, |name| Ok((name.clone(), inspect(registry, name, processor)?))).apart()
}

fn inspect(registry: &Registry, name: &RemoteImage, processor: &str) -> Result<Image, OciError> {
    let repository = &name.remote.path;
    let read = |reference: &str| -> Result<(Digest, Document), OciError> {
        let said = format!("{}/{repository}: {reference}", registry.host());
        let bytes = registry.manifest(repository, reference)?;
        let bytes = bytes.ok_or_else(|| OciError::new(Cause::NotFound, format!("{said} is not there")))?;
        let document = serde_json::from_slice(&bytes)
            .map_err(|error| OciError::new(Cause::Bad, format!("{said} is no manifest of an image: {error}")))?;
        Ok((Digest::of(&bytes), document))
    };
    let (digest, mut document) = read(&name.reference)?;
    if !document.manifests.is_empty() {
        let fits = |entry: &&Entry| {
            entry.platform.as_ref().is_some_and(|has| has.os == "linux" && has.architecture == processor)
        };
        let Some(entry) = document.manifests.iter().find(fits) else {
            let message =
                format!("{}/{repository}: {} has nothing for linux/{processor}", registry.host(), name.reference);
            return Err(OciError::new(Cause::NotFound, message));
        };
        document = read(entry.digest.as_str())?.1;
    }
    let size = document.config.iter().chain(&document.layers).map(|blob| blob.size).sum();
    Ok(Image { digest, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_a_registry() {
        for (text, parts) in [
            ("docker.io/apache/spark:4.3.0", ("docker.io", "apache/spark", "4.3.0")),
            ("apache/spark", ("docker.io", "apache/spark", "latest")),
            ("postgres:16", ("docker.io", "library/postgres", "16")),
            ("localhost:5000/a/b@sha256:00", ("localhost:5000", "a/b", "sha256:00")),
            ("h.example.com/a:1@sha256:00", ("h.example.com", "a", "sha256:00")),
        ] {
            let name = RemoteImage::parse(text).expect(text);
            let RemoteImage { remote: Remote { host, path }, reference } = &name;
            assert_eq!((host.as_str(), path.as_str(), reference.as_str()), parts);
        }
        for text in ["", "localhost:5000/", "A/b", "h.example.com//a"] {
            assert!(RemoteImage::parse(text).is_err(), "{text}");
        }
    }
}
