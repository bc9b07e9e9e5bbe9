//! Under which circumstances a leaf is flipped.

use std::fmt;

use serde_json::{Map, Value, json};
use sparkyard_model::SourceText;
use sparkyard_render::{RenderError, UserValues};
use sparkyard_template::walk::{Fact, Known, Use, ValuePath};

use super::bench::CHART_REFUSES;
use super::{Bench, Leaf, Path, flip, names, put, user_path, written};

/// A kind of cluster: what it serves, and the values file for it.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The chart's values file for it, if it has one.
    pub values: Option<SourceText>,
    /// API versions beyond those of Kubernetes.
    pub api_versions: Vec<String>,
}

/// What is set before a leaf is flipped.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Context {
    /// Index of the preset whose values file is laid in.
    preset: Option<usize>,
    /// Index of the cluster.
    pub(super) cluster: usize,
    /// What else is set.
    set: Map<String, Value>,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preset = self.preset.map_or("no preset".to_owned(), |index| format!("preset {index}"));
        write!(f, "{preset}, cluster {}, {}", self.cluster, json!(self.set))
    }
}

impl Context {
    fn of(cluster: usize) -> Self {
        Self { preset: None, cluster, set: Map::new() }
    }

    /// The values files, in helm's order.
    pub(super) fn user(&self, presets: &[SourceText], clusters: &[Cluster]) -> UserValues {
        let preset = self.preset.map(|index| presets[index].clone());
        let cluster = clusters[self.cluster].values.clone();
        UserValues::of_files(preset.into_iter().chain(cluster).chain([written("conditions", &self.set)]))
    }
}

/// Services outside of the stack, named where a part of it is off: a chart refuses a need that nothing meets.
const ELSEWHERE: [(&str, &str); 9] = [
    ("global.s3.endpoint", "https://s3.example.com"),
    ("global.s3.existingSecret", "s3"),
    ("global.database.host", "database.example.com"),
    ("global.database.existingSecret", "database"),
    ("global.metastore.uri", "thrift://metastore.example.com:9083"),
    ("global.master.url", "spark://master.example.com:7077"),
    ("global.shuffle.endpoints", "celeborn.example.com:9097"),
    ("global.connect.url", "sc://connect.example.com:15002"),
    ("global.credentials.existingSecret", "all"),
];

/// Where a certificate authority of such a store is named, one way or the other.
const AUTHORITY: [&str; 2] = ["global.s3.ca.configMap", "global.s3.ca.secret"];

