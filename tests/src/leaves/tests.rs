//! The flips find what is dead, and what only lives under conditions.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sparkyard_check::ChartSource;
use sparkyard_render::Chart;

use super::{Bench, Cluster, flip};

const VALUES: &str = "\
used: 1
dead: text
guarded: a
switch: false
kind: small
deep: {size: 1Gi}
entries: []
digest: \"\"
";

const TEMPLATE: &str = "\
kind: ConfigMap
data:
  used: {{ .Values.used }}
  checksum/dead: {{ .Values.dead }}
{{- if and .Values.switch (eq .Values.kind \"large\") }}
  guarded: {{ .Values.guarded }}
  size: {{ .Values.deep.size }}
{{- end }}
{{- range .Values.entries }}
  {{ .name }}: {{ $.Values.digest | quote }}
{{- end }}
";

#[test]
fn a_dead_leaf_is_named_and_a_guarded_one_moves() {
    let schema = json!({"type": "object", "properties": {
        "kind": {"type": "string", "enum": ["small", "large"]},
        "digest": {"type": "string", "pattern": "^(sha256:[0-9a-f]{64})?$"},
        "entries": {"type": "array", "items": {"type": "object"}},
        "deep": {"type": "object", "properties": {"size": {"type": "string", "pattern": "^[0-9]+Gi$"}}},
    }});
    let files: BTreeMap<String, Vec<u8>> = [
        ("Chart.yaml", "apiVersion: v2\nname: sample\nversion: 0.1.0\n"),
        ("values.yaml", VALUES),
        ("values.schema.json", &schema.to_string()),
        ("templates/a.yaml", TEMPLATE),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into();
    let chart = Chart::load(&files, "").expect("a chart");
    let clusters = [Cluster { values: None, api_versions: Vec::new() }];
    let mut bench = Bench::new(ChartSource::new(&chart, &files, ""), Vec::new(), &clusters);
    let leaves = bench.leaves();
    assert_eq!(leaves.len(), 8);
    let dead: Vec<String> =
        leaves.iter().filter(|leaf| bench.moves(leaf).is_err()).map(|leaf| leaf.path.join(".")).collect();
    assert_eq!(dead, ["dead"]);
}

#[test]
fn a_flip_keeps_to_the_schema() {
    let other = |default: Value, of: Value| flip::others(&default, Some(&of)).into_iter().next();
    assert_eq!(other(json!("1g"), json!({"type": "string", "pattern": "^[1-9][0-9]*[mg]$"})), Some(json!("2g")));
    assert_eq!(other(json!(3), json!({"type": "integer", "maximum": 3})), Some(json!(2)));
    assert_eq!(other(json!([]), json!({"type": "array", "items": {"type": "integer"}})), Some(json!([1])));
    assert_eq!(
        other(json!({}), json!({"additionalProperties": {"type": "string"}})),
        Some(json!({"sample": "sample"}))
    );
    assert_eq!(other(json!(true), json!({"const": true})), None);
}
