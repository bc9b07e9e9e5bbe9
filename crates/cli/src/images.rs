//! `sparkyard images`: what a selection pulls and downloads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;
use sparkyard_check::{NamedJar, NamedPackage, Object, Stack, When, downloads, images};
use sparkyard_model::{Catalogue, Finding, ImageName, Line, OverrideFile, Request, Severity, SourceText};
use sparkyard_oci::{Registry, RemoteImage, inspect_images};

use crate::args::{ImagesArgs, ListFormat};
use crate::composed::Composed;
use crate::console::{Console, Stop};
use crate::{FAILED, OK, Outcome, remote, select};

/// All of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    line: String,
    spark: String,
    platform: String,
    images: Vec<Image>,
    /// Bytes of all images, when registries were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    image_bytes: Option<u64>,
    jars: Vec<Jar>,
    /// Bytes of all jars whose size is known.
    jar_bytes: u64,
    wheels: Vec<Wheel>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    image: String,
    /// Its name in the registry that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    mirror: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// Bytes that a node pulls, if the registry was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(flatten)]
    users: Users<User>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Jar {
    /// `group:artifact:version`, where the catalogue knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    coordinate: Option<String>,
    path: String,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(flatten)]
    users: Users<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Wheel {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
    /// One for each Python and processor whose wheels differ.
    sha256: Vec<String>,
    #[serde(flatten)]
    users: Users<String>,
}

/// Who needs something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Users<T> {
    /// `run`, `hook`, `test`.
    when: BTreeSet<When>,
    used_by: Vec<T>,
}

/// Who names an image.
#[derive(Debug, PartialEq, Serialize)]
struct User {
    chart: String,
    object: String,
    place: String,
    when: When,
}

pub(crate) fn run(args: &ImagesArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let access = &args.access;
    if !args.resolve && (access.plain_http || access.ca_file.is_some() || access.insecure_skip_tls_verify) {
        return Err(Stop::usage("no registry is asked: how it is reached is for --resolve"));
    }
    let mut selection = args.selection.clone();
    selection.preset = args.scenario.clone().or(selection.preset);
    // What is pulled is known before the addresses that a user must name.
    let request = Request { examples: true, ..select::request(&selection, catalogue)? };
    // What is copied to a registry comes from where it is today, even if the values name that registry already.
    let today = match &args.registry {
        Some(_) => with_registry(&request, ""),
        None => request.clone(),
    };
    let composed = Composed::of(catalogue, &today)?;
    let stack = composed.install(catalogue)?;
    let mirrors = match &args.registry {
        Some(registry) => {
            let stack = Composed::of(catalogue, &with_registry(&request, registry))?.install(catalogue)?;
            Some(images(stack.objects()).into_iter().map(|named| named.image).collect())
        }
        None => None,
    };
    let (mut list, unknown) = List::of(&composed, &stack, mirrors)?;
    console.notes(unknown.iter().chain(&list.fixed(args.registry.as_deref())))?;
    let wrong = if args.resolve { list.resolve(args)? } else { Vec::new() };
    match args.output {
        ListFormat::Text => console.print_exactly(&list.text())?,
        ListFormat::Json => console.json(&list)?,
    }
    console.notes(&wrong)?;
    Ok(if wrong.is_empty() { OK } else { FAILED })
}

/// The same request with another `global.imageRegistry`, whatever else says.
fn with_registry(request: &Request, registry: &str) -> Request {
    let values = serde_json::json!({"global": {"imageRegistry": registry}});
    let source = SourceText { name: "--registry".to_owned(), text: sparkyard_yaml::to_string(&values) };
    let mut request = request.clone();
    request.overrides.push(OverrideFile { source });
    request
}

impl List {
    /// What an install needs, and what is not known of it.
    fn of(composed: &Composed, stack: &Stack, mirrors: Option<Vec<String>>) -> Result<(Self, Vec<Finding>), Stop> {
        let plan = &composed.plan;
        let chart = |object: &Object| composed.tree.charts.get(object.chart).map(|chart| chart.name.clone());
        let named = images(stack.objects());
        // The registry changes no object's shape: the places are the same, in the same order.
        if mirrors.as_ref().is_some_and(|mirrors| mirrors.len() != named.len()) {
            return Err(Finding::error("internal", "the charts name other images with another registry").into());
        }
        let mut by_image: BTreeMap<(String, Option<String>), Users<User>> = BTreeMap::new();
        for (index, found) in named.into_iter().enumerate() {
            let mirror = mirrors.as_ref().map(|mirrors| mirrors[index].clone());
            let (chart, when) = (chart(found.object).unwrap_or_default(), When::of(found.object));
            let user = User { chart, object: found.object.id(), place: found.place, when };
            by_image.entry((found.image, mirror)).or_default().add(when, user);
        }
        let found = downloads(stack);
        let (mut by_jar, mut by_wheel) = (BTreeMap::new(), BTreeMap::new());
        for jar in found.jars {
            let users: &mut Users<String> = by_jar.entry(jar.what).or_default();
            users.add(jar.when, jar.object.id());
        }
        for package in found.packages {
            let users: &mut Users<String> = by_wheel.entry(package.what).or_default();
            users.add(package.when, package.object.id());
        }
        let image = |((image, mirror), users): ((String, Option<String>), Users<User>)| {
            let digest = ImageName::of(&image).digest.map(str::to_owned);
            Image { image, mirror, digest, size: None, users }
        };
        let jars: Vec<Jar> = by_jar.into_iter().map(|(jar, users)| Jar::of(jar, users, &plan.line)).collect();
        let wheel = |(wheel, users): (NamedPackage, Users<String>)| {
            let NamedPackage { name, version, marker, sha256 } = wheel;
            Wheel { name, version, marker, sha256, users }
        };
        let unknown = found.unknown.into_iter().map(|list| Finding {
            severity: Severity::Warning,
            ..Finding::error(
                "unknown-list",
                format!("{list} names what is downloaded, and no ConfigMap of these charts holds it"),
            )
            .help("what it names is not in this list")
        });
        let list = Self {
            preset: plan.preset.clone(),
            line: plan.line.id.clone(),
            spark: plan.line.spark.to_string(),
            platform: plan.platform.clone(),
            images: by_image.into_iter().map(image).collect(),
            image_bytes: None,
            jar_bytes: jars.iter().filter_map(|jar| jar.size).sum(),
            jars,
            wheels: by_wheel.into_iter().map(wheel).collect(),
        };
        Ok((list, unknown.collect()))
    }

