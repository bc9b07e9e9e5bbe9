//! A value is used as something that it is not.

use sparkyard_model::Severity;
use sparkyard_template::walk::Mistake;

use crate::rule::{Check, Example, Group, Rule};
use crate::rules::walked;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "type-misuse",
    group: Group::Values,
    severity: Severity::Error,
    title: "A value is used as what it is",
    why: "Helm fails in the middle of a render, or prints `map[...]` into a manifest, as soon as somebody sets \
          the value.",
    fix: "Use the value as what the schema says it is: `range` over lists and maps, print scalars, `toYaml` \
          the rest.",
    covers: &["Q45"],
    bad: Example::Chart(&[
        ("values.yaml", "resources: {cpu: 1}\n"),
        (
            "values.schema.json",
            "{\"properties\":{\"resources\":{\"type\":\"object\",\"properties\":{\"cpu\":{\"type\":\"integer\"}},\"additionalProperties\":false}}}",
        ),
        ("templates/a.yaml", "resources: {{ .Values.resources }}  # wrong\n"),
    ]),
    good: Example::Chart(&[
        ("values.yaml", "resources: {cpu: 1}\n"),
        ("templates/a.yaml", "resources: {{ toYaml .Values.resources | nindent 2 }}\n"),
    ]),
    check: Check::Chart(|source, report| walked(source, report, Mistake::TypeMisuse)),
};
