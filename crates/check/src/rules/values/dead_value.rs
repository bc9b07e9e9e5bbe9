//! A value that nothing reads.

use indoc::indoc;
use std::collections::HashMap;

use serde_json::Value;
use sparkyard_model::Severity;
use sparkyard_render::Chart;
use sparkyard_template::walk::{How, Step, Use};

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dead-value",
    group: Group::Values,
    severity: Severity::Error,
    title: "Every value of values.yaml is read by a template",
    why: "A value that nothing reads looks like a setting. Somebody sets it, nothing happens, and they look for the reason \
          everywhere else.",
    fix: "Take the value out, or use it in a template.",
    covers: &["Q45", "L34", "D10"],
    bad: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                replicas: 1
                legacyReplicas: 2  # wrong
            "},
        ),
        ("templates/a.yaml", "replicas: {{ .Values.replicas }}\n"),
    ]),
    good: Example::Chart(&[
        ("values.yaml", "replicas: 1\n"),
        ("templates/a.yaml", "replicas: {{ .Values.replicas }}\n"),
    ]),
    check: Check::Chart(check),
};

/// What templates read, by the first key; `None` for what reads a chart's values whole or by keys that are made.
type Uses<'w> = HashMap<Option<&'w str>, Vec<&'w Use>>;

fn check(source: &ChartSource<'_>, report: &mut Report) {
    let mut uses = Uses::new();
    for used in &source.walk().uses {
        let first = match used.path.steps.first() {
            Some(Step::Key(name)) => Some(&**name),
            Some(Step::Any) | None => None,
        };
        uses.entry(first).or_default().push(used);
    }
    for (index, (folder, chart)) in source.charts().iter().enumerate() {
        let defaults = chart.default_values().to_json();
        let mut leaves = Vec::new();
        collect(&defaults, &mut Vec::new(), &mut leaves);
        // A chart without values: its one leaf is the whole file.
        leaves.retain(|(path, _)| !path.is_empty());
        for (path, is_container) in leaves {
            if !is_read(source, &uses, index, &path, is_container) {
                let steps: Vec<&str> = path.iter().map(String::as_str).collect();
                let place = source.key(&format!("{folder}values.yaml"), &steps);
                report.place(place, format!("nothing reads the value `{}`", path.join(".")));
            }
        }
    }
}

/// Leaves with whether they are lists or free-form maps.
fn collect(value: &Value, path: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, bool)>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                path.push(key.clone());
                collect(inner, path, leaves);
                path.pop();
            }
        }
        leaf => leaves.push((path.clone(), leaf.is_object() || leaf.is_array())),
    }
}

/// Whether some template reads the value at a path of a chart's values.
fn is_read(source: &ChartSource<'_>, uses: &Uses<'_>, chart: usize, path: &[String], is_container: bool) -> bool {
    let used = |by: Option<usize>| {
        let named = path.first().and_then(|first| uses.get(&Some(first.as_str())));
        let mut all = named.into_iter().chain(uses.get(&None)).flatten();
        all.any(|used| by.is_none_or(|by| used.path.chart == by) && reads(used, path, is_container))
    };
    let (folder, here) = &source.charts()[chart];
    if path.first().is_some_and(|first| first == "global") {
        // Every chart inside sees the same globals.
        return used(None);
    }
    if let Some(first) = path.first()
        && let Some(sub) = source.charts().iter().position(|(below, _)| *below == format!("{folder}charts/{first}/"))
    {
        return is_condition(here, path) || (path.len() > 1 && is_read(source, uses, sub, &path[1..], is_container));
    }
    is_condition(here, path) || is_tag(here, path) || used(Some(chart))
}

fn is_condition(chart: &Chart, path: &[String]) -> bool {
    let dotted = path.join(".");
    chart.metadata.dependencies.iter().any(|dependency| dependency.condition.split(',').any(|c| c.trim() == dotted))
}

fn is_tag(chart: &Chart, path: &[String]) -> bool {
    matches!(path, [tags, tag] if tags == "tags" && chart.metadata.dependencies.iter().any(|d| d.tags.contains(tag)))
}

/// Whether a use reads the value at a path, or something in it.
fn reads(used: &Use, path: &[String], is_container: bool) -> bool {
    let steps = &used.path.steps;
    let common = steps.iter().zip(path).all(|(step, key)| match step {
        Step::Key(name) => **name == **key,
        Step::Any => true,
    });
    if !common {
        return false;
    }
    match steps.len().cmp(&path.len()) {
        // Something around it is used with all that lies inside.
        std::cmp::Ordering::Less => used.how == How::Whole,
        // A list or map that is only asked whether it is empty is not read.
        std::cmp::Ordering::Equal => !(is_container && used.how == How::Asked),
        std::cmp::Ordering::Greater => true,
    }
}
