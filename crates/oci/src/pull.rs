//! One chart out of a registry.

use sparkyard_render::{Constraint, Version};

use crate::artifact::{self, CHART_LAYER, PROVENANCE_LAYER};
use crate::digest::Digest;
use crate::error::{Cause, OciError};
use crate::reference;
use crate::registry::Registry;

/// Which version of a chart.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// The newest that fits; `None` is the newest that is no pre-release.
    Fitting(Option<String>),
    /// The one with this digest.
    Digest(Digest),
}

/// A chart that was pulled.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// The package.
    pub package: Vec<u8>,
    /// The provenance file, if it has one.
    pub provenance: Option<Vec<u8>>,
    /// Name of the package's file: `NAME-VERSION.tgz`.
    pub file: String,
    /// The tag or digest that was pulled.
    pub reference: String,
    /// Digest of the manifest.
    pub digest: Digest,
    /// When the package was made, in seconds since 1970: with this time its file has the same digest when it is pushed again.
    pub created: Option<u64>,
}

/// Pulls a chart; every byte is checked against its digest.
///
/// # Errors
/// When there is none, or what comes is not what the registry names.
pub fn pull(registry: &Registry, repository: &str, wanted: &Wanted) -> Result<Pulled, OciError> {
    let reference = match wanted {
        Wanted::Digest(digest) => digest.to_string(),
        Wanted::Fitting(range) => newest(registry, repository, range.as_deref())?,
    };
    let missing = || OciError::new(Cause::NotFound, format!("{} has no {repository}:{reference}", registry.host()));
    let bytes = registry.manifest(repository, &reference)?.ok_or_else(missing)?;
    let digest = Digest::of(&bytes);
    if matches!(wanted, Wanted::Digest(wanted) if *wanted != digest) {
        let message = format!("{} gave another manifest than {reference}: {digest}", registry.host());
        return Err(OciError::new(Cause::Bad, message).help("do not use it; tell who runs the registry"));
    }
    let manifest = registry.chart_manifest(repository, &bytes)?;
    let lacking = || OciError::new(Cause::Bad, format!("{repository}:{reference} has no package in it"));
    let package = registry.blob(repository, manifest.layer(CHART_LAYER).ok_or_else(lacking)?)?;
    let provenance = manifest.layer(PROVENANCE_LAYER).map(|layer| registry.blob(repository, layer)).transpose()?;
    let told = |key: &str| manifest.annotations.get(&format!("org.opencontainers.image.{key}"));
    let name = repository.rsplit('/').next().unwrap_or(repository);
    let version = told("version").cloned().unwrap_or_else(|| reference::version(&reference));
    let file = format!("{name}-{version}.tgz");
    // The registry's word becomes the name of a file.
    if file.contains(['/', '\\']) || file.chars().any(char::is_control) {
        return Err(OciError::new(Cause::Bad, format!("{repository}:{reference} has the version {version:?}")));
    }
    let created = told("created").and_then(|time| artifact::seconds(time));
    Ok(Pulled { package, provenance, file, reference, digest, created })
}

/// The tag of the newest version that fits.
fn newest(registry: &Registry, repository: &str, range: Option<&str>) -> Result<String, OciError> {
    // One exact version needs no list.
    if let Some(exact) = range.filter(|range| is_exact(range)) {
        return Ok(reference::tag(exact));
    }
    let Some(tags) = registry.tags(repository)? else {
        return Err(OciError::new(Cause::NotFound, format!("{} has no {repository}", registry.host()))
            .help("check the path: it ends with the chart's name"));
    };
    pick(&tags, range)
        .map_err(|message| OciError::new(Cause::NotFound, format!("{}/{repository}: {message}", registry.host())))
}

fn is_exact(range: &str) -> bool {
    range.split('.').count() >= 3 && range.starts_with(|c: char| c.is_ascii_digit()) && Version::parse(range).is_some()
}

fn pick(tags: &[String], range: Option<&str>) -> Result<String, String> {
    let constraint = Constraint::parse(range.unwrap_or("*"))?;
    let versions = tags.iter().filter_map(|tag| Some((Version::parse(&reference::version(tag))?, tag)));
    let fitting = versions.filter(|(version, _)| constraint.check(version)).max_by(|a, b| a.0.cmp(&b.0));
    fitting.map(|(_, tag)| tag.clone()).ok_or_else(|| match range {
        Some(range) => format!("no version fits `{range}`; there are {}", list(tags)),
        None => format!("no version that is no pre-release; there are {}", list(tags)),
    })
}

fn list(tags: &[String]) -> String {
    const SHOWN: usize = 5;
    let last: Vec<&str> = tags.iter().rev().take(SHOWN).map(String::as_str).collect();
    match last.len() {
        0 => "no tags".to_owned(),
        _ if tags.len() > SHOWN => format!("{} and {} more", last.join(", "), tags.len() - SHOWN),
        _ => last.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_fits() {
        let tags = ["0.1.0", "0.2.0", "0.10.0", "1.0.0-rc1", "latest", "0.2.0_b"].map(str::to_owned);
        assert_eq!(pick(&tags, None).as_deref(), Ok("0.10.0"));
        assert_eq!(pick(&tags, Some("~0.1")).as_deref(), Ok("0.1.0"));
        assert_eq!(pick(&tags, Some(">=1.0.0-0")).as_deref(), Ok("1.0.0-rc1"));
        assert!(pick(&tags, Some(">=2")).expect_err("none").contains("no version fits `>=2`"));
        assert!(is_exact("1.0.0") && !is_exact("1.0") && !is_exact("^1.0.0"));
    }
}