    /// Asks the registry of each image for its digest and size. What is not known stays out; why is returned.
    fn resolve(&mut self, args: &ImagesArgs) -> Result<Vec<Finding>, Stop> {
        let options = remote::options(&args.access, None);
        let mut wrong = Vec::new();
        let mut by_host: BTreeMap<String, Vec<(usize, RemoteImage)>> = BTreeMap::new();
        for (index, image) in self.images.iter().enumerate() {
            match RemoteImage::parse(image.mirror.as_ref().unwrap_or(&image.image)) {
                Ok(name) => by_host.entry(name.remote.host.clone()).or_default().push((index, name)),
                Err(message) => wrong.push(Finding::error("bad-image", message)),
            }
        }
        for asked in by_host.values() {
            let names: Vec<RemoteImage> = asked.iter().map(|(_, name)| name.clone()).collect();
            let registry = Registry::to_read(&names[0].remote, &options).map_err(|error| remote::finding(&error))?;
            let (found, errors) = inspect_images(&registry, &names, &args.processor);
            for (name, there) in found {
                for (index, _) in asked.iter().filter(|(_, asked)| *asked == name) {
                    self.images[*index].digest = Some(there.digest.to_string());
                    self.images[*index].size = Some(there.size);
                }
            }
            wrong.extend(remote::findings(&errors));
        }
        self.image_bytes = Some(self.images.iter().filter_map(|image| image.size).sum());
        Ok(wrong)
    }

    /// Images that stay where they are: a user has written their whole names.
    fn fixed(&self, registry: Option<&str>) -> Vec<Finding> {
        let Some(registry) = registry else { return Vec::new() };
        let prefix = format!("{registry}/");
        let stays = |image: &&Image| image.mirror.as_ref().is_some_and(|mirror| !mirror.starts_with(&prefix));
        let finding = |image: &Image| {
            let places: Vec<String> = image.users.used_by.iter().map(|user| user.object.clone()).collect();
            let message =
                format!("{} is pulled from where it is: global.imageRegistry does not change it", image.image);
            let help = format!("it is written out in the values, for {}", places.join(", "));
            Finding { severity: Severity::Warning, ..Finding::error("image-fixed", message).help(help) }
        };
        self.images.iter().filter(stays).map(finding).collect()
    }

    /// A line each, words apart by a space: what, when, and the rest.
    fn text(&self) -> String {
        let mut text = String::new();
        for image in &self.images {
            let mirror = image.mirror.as_ref().map(|mirror| format!(" {mirror}")).unwrap_or_default();
            let _ = write!(text, "image {} {}{mirror}", image.users.word(), image.image);
            if self.image_bytes.is_some() {
                let size = image.size.map_or("-".to_owned(), |size| size.to_string());
                let _ = write!(text, " {} {size}", image.digest.as_deref().unwrap_or("-"));
            }
            text.push('\n');
        }
        for jar in &self.jars {
            let size = jar.size.map_or("-".to_owned(), |size| size.to_string());
            let _ = writeln!(text, "jar {} {} {} {size}", jar.users.word(), jar.path, jar.sha256);
        }
        for wheel in &self.wheels {
            let marker = wheel.marker.as_ref().map(|marker| format!(" ; {marker}")).unwrap_or_default();
            let _ = write!(text, "wheel {} {}=={}{marker}", wheel.users.word(), wheel.name, wheel.version);
            for hash in &wheel.sha256 {
                let _ = write!(text, " --hash=sha256:{hash}");
            }
            text.push('\n');
        }
        text
    }
}

impl Jar {
    fn of(jar: NamedJar, users: Users<String>, line: &Line) -> Self {
        let known =
            line.jars.iter().find(|known| known.sha256 == jar.sha256 && known.path().as_ref() == Some(&jar.path));
        Self {
            coordinate: known.map(|known| known.coordinate.clone()),
            size: known.map(|known| known.size),
            path: jar.path,
            sha256: jar.sha256,
            users,
        }
    }
}

impl<T> Default for Users<T> {
    fn default() -> Self {
        Self { when: BTreeSet::new(), used_by: Vec::new() }
    }
}

impl<T: PartialEq> Users<T> {
    fn add(&mut self, when: When, user: T) {
        self.when.insert(when);
        if !self.used_by.contains(&user) {
            self.used_by.push(user);
        }
    }

    /// `run,test`.
    fn word(&self) -> String {
        self.when.iter().map(|when| when.word()).collect::<Vec<_>>().join(",")
    }
}
