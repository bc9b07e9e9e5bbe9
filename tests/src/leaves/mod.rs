//! Values that move nothing: every leaf of a chart's values is set to something else, and some render has to change.

mod bench;
mod context;
mod flip;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sparkyard_check::ChartSource;
use sparkyard_model::SourceText;

pub use bench::{Bench, Dead};
pub use context::Cluster;

/// The keys that lead to a value, from the root of what a user writes.
pub type Path = Vec<String>;

/// A value with nothing below it that has a name.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Where a user writes it: a subchart's leaves lie below its name.
    pub path: Path,
    /// Its default.
    pub default: Value,
    /// Whose values.yaml holds it, an index of [`ChartSource::charts`].
    chart: usize,
    /// The keys to it in that file.
    below: Path,
}

impl Leaf {
    /// Whether it stands in the chart's own values.yaml, and not in a subchart's.
    pub fn is_own(&self) -> bool {
        self.chart == 0
    }
}

/// The leaves of a chart's values.yaml and of those of its subcharts, each once.
pub fn leaves(source: &ChartSource<'_>) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (chart, (folder, read)) in source.charts().iter().enumerate() {
        collect(&read.default_values().to_json(), &mut Vec::new(), &mut |below, default| {
            let path = user_path(folder, below);
            if !path.is_empty() && seen.insert(path.clone()) {
                found.push(Leaf { path, default: default.clone(), chart, below: below.to_vec() });
            }
        });
    }
    found
}

fn collect(value: &Value, path: &mut Path, visit: &mut dyn FnMut(&[String], &Value)) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                path.push(key.clone());
                collect(inner, path, visit);
                path.pop();
            }
        }
        leaf => visit(path, leaf),
    }
}

/// The names of the charts on the way to a chart in a folder: `charts/a/charts/b/` lies below `a.b`.
fn names(folder: &str) -> impl Iterator<Item = &str> {
    folder.split('/').filter(|part| !part.is_empty() && *part != "charts")
}

/// Where a user writes a value of the chart in a folder: globals at the root, all else below the names of the charts.
fn user_path(folder: &str, path: &[String]) -> Path {
    let is_global = path.first().is_some_and(|first| first == "global");
    names(folder).filter(|_| !is_global).map(str::to_owned).chain(path.iter().cloned()).collect()
}

/// Writes a value below its keys.
fn put(tree: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        tree.insert(first.clone(), value);
        return;
    }
    let inner = tree.entry(first.clone()).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}

/// A values file. JSON is YAML.
fn written(name: &str, values: &Map<String, Value>) -> SourceText {
    SourceText { name: name.to_owned(), text: json!(values).to_string() }
}

#[cfg(test)]
mod tests;