impl Bench<'_> {
    /// Names every service outside of the stack that the chart knows, but what the leaf itself says.
    fn name_services(&self, leaf: &Leaf, context: &mut Context) {
        for (path, value) in ELSEWHERE {
            let path: Path = path.split('.').map(str::to_owned).collect();
            if !leaf.path.starts_with(&path) && self.schema_of(0, &path).is_some() {
                put(&mut context.set, &path, json!(value));
            }
        }
    }

    /// The defaults. A subchart's leaf is flipped where its siblings are off, which takes a fraction of the time.
    pub(super) fn as_it_is(&self, leaf: &Leaf) -> Vec<Context> {
        vec![self.alone(leaf, 0)]
    }

    fn alone(&self, leaf: &Leaf, cluster: usize) -> Context {
        let mut context = Context::of(cluster);
        let switches = self.switches();
        if switches.iter().any(|(_, charts)| leaf.path.starts_with(charts)) {
            for (path, _) in switches.iter().filter(|(_, charts)| !leaf.path.starts_with(charts)) {
                put(&mut context.set, path, json!(false));
            }
            self.name_services(leaf, &mut context);
        }
        context
    }

    /// The values files that lie beside the chart.
    pub(super) fn with_files(&self, _: &Leaf) -> Vec<Context> {
        let presets = || [None].into_iter().chain((0..self.presets.len()).map(Some));
        let clusters = 0..self.clusters.len();
        let all = presets().flat_map(|preset| clusters.clone().map(move |cluster| (preset, cluster)));
        all.map(|(preset, cluster)| Context { preset, ..Context::of(cluster) }).collect()
    }

    /// The conditions of each place that reads the leaf, or that it has a say in.
    pub(super) fn where_read(&self, leaf: &Leaf) -> Vec<Context> {
        let mut found = Vec::new();
        for used in self.uses(leaf) {
            for cluster in 0..self.clusters.len() {
                let mut context = self.alone(leaf, cluster);
                self.switch_on(used.path.chart, &mut context);
                for fact in used.facts.iter().filter(|fact| !self.is_about(fact, leaf)) {
                    self.make(fact, &fact.what, &mut context);
                }
                let mut elsewhere = context.clone();
                self.name_services(leaf, &mut elsewhere);
                let mut trusting = elsewhere.clone();
                if !AUTHORITY.iter().any(|of| leaf.path.join(".") == *of)
                    && self.schema_of(0, &["global", "s3", "ca"]).is_some()
                {
                    let path: Path = AUTHORITY[0].split('.').map(str::to_owned).collect();
                    put(&mut trusting.set, &path, json!("ca"));
                }
                found.extend([context, elsewhere, trusting]);
            }
        }
        found
    }

    /// The opposite of those conditions, all at once and all but one: a chart may refuse one half of a switch as long as
    /// nothing else is said.
    pub(super) fn where_turned(&self, leaf: &Leaf) -> Vec<Context> {
        let mut facts: Vec<&Fact> = Vec::new();
        for fact in self.uses(leaf).flat_map(|used| used.facts.iter()).filter(|fact| !self.is_about(fact, leaf)) {
            if !facts.iter().any(|other| self.keys(&other.path) == self.keys(&fact.path)) {
                facts.push(fact);
            }
        }
        let left_out = [None].into_iter().chain((0..facts.len()).map(Some));
        left_out
            .map(|left_out| {
                let mut context = Context::of(0);
                for (_, fact) in facts.iter().enumerate().filter(|(index, _)| Some(*index) != left_out) {
                    self.make(fact, &opposite(&fact.what), &mut context);
                }
                context
            })
            .collect()
    }

    /// The context in which a template has what it asked for on the line where it refused.
    pub(super) fn mended(&self, context: &Context, leaf: &Leaf, error: &RenderError) -> Option<Context> {
        let at = error.findings().iter().find(|finding| finding.rule == CHART_REFUSES)?.at.as_ref()?;
        let mut mended = context.clone();
        for used in &self.source.walk().uses {
            // Each chart has its own copy of a shared helper, and which one runs does not matter.
            let is_there = *used.source.text == at.text && used.source.position(used.span.start).0 == at.line;
            let fact = Fact { path: used.path.clone(), what: Known::Truthy };
            if is_there && !self.is_about(&fact, leaf) {
                self.make(&fact, &fact.what, &mut mended);
            }
        }
        Some(mended)
    }

    /// The places that read a leaf, something around it or something in it, and those that are reached or not because of
    /// it.
    fn uses<'b>(&'b self, leaf: &'b Leaf) -> impl Iterator<Item = &'b Use> {
        let fits = |(step, key): (&String, &String)| step == key || step == "*";
        let reads = move |used: &Use| self.keys(&used.path).iter().zip(&leaf.path).all(fits);
        let decides = move |used: &Use| used.facts.iter().any(|fact| self.is_about(fact, leaf));
        self.source.walk().uses.iter().filter(move |used| reads(used) || decides(used))
    }

    /// Whether a fact is about the leaf, which the flip decides.
    fn is_about(&self, fact: &Fact, leaf: &Leaf) -> bool {
        self.keys(&fact.path).starts_with(&leaf.path)
    }

    /// Sets what makes something known of a value, unless it is so already.
    fn make(&self, fact: &Fact, what: &Known, context: &mut Context) {
        let path: Path = self.keys(&fact.path).into_iter().take_while(|key| key != "*").collect();
        let values = self.values(context);
        let current = path.iter().try_fold(&values, |value, key| value.get(key)).unwrap_or(&Value::Null);
        let steps: Vec<&str> = fact.path.names().into_iter().take_while(|name| *name != "*").collect();
        // What is global stands in the schema of the outermost chart.
        let of = self.schema_of(fact.path.chart, &steps).or_else(|| self.schema_of(0, &path));
        let truth =
            |wanted| if flip::is_true(current) == wanted { None } else { flip::with_truth(wanted, current, of) };
        let value = match what {
            // Of the entries of a list or map it is enough that there is one.
            _ if steps.len() < fact.path.steps.len() => truth(true),
            Known::Truthy => truth(true),
            Known::Empty => truth(false),
            Known::Is(word) => Some(word.to_json()),
            Known::IsNot(word) if word.to_json() != *current => None,
            Known::IsNot(_) => flip::others(current, of).into_iter().next(),
        };
        if let Some(value) = value {
            put(&mut context.set, &path, value);
        }
    }

    /// Switches a chart and the charts around it on.
    fn switch_on(&self, chart: usize, context: &mut Context) {
        let (folder, _) = &self.source.charts()[chart];
        let inside: Path = names(folder).map(str::to_owned).collect();
        for (path, charts) in self.switches() {
            if inside.starts_with(&charts) {
                put(&mut context.set, &path, json!(true));
            }
        }
    }

    /// What switches subcharts on and off: the path of the value, and the names of the charts down to the subchart.
    fn switches(&self) -> Vec<(Path, Path)> {
        let mut found = Vec::new();
        for (folder, chart) in self.source.charts() {
            for dependency in &chart.metadata.dependencies {
                let charts: Path = names(folder).chain([dependency.name.as_str()]).map(str::to_owned).collect();
                for condition in dependency.condition.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                    let keys: Path = condition.split('.').map(str::to_owned).collect();
                    found.push((user_path(folder, &keys), charts.clone()));
                }
            }
        }
        found
    }

    /// The keys to a value from the root of what a user writes; `*` for any.
    fn keys(&self, path: &ValuePath) -> Path {
        let (folder, _) = &self.source.charts()[path.chart];
        let steps: Path = path.names().into_iter().map(str::to_owned).collect();
        user_path(folder, &steps)
    }
}

fn opposite(what: &Known) -> Known {
    match what {
        Known::Truthy => Known::Empty,
        Known::Empty => Known::Truthy,
        Known::Is(word) => Known::IsNot(word.clone()),
        Known::IsNot(word) => Known::Is(word.clone()),
    }
}
