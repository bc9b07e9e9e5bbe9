//! An `include` of a template that does not exist.

use sparkyard_model::Severity;
use sparkyard_template::walk::Mistake;

use crate::rule::{Check, Example, Group, Rule};
use crate::rules::walked;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-include",
    group: Group::Values,
    severity: Severity::Error,
    title: "Every `include` names a template that exists",
    why: "Helm fails when it gets there, which may be years later: a switch that is off by default hides it.",
    fix: "Correct the name. A helper of another chart exists only while that chart is switched on: keep a copy in each chart.",
    covers: &["Q45", "L37"],
    bad: Example::Chart(&[
        ("values.yaml", "backup: {enabled: false}\n"),
        ("templates/a.yaml", "{{ if .Values.backup.enabled }}a: {{ include \"exmple.name\" . }}{{ end }}  # wrong\n"),
    ]),
    good: Example::Chart(&[
        ("templates/_a.tpl", "{{- define \"example.name\" -}}x{{- end -}}\n"),
        ("templates/a.yaml", "a: {{ include \"example.name\" . }}\n"),
    ]),
    check: Check::Chart(|source, report| walked(source, report, Mistake::UnknownInclude)),
};
