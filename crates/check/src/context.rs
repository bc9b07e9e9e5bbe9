//! What rules look at: a chart as it is written, and the objects of one install.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_admission::{Namespace, Policy};
use sparkyard_model::{Finding, Place, Platform, SourceText};
use sparkyard_render::{Chart, Rendered, Segment, Written};
use sparkyard_template::walk::{ChartView, Shape, Walk, walk};
use sparkyard_yaml::{Part, Places};

use crate::api::{self, Problem};
use crate::object::{Object, Pod, Site};

/// A chart as it is written.
pub struct ChartSource<'c> {
    /// The chart, read.
    pub chart: &'c Chart,
    /// Its files, by path below its folder.
    pub files: &'c BTreeMap<String, Vec<u8>>,
    /// What stands before a path in messages.
    pub prefix: &'c str,
    walk: OnceCell<Walk>,
    charts: Vec<(String, &'c Chart)>,
}

impl<'c> ChartSource<'c> {
    /// A chart and its files.
    pub fn new(chart: &'c Chart, files: &'c BTreeMap<String, Vec<u8>>, prefix: &'c str) -> Self {
        let mut charts = Vec::new();
        collect(chart, String::new(), &mut charts);
        Self { chart, files, prefix, walk: OnceCell::new(), charts }
    }

    /// The chart and every chart inside it, outermost first, each with its folder below this one's: `charts/jupyter/`.
    pub fn charts(&self) -> &[(String, &'c Chart)] {
        &self.charts
    }

    /// Which value is used where.
    pub fn walk(&self) -> &Walk {
        self.walk.get_or_init(|| walk(&self.views()))
    }

    /// The charts as the walk sees them.
    pub fn views(&self) -> Vec<ChartView<'c>> {
        self.charts
            .iter()
            .map(|(folder, chart)| {
                let below = |name: &str| format!("{folder}charts/{name}/");
                let index = |name: &str| self.charts.iter().position(|(path, _)| *path == below(name));
                let names = chart.subcharts.iter().map(|sub| sub.metadata.name.clone());
                ChartView {
                    files: chart.templates.iter().map(|(path, file)| (path.as_str(), file)).collect(),
                    others: chart.other_files().collect(),
                    shape: shape(chart),
                    subcharts: names.filter_map(|name| index(&name).map(|index| (name, index))).collect(),
                }
            })
            .collect()
    }

    /// A file's text.
    pub fn text(&self, path: &str) -> Option<SourceText> {
        let text = std::str::from_utf8(self.files.get(path)?).ok()?.to_owned();
        Some(SourceText { name: self.name(path), text })
    }

    /// A file's name for messages.
    pub fn name(&self, path: &str) -> String {
        if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) }
    }

    /// The first line of a file, for what is wrong with it as a whole or missing in it.
    pub fn top(&self, path: &str) -> Option<Place> {
        let source = self.text(path)?;
        let width = source.text.lines().next().map_or(1, |line| line.chars().count().max(1));
        Some(Place { file: source.name, line: 1, column: 1, width, text: source.text })
    }

    /// Where a key lies in a YAML file, or what is above it.
    pub fn key(&self, path: &str, key: &[&str]) -> Option<Place> {
        let source = self.text(path)?;
        Places::of(&source).find_or_above(key, Part::Key).or_else(|| self.top(path))
    }
}

fn collect<'c>(chart: &'c Chart, folder: String, into: &mut Vec<(String, &'c Chart)>) {
    into.push((folder.clone(), chart));
    for sub in &chart.subcharts {
        collect(sub, format!("{folder}charts/{}/", sub.metadata.name), into);
    }
}

/// What a chart's values look like: its schema says it best.
fn shape(chart: &Chart) -> Shape {
    match &chart.schema {
        Some(schema) => Shape::of_schema(schema.json()),
        None => Shape::of_defaults(&chart.default_values().to_json()),
    }
}

/// All objects of one install.
pub struct Stack {
    /// The objects of all charts, hooks among them.
    pub(crate) objects: Vec<Object>,
    /// What they are made for.
    pub target: Target,
    pub(crate) renders: Vec<Origin>,
    // Asked for by many rules, and the same until an object is added.
    sites: OnceCell<Vec<(usize, Site)>>,
    problems: OnceCell<Vec<Problem>>,
}

