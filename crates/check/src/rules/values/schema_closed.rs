//! A chart whose schema lets typing errors through.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "schema-closed",
    group: Group::Values,
    severity: Severity::Warning,
    title: "A values.schema.json refuses keys that do not exist",
    why: "Without it `--set replcas=3` is accepted and does nothing. Helm checks values against the schema before it sends \
          anything to the cluster, and names the key.",
    fix: "Write a values.schema.json with `additionalProperties: false`, and with `global` among the properties.",
    covers: &["Q43", "L40"],
    bad: Example::Chart(&[
        ("values.yaml", "replicas: 1\n"),
        ("values.schema.json", "{\"type\": \"object\", \"properties\": {\"replicas\": {\"type\": \"integer\"}}}  \n"),
        (
            "Chart.yaml",
            indoc! {"
                apiVersion: v2
                name: example
                version: 0.1.0
            "},
        ),
        ("templates/a.yaml", "a: {{ .Values.replicas }}\n"),
    ]),
    good: Example::Chart(&[
        ("values.yaml", "replicas: 1\n"),
        (
            "values.schema.json",
            "{\"type\": \"object\", \"properties\": {\"global\": {\"type\": \"object\"}, \"replicas\": {\"type\": \"integer\"}}, \"additionalProperties\": false}\n",
        ),
        ("templates/a.yaml", "a: {{ .Values.replicas }}\n"),
    ]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    for (folder, chart) in source.charts() {
        let has_values = chart.default_values().to_json().as_object().is_some_and(|map| !map.is_empty());
        let Some(schema) = &chart.schema else {
            if has_values && !chart.metadata.is_library() {
                report.place(None, format!("{folder}values.schema.json is missing"));
            }
            continue;
        };
        let closed = schema.json()["additionalProperties"] == Value::Bool(false);
        let what = match (closed, schema.json()["properties"].get("global").is_some()) {
            (true, true) => continue,
            (true, false) => "refuses `global`, which helm passes to every subchart",
            (false, _) => "accepts keys that do not exist",
        };
        report.place(None, format!("{folder}values.schema.json {what}"));
    }
}
