//! A chart whose leaves are flipped one by one.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};
use sparkyard_check::ChartSource;
use sparkyard_model::SourceText;
use sparkyard_render::{Chart, Options, RenderError, Rendered, Written, effective_values, render};
use sparkyard_yaml::schema;

use super::context::{Cluster, Context};
use super::{Leaf, Path, flip, leaves, put, written};

/// The id of what a template says with `fail` or `required`.
pub(super) const CHART_REFUSES: &str = "chart-refuses";

/// Contexts of a kind that are tried for one leaf. A refusal is answered by a context that mends it, which may be refused anew.
const CONTEXTS: usize = 200;

/// A chart whose leaves are flipped one by one.
pub struct Bench<'c> {
    pub(super) source: ChartSource<'c>,
    pub(super) presets: Vec<SourceText>,
    pub(super) clusters: &'c [Cluster],
    chart: &'c Chart,
    /// What each context makes, or why the chart refuses it: what mends that is another thing for each leaf.
    before: HashMap<Context, Result<Rendered, RenderError>>,
    /// How often it has rendered.
    pub renders: usize,
}

/// A leaf that moves nothing.
#[derive(Debug)]
pub struct Dead {
    /// What was tried, and what came of it.
    pub tried: Vec<String>,
    /// Whether a chart that renders without the flip refuses it in words, and not by its schema.
    pub refused: bool,
}

/// What came of flipping a leaf in a context.
enum Outcome {
    /// Something changed.
    Moved,
    /// Nothing did, or the chart refused.
    Still(Still),
}

/// Why nothing changed in a context.
#[derive(Default)]
struct Still {
    why: Vec<String>,
    /// Whether a template has refused the flip.
    refused: bool,
    /// The context in which it would not have.
    mended: Option<Context>,
}

impl<'c> Bench<'c> {
    /// A chart, its presets' values files, and the clusters that it is for.
    pub fn new(source: ChartSource<'c>, presets: Vec<SourceText>, clusters: &'c [Cluster]) -> Self {
        Self { chart: source.chart, source, presets, clusters, before: HashMap::new(), renders: 0 }
    }

    /// Every leaf of the chart.
    pub fn leaves(&self) -> Vec<Leaf> {
        leaves(&self.source)
    }

    /// Whether some render changes when a leaf does.
    ///
    /// # Errors
    /// When none does.
    pub fn moves(&mut self, leaf: &Leaf) -> Result<(), Dead> {
        let others = flip::others(&leaf.default, self.schema_of(leaf.chart, &leaf.below));
        if others.is_empty() {
            let why = "its schema allows nothing but the default";
            return Err(Dead { tried: vec![why.to_owned()], refused: false });
        }
        let mut dead = Dead { tried: Vec::new(), refused: false };
        let mut seen = HashSet::new();
        // Most leaves move at once; conditions are only looked for when one does not.
        for contexts in [Self::as_it_is, Self::where_read, Self::with_files, Self::where_turned] {
            let mut queue: VecDeque<Context> = contexts(self, leaf).into();
            let most = seen.len() + CONTEXTS;
            while let Some(context) = queue.pop_front() {
                if seen.len() >= most || !seen.insert(context.clone()) {
                    continue;
                }
                match self.flip(leaf, &others, &context) {
                    Outcome::Moved => return Ok(()),
                    Outcome::Still(still) => {
                        dead.tried.extend(still.why.into_iter().map(|why| format!("{context}: {why}")));
                        dead.refused |= still.refused;
                        still.mended.into_iter().for_each(|context| queue.push_front(context));
                    }
                }
            }
        }
        Err(dead)
    }

    fn flip(&mut self, leaf: &Leaf, others: &[Value], context: &Context) -> Outcome {
        let mut still = Still::default();
        if !self.before.contains_key(context) {
            let before = self.render(context, None);
            self.before.insert(context.clone(), before);
        }
        if let Err(error) = &self.before[context] {
            still.why.push(format!("refused as it is: {}", first_line(error)));
            still.mended = self.mended(context, leaf, error);
            return Outcome::Still(still);
        }
        for other in others {
            let after = self.render(context, Some((&leaf.path, other)));
            match (&self.before[context], after) {
                (Ok(before), Ok(after)) if differs(before, &after) => return Outcome::Moved,
                (_, Ok(_)) => still.why.push(format!("nothing changes with {other}")),
                (_, Err(error)) => {
                    still.why.push(format!("{other} is refused: {}", first_line(&error)));
                    still.refused |= error.findings().iter().any(|finding| finding.rule == CHART_REFUSES);
                    still.mended = still.mended.or_else(|| self.mended(context, leaf, &error));
                }
            }
        }
        Outcome::Still(still)
    }

    fn render(&mut self, context: &Context, flipped: Option<(&Path, &Value)>) -> Result<Rendered, RenderError> {
        self.renders += 1;
        let mut user = context.user(&self.presets, self.clusters);
        if let Some((path, other)) = flipped {
            let mut tree = Map::new();
            put(&mut tree, path, other.clone());
            user.files.push(written("flipped", &tree));
        }
        let options = Options {
            release: "demo".to_owned(),
            namespace: crate::helm::NAMESPACE.to_owned(),
            api_versions: self.clusters[context.cluster].api_versions.clone(),
            // What is refused is looked for in the templates: nobody has written it.
            written: Some(Written::default()),
            ..Options::default()
        };
        render(self.chart, &user, &options)
    }

    /// What the schema of a chart says of a value.
    pub(super) fn schema_of(&self, chart: usize, path: &[impl AsRef<str>]) -> Option<&'c Value> {
        self.source.charts()[chart].1.schema.as_ref().and_then(|of| schema::at(of.json(), path))
    }

    /// The values that the chart sees in a context.
    pub(super) fn values(&self, context: &Context) -> Value {
        let user = context.user(&self.presets, self.clusters);
        effective_values(self.chart, &user).map_or(Value::Null, |values| values.to_json())
    }
}

fn first_line(error: &RenderError) -> String {
    error.to_string().trim().lines().next().unwrap_or_default().to_owned()
}

/// Whether a user or a cluster sees a difference. A checksum only repeats what changes elsewhere.
fn differs(before: &Rendered, after: &Rendered) -> bool {
    let said = |rendered: &Rendered| {
        let text = rendered.text(true, |_| true);
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("checksum/"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    before.notes != after.notes || said(before) != said(after)
}