/// What objects are made for.
#[derive(Debug, Clone)]
pub struct Target {
    /// Whether it is OpenShift.
    pub openshift: bool,
    /// Namespace of the install.
    pub namespace: String,
    /// Version of Kubernetes: `1.33`; the newest known if it is not given.
    pub kube_version: Option<String>,
    /// Who admits pods.
    pub policies: Vec<Policy>,
    /// Ranges of the namespace on OpenShift.
    pub ranges: Namespace,
    /// Whether all objects of the stack are known, so that what is not among them does not exist.
    pub complete: bool,
    /// Services of somebody else that are in the namespace.
    pub services: Vec<String>,
}

impl Target {
    /// All objects of an install on a platform.
    ///
    /// # Errors
    /// When the platform's policy is none.
    pub fn of(platform: &Platform) -> Result<Self, Finding> {
        let policy: Policy = platform.policy.parse().map_err(|error| {
            Finding::error("bad-policy", format!("platform {}: {}: {error}", platform.id, platform.policy))
        })?;
        Ok(Self::under(vec![policy]))
    }

    /// All objects of an install where these admit pods.
    pub(crate) fn under(policies: Vec<Policy>) -> Self {
        Self {
            openshift: policies.iter().any(Policy::is_openshift),
            namespace: "spark".to_owned(),
            kube_version: None,
            policies,
            ranges: Namespace::default(),
            complete: true,
            services: Vec::new(),
        }
    }
}

/// Where the objects of a chart come from.
pub(crate) struct Origin {
    /// Sources of the templates, by the name that helm prints; empty like the segments, if no trace was asked for.
    pub(crate) sources: BTreeMap<String, sparkyard_template::Source>,
    pub(crate) segments: BTreeMap<String, Vec<Segment>>,
    pub(crate) written: Written,
    values: sparkyard_render::Value,
    json: OnceCell<Value>,
}

impl Origin {
    /// The values that the chart saw.
    pub(crate) fn values(&self) -> &Value {
        self.json.get_or_init(|| self.values.to_json())
    }
}

impl Stack {
    /// Nothing yet.
    pub fn new(target: Target) -> Self {
        Self { objects: Vec::new(), target, renders: Vec::new(), sites: OnceCell::new(), problems: OnceCell::new() }
    }

    /// Adds what a chart makes.
    pub fn add(&mut self, chart: &Chart, rendered: Rendered, written: Written) {
        let index = self.renders.len();
        for manifest in rendered.manifests.into_iter().chain(rendered.hooks) {
            if !matches!(manifest.node.kind, sparkyard_yaml::node::Kind::Map(_)) {
                continue;
            }
            let mut object = Object::of(manifest.node, manifest.text, manifest.source);
            object.hook = manifest.hook;
            object.chart = index;
            object.offset = manifest.offset;
            self.add_object(object);
        }
        let mut sources = BTreeMap::new();
        if !rendered.segments.is_empty() {
            sources_of(chart, &chart.metadata.name, &mut sources);
        }
        let Rendered { values, segments, .. } = rendered;
        self.renders.push(Origin { sources, segments, written, values, json: OnceCell::new() });
    }

    /// Adds an object that no chart made.
    pub fn add_object(&mut self, object: Object) {
        (self.sites, self.problems) = (OnceCell::new(), OnceCell::new());
        self.objects.push(object);
    }

    /// All of its objects.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// Every pod of every object.
    pub fn pods(&self) -> Vec<Pod<'_>> {
        let sites = self.sites.get_or_init(|| {
            let sites = |(index, object): (usize, &Object)| object.sites().into_iter().map(move |site| (index, site));
            self.objects.iter().enumerate().flat_map(sites).collect()
        });
        sites.iter().map(|(index, site)| self.objects[*index].pod(*index, site)).collect()
    }

    /// What the API server would not take of its objects.
    pub(crate) fn problems(&self) -> &[Problem] {
        self.problems.get_or_init(|| api::problems(self))
    }

    /// Objects of a kind, with their indexes.
    pub fn of_kind<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = (usize, &'s Object)> {
        self.objects.iter().enumerate().filter(move |(_, object)| object.kind() == kind)
    }

    /// The object of a kind and name.
    pub fn find(&self, kind: &str, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.kind() == kind && object.name() == name)
    }

    /// Names of the objects of a kind, for suggestions.
    pub fn names<'s>(&'s self, kind: &'s str) -> Vec<&'s str> {
        self.of_kind(kind).map(|(_, object)| object.name()).collect()
    }
}

fn sources_of(chart: &Chart, path: &str, into: &mut BTreeMap<String, sparkyard_template::Source>) {
    for (name, file) in chart.templates.iter() {
        into.insert(format!("{path}/{name}"), file.source.clone());
    }
    for sub in &chart.subcharts {
        sources_of(sub, &format!("{path}/charts/{}", sub.metadata.name), into);
    }
}
