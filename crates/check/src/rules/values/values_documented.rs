//! Values that nobody explains.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "values-documented",
    group: Group::Values,
    severity: Severity::Warning,
    title: "Every value has words: a comment above it, or a description in the schema",
    why: "values.yaml is what people read before they install. A key without words sends them into the templates.",
    fix: "Write a comment above the key: what it does, in which unit, what happens when it is empty.",
    covers: &["Q44"],
    bad: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                # How many pods run.
                replicas: 1
                mode: fast  # wrong
            "},
        ),
        ("templates/a.yaml", "a: {{ .Values.replicas }}{{ .Values.mode }}\n"),
    ]),
    good: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                # How many pods run.
                replicas: 1
                # What the pod asks for.
                resources:
                  cpu: 1
            "},
        ),
        ("templates/a.yaml", "a: {{ .Values.replicas }}{{ .Values.resources.cpu }}\n"),
    ]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    for (folder, chart) in source.charts() {
        let file = format!("{folder}values.yaml");
        let Some(text) = source.text(&file) else { continue };
        let lines: Vec<&str> = text.text.lines().collect();
        let schema = chart.schema.as_ref().map_or(&Value::Null, |schema| schema.json());
        let subcharts: Vec<&str> = chart.subcharts.iter().map(|sub| sub.metadata.name.as_str()).collect();
        let defaults = chart.default_values().to_json();
        let mut look = |path: &[&str]| {
            if path.first().is_some_and(|first| subcharts.contains(first)) || described(schema, path) {
                return;
            }
            let Some(place) = source.key(&file, path) else { return };
            let above =
                place.line.checked_sub(2).and_then(|line| lines.get(line)).is_some_and(|l| l.trim().starts_with('#'));
            if !above {
                report.place(Some(place), format!("nothing says what `{}` is", path.join(".")));
            }
        };
        // The words above a map speak of what lies in it too.
        if let Value::Object(map) = &defaults {
            map.keys().for_each(|key| look(&[key]));
        }
    }
}

fn described(schema: &Value, path: &[&str]) -> bool {
    let found = path.iter().try_fold(schema, |schema, key| schema.get("properties")?.get(key));
    found.is_some_and(|schema| {
        schema["description"].as_str().is_some_and(|text| !text.is_empty()) || schema.get("$ref").is_some()
    })
}
