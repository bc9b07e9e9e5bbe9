//! What a preset becomes on a cluster: made and checked once, for `up` and `doctor`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sparkyard_check::{CONFIG_MAPS_OF_CLUSTERS, references};
use sparkyard_compose::release_name;
use sparkyard_model::{Catalogue, Finding, OverrideFile, SourceText};
use sparkyard_render::UserValues;

use crate::args::{CheckArgs, CheckFormat, MinSeverity, SetArgs, StackArgs};
use crate::check::{Selected, selected};
use crate::cluster::Cluster;
use crate::console::Stop;
use crate::select;

/// A stack that is to be installed.
pub(crate) struct Wanted {
    /// The charts, the objects that they make, and what was found.
    pub(crate) made: Selected,
    /// Name of the stack, which its objects' names start with.
    pub(crate) name: String,
    /// Name of the Secret that `up` makes; `None` when the user has one.
    pub(crate) own_secret: Option<String>,
    /// `--set` for helm, the same for every chart.
    pub(crate) set: Vec<String>,
    /// What `--set` says, as a file.
    pub(crate) set_file: Option<String>,
    /// Waivers in the user's files.
    pub(crate) waivers: Vec<sparkyard_check::Waiver>,
    /// The platform.
    pub(crate) platform: String,
}

/// A Secret or ConfigMap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Config {
    /// `Secret` or `ConfigMap`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
}

/// The cluster that it is made for.
pub(crate) struct For<'a> {
    pub(crate) namespace: &'a str,
    /// `1.34`; `None` when nobody was asked.
    pub(crate) version: Option<String>,
    pub(crate) api_versions: Vec<String>,
    /// The Services that are in the namespace.
    pub(crate) services: Vec<Value>,
}

impl<'a> For<'a> {
    /// What the cluster says of itself.
    pub(crate) fn ask(cluster: &'a Cluster) -> Result<Self, Finding> {
        let (version, api_versions) = (Some(cluster.version()?), cluster.api_versions()?);
        Ok(Self { namespace: &cluster.namespace, version, api_versions, services: cluster.list("services") })
    }

    /// A cluster that nobody asks.
    pub(crate) fn unasked(namespace: &'a str) -> Self {
        Self { namespace, version: None, api_versions: Vec::new(), services: Vec::new() }
    }
}

