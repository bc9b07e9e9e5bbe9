//! What sparkyard's charts have installed, however they were: by `up` or by helm.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::Value;
use sparkyard_check::Object;
use sparkyard_model::{Finding, SourceText};

use super::Cluster;

/// A release of one of our charts.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    /// Its name.
    pub(crate) name: String,
    /// `deployed`, `failed`, `pending-install`, ...
    pub(crate) status: String,
    /// When it was installed or changed.
    pub(crate) updated: String,
    /// Its stack.
    pub(crate) stack: String,
    /// Its objects.
    pub(crate) objects: Vec<Value>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    status: String,
    updated: String,
    chart: String,
}

/// The releases of our charts, in the order in which they were installed.
pub(crate) fn installed(cluster: &Cluster) -> Result<Vec<Installed>, Finding> {
    let text = cluster.helm(&["list", "--deployed", "--failed", "--pending", "-o", "json"])?;
    let listed: Vec<Listed> = serde_json::from_str(&text).map_err(|error| {
        Finding::error("cluster-refuses", format!("helm printed something that is no JSON: {error}"))
    })?;
    let mut found = Vec::new();
    for release in listed.into_iter().filter(|release| is_ours(&release.chart)) {
        let text = cluster.helm(&["get", "manifest", &release.name])?;
        let file = Rc::new(SourceText { name: release.name.clone(), text });
        let objects: Vec<Value> = Object::all_of(&file).0.into_iter().map(|object| object.value).collect();
        let stack =
            objects.iter().find_map(|object| object["metadata"]["labels"]["app.kubernetes.io/part-of"].as_str());
        if let Some(stack) = stack.map(str::to_owned) {
            found.push(Installed {
                name: release.name,
                status: release.status,
                updated: release.updated,
                stack,
                objects,
            });
        }
    }
    found.sort_by(|one, other| one.updated.cmp(&other.updated));
    Ok(found)
}

/// Releases by the name of their stack.
pub(crate) fn stacks(releases: Vec<Installed>) -> BTreeMap<String, Vec<Installed>> {
    let mut stacks: BTreeMap<String, Vec<Installed>> = BTreeMap::new();
    for release in releases {
        stacks.entry(release.stack.clone()).or_default().push(release);
    }
    stacks
}

/// `spark-4-3-0.1.0`, `spark-3-5-jupyter-0.1.0`: a chart that is named as our lines are.
fn is_ours(chart: &str) -> bool {
    let Some(rest) = chart.strip_prefix("spark-") else { return false };
    let mut words = rest.splitn(3, '-');
    let is_number = |word: Option<&str>| {
        word.is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_number(words.next()) && is_number(words.next()) && words.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn charts_of_others_are_left_alone() {
        assert!(is_ours("spark-4-3-0.1.0") && is_ours("spark-3-5-hive-metastore-0.1.0"));
        assert!(!is_ours("spark-operator-2.5.1") && !is_ours("spark-9.0.1") && !is_ours("postgresql-1.0.0"));
    }
}
