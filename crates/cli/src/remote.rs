//! What all commands share that talk to a registry.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use sparkyard_compose::catalogue_tree;
use sparkyard_model::{Catalogue, Finding};
use sparkyard_oci::{Artifact, Cause, Credentials, Job, OciError, Options, Registry, Remote};
use sparkyard_pack::{cause, package_all};

use crate::args::{RegistryArgs, Selection};
use crate::console::Stop;
use crate::{build, env};

/// How to talk to the registry.
pub(crate) fn options(args: &RegistryArgs, credentials: Option<Credentials>) -> Options {
    Options {
        plain_http: args.plain_http,
        ca_file: args.ca_file.clone(),
        insecure: args.insecure_skip_tls_verify,
        credentials: credentials.unwrap_or_else(|| Credentials::Files(args.registry_config.clone())),
        retries: args.retries,
        jobs: usize::from(args.jobs),
    }
}

/// What went wrong with a registry, for people.
pub(crate) fn finding(error: &OciError) -> Finding {
    let rule = match error.cause {
        Cause::Unreachable | Cause::NoHost | Cause::Busy => "registry-unreachable",
        Cause::Certificate | Cause::Scheme => "registry-tls",
        Cause::Denied => "registry-denied",
        Cause::NotFound => "registry-missing",
        Cause::Bad => "registry-answer",
        Cause::Config => "registry-config",
        Cause::Refused => "registry-refused",
    };
    let finding = Finding::error(rule, &error.message);
    match &error.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

pub(crate) fn findings(errors: &[OciError]) -> Vec<Finding> {
    errors.iter().map(finding).collect()
}

/// A place in a registry.
pub(crate) fn place(text: &str) -> Result<Remote, Stop> {
    Remote::parse(text)
        .map_err(|message| Stop::Usage(Finding::error("usage", message).help("for example: oci://ghcr.io/acme/charts")))
}

/// Charts, and where they go or are.
pub(crate) struct Charts {
    pub(crate) registry: Registry,
    pub(crate) jobs: Vec<Job>,
}

/// The charts that a command line names: packages, else a selection's, else the catalogue's.
pub(crate) fn charts(
    targets: &[String],
    selection: &Selection,
    catalogue: &Catalogue,
    connect: impl FnOnce(&Remote) -> Result<Registry, OciError>,
) -> Result<Charts, Stop> {
    let (mut places, files): (Vec<&String>, Vec<&String>) = targets.iter().partition(|word| word.contains("://"));
    let usual = std::env::var(env::REGISTRY).ok().filter(|place| !place.is_empty());
    places.extend(usual.iter().filter(|_| targets.iter().all(|word| !word.contains("://"))));
    let [one] = places[..] else {
        let message = match places.len() {
            0 => format!("no registry is named: end with oci://HOST/PATH, or set {}", env::REGISTRY),
            _ => format!("charts go to one registry at a time, not to {}", places.len()),
        };
        return Err(Stop::usage(message));
    };
    let remote = place(one)?;
    if !files.is_empty() && !selection.is_empty() {
        return Err(Stop::usage("name either packages or a selection, not both"));
    }
    let artifacts = if files.is_empty() { made(selection, catalogue)? } else { read(&files)? };
    let mut jobs: Vec<Job> =
        artifacts.into_iter().map(|artifact| Job { repository: remote.repository(&artifact.name), artifact }).collect();
    jobs.sort_by(|a, b| (&a.repository, &a.artifact.version).cmp(&(&b.repository, &b.artifact.version)));
    for pair in jobs.windows(2) {
        if pair[0].repository == pair[1].repository && pair[0].artifact.tag() == pair[1].artifact.tag() {
            let chart = &pair[0].artifact;
            let message = format!("{} {} is named twice", chart.name, chart.version);
            return Err(Finding::error("twice", message).help("a version in a registry is one chart").into());
        }
    }
    let registry = connect(&remote).map_err(|error| finding(&error))?;
    Ok(Charts { registry, jobs })
}

/// The packages that `build` would write.
fn made(selection: &Selection, catalogue: &Catalogue) -> Result<Vec<Artifact>, Stop> {
    let epoch = env::epoch()?;
    let tree = if selection.is_empty() { catalogue_tree(catalogue)? } else { build::composed(selection, catalogue)?.1 };
    let packages = package_all(&tree.charts, epoch).map_err(build::cannot_write)?;
    let artifact = |package: sparkyard_pack::Package| {
        Artifact::new(&package.file, package.bytes, None, epoch)
            .map_err(|message| Finding::error("internal", message).into())
    };
    packages.into_iter().map(artifact).collect()
}

/// Packages from disk: all that is wrong with them at once.
fn read(files: &[&String]) -> Result<Vec<Artifact>, Stop> {
    let (mut artifacts, mut wrong) = (Vec::new(), Vec::new());
    for file in files {
        match artifact(Path::new(file)) {
            Ok(artifact) => artifacts.push(artifact),
            Err(finding) => wrong.push(finding),
        }
    }
    if wrong.is_empty() { Ok(artifacts) } else { Err(wrong.into()) }
}

fn artifact(path: &Path) -> Result<Artifact, Finding> {
    let name = path.display().to_string();
    let unread =
        |error: std::io::Error| Finding::error("cannot-read", format!("cannot read {name}: {}", cause(&error)));
    let metadata = fs::metadata(path).map_err(unread)?;
    if metadata.is_dir() {
        return Err(Finding::error("cannot-read", format!("{name} is a folder, and a registry takes packages"))
            .help(format!("package it first: helm package {name}")));
    }
    let created = metadata.modified().map_err(unread)?.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let package = fs::read(path).map_err(unread)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".prov");
    let provenance = match fs::read(&beside) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unread(error)),
    };
    Artifact::new(&name, package, provenance, created).map_err(|message| {
        Finding::error("cannot-read", message)
            .help("a package is what `helm package` and `sparkyard build --package` make")
    })
}