impl Wanted {
    /// Makes and checks it.
    pub(crate) fn of(preset: &str, args: &StackArgs, catalogue: &Catalogue, cluster: &For<'_>) -> Result<Self, Stop> {
        let platform = platform(&args.platform, &cluster.api_versions, catalogue)?;
        let selection = args.selection(preset, &platform);
        let mut request = select::request(&selection, catalogue)?;
        let set_file = set_file(&args.set)?;
        if let Some(text) = &set_file {
            request
                .overrides
                .push(OverrideFile { source: SourceText { name: "--set".to_owned(), text: text.clone() } });
        }
        let plan = sparkyard_compose::resolve(catalogue, &request)?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let given = [text(plan.global.get("stack")), plan.stack.clone(), plan.preset.clone().unwrap_or_default()];
        let name = given.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "spark".to_owned());
        let credentials = plan.global.get("credentials");
        let existing = text(credentials.and_then(|map| map.get("existingSecret")));
        let generate = credentials.and_then(|map| map.get("generate")) == Some(&Value::Bool(true));
        // The charts' own Job would make it from inside of the cluster; made from here it needs no Job and no Role.
        let own_secret = (generate && existing.is_empty()).then(|| format!("{name}-credentials"));
        let set: Vec<String> = match &own_secret {
            Some(secret) => vec![
                "global.credentials.generate=false".to_owned(),
                format!("global.credentials.existingSecret={secret}"),
            ],
            None => Vec::new(),
        };
        let mut waivers = Vec::new();
        let check = CheckArgs {
            charts: Vec::new(),
            manifests: None,
            upgrade_from: Vec::new(),
            selection,
            set: SetArgs { set: set.clone(), ..SetArgs::default() },
            policy: Vec::new(),
            namespace: cluster.namespace.to_owned(),
            kube_version: cluster.version.clone().filter(|version| crate::syntax::known_kube_version(version).is_ok()),
            api_versions: cluster.api_versions.clone(),
            complete: false,
            services: of_others(&cluster.services, &name),
            min_severity: MinSeverity::Warning,
            waive: Vec::new(),
            output: CheckFormat::Human,
        };
        let made = selected(&check, catalogue, &request, &mut waivers)?;
        Ok(Self { made, name, own_secret, set, set_file, waivers, platform })
    }

    /// Chart and release, in the order in which they are installed.
    pub(crate) fn releases(&self) -> Vec<(&sparkyard_model::Chart, String)> {
        let brick = |chart: &sparkyard_model::Chart| chart.bricks.first().cloned().unwrap_or_default();
        let charts = self.made.tree.charts.iter();
        charts.map(|chart| (chart, release_name(&self.made.plan, &brick(chart)))).collect()
    }

    /// What its pods read and nobody makes, with the keys that must be in it.
    pub(crate) fn configs(&self) -> BTreeMap<Config, BTreeSet<String>> {
        let mut found = BTreeMap::<Config, BTreeSet<String>>::new();
        for pod in self.made.stack.pods() {
            for kind in ["Secret", "ConfigMap"] {
                for reference in references(&pod, kind).into_iter().filter(|reference| !reference.optional) {
                    let keys = found.entry(Config { kind, name: reference.name.to_owned() }).or_default();
                    keys.extend(reference.keys.iter().map(|(key, _)| (*key).to_owned()));
                }
            }
        }
        found.retain(|config, _| {
            let is_of_cluster = config.kind == "ConfigMap" && CONFIG_MAPS_OF_CLUSTERS.contains(&config.name.as_str());
            !is_of_cluster && self.made.stack.find(config.kind, &config.name).is_none()
        });
        found
    }

    /// Every key that the stack's own Secret has: bricks that are added later find theirs.
    pub(crate) fn keys(&self, catalogue: &Catalogue) -> BTreeSet<String> {
        catalogue.bricks.iter().flat_map(|brick| brick.credentials).map(|key| (*key).to_owned()).collect()
    }
}

/// Names of the Services that are none of the stack's: those its charts make anew.
fn of_others(services: &[Value], stack: &str) -> Vec<String> {
    let metadata = services.iter().map(|service| &service["metadata"]);
    let others = metadata.filter(|metadata| metadata["labels"]["app.kubernetes.io/part-of"] != stack);
    others.filter_map(|metadata| metadata["name"].as_str().map(str::to_owned)).collect()
}

/// The platform of this name, which must be the cluster's; `detected` asks what the cluster serves. Without a cluster
/// nothing is served.
fn platform(word: &str, api_versions: &[String], catalogue: &Catalogue) -> Result<String, Finding> {
    let special = catalogue.platforms.iter().find(|platform| {
        !platform.api_versions.is_empty() && platform.api_versions.iter().all(|api| api_versions.contains(api))
    });
    let found = special.or(catalogue.platforms.first());
    let found = found.ok_or_else(|| Finding::error("bad-catalogue", "the catalogue has no platform"))?;
    let known = catalogue.platforms.iter().find(|platform| platform.id == word);
    match known {
        // The charts look at what the cluster serves, too: half of each platform would come out.
        Some(named) if named.id != found.id && !api_versions.is_empty() => {
            let message = format!("--platform {word}: this cluster is {}", found.title);
            Err(Finding::error("wrong-platform", message).help("leave --platform out: the cluster is asked"))
        }
        _ if word == "detected" => Ok(found.id.clone()),
        _ => Ok(word.to_owned()),
    }
}

/// `--set` as a file of values: then it is checked as one, and means the same for one chart and for many.
fn set_file(set: &[String]) -> Result<Option<String>, Stop> {
    if set.is_empty() {
        return Ok(None);
    }
    let user = UserValues { set: set.to_vec(), ..UserValues::default() };
    let values = user.values().map_err(sparkyard_render::RenderError::into_findings)?;
    Ok(Some(sparkyard_yaml::to_string(&json!(values.to_json()))))
}
