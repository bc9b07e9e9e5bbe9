//! A branch that no values lead to.

use indoc::indoc;
use sparkyard_model::Severity;
use sparkyard_template::walk::Mistake;

use crate::rule::{Check, Example, Group, Rule};
use crate::rules::walked;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unreachable-branch",
    group: Group::Values,
    severity: Severity::Error,
    title: "Every branch of a template can be reached",
    why: "A value that is read only where it can never be read looks alive and is dead. The person who sets it \
          waits for an effect.",
    fix: "Correct the condition, or take the branch out.",
    covers: &["Q45"],
    bad: Example::Chart(&[
        ("values.yaml", "mode: none\n"),
        ("values.schema.json", "{\"properties\":{\"mode\":{\"enum\":[\"none\",\"ingress\",\"route\"]}}}"),
        (
            "templates/a.yaml",
            indoc! {r#"
                {{ if eq .Values.mode "none" }}
                a: b
                {{ if eq .Values.mode "route" }}c: d{{ end }}  # wrong
                {{ end }}
            "#},
        ),
    ]),
    good: Example::Chart(&[
        ("values.yaml", "mode: none\n"),
        ("values.schema.json", "{\"properties\":{\"mode\":{\"enum\":[\"none\",\"ingress\",\"route\"]}}}"),
        (
            "templates/a.yaml",
            indoc! {r#"
                {{ if eq .Values.mode "none" }}
                a: b
                {{ else if eq .Values.mode "route" }}
                c: d
                {{ end }}
            "#},
        ),
    ]),
    check: Check::Chart(|source, report| walked(source, report, Mistake::Unreachable)),
};
