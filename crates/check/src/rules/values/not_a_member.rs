//! A value is compared with a word that it cannot be.

use sparkyard_model::Severity;
use sparkyard_template::walk::Mistake;

use crate::rule::{Check, Example, Group, Rule};
use crate::rules::walked;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "not-a-member",
    group: Group::Values,
    severity: Severity::Error,
    title: "A value is compared only with what it can be",
    why: "The branch is dead: the schema refuses the word that the template waits for. Who sets the documented \
          word gets nothing, without an error.",
    fix: "Correct the word in the template, or add it to the `enum` of the schema.",
    covers: &["L15", "Q45"],
    bad: Example::Chart(&[
        ("values.yaml", "mode: none\n"),
        ("values.schema.json", "{\"properties\":{\"mode\":{\"enum\":[\"none\",\"ingress\",\"route\"]}}}"),
        ("templates/a.yaml", "{{ if eq .Values.mode \"openshift\" }}a: b{{ end }}  # wrong\n"),
    ]),
    good: Example::Chart(&[
        ("values.yaml", "mode: none\n"),
        ("values.schema.json", "{\"properties\":{\"mode\":{\"enum\":[\"none\",\"ingress\",\"route\"]}}}"),
        ("templates/a.yaml", "{{ if eq .Values.mode \"route\" }}a: b{{ end }}\n"),
    ]),
    check: Check::Chart(|source, report| walked(source, report, Mistake::NotAMember)),
};
