//! A template reads a file that is not in the chart.

use sparkyard_model::Severity;
use sparkyard_template::walk::Mistake;

use crate::rule::{Check, Example, Group, Rule};
use crate::rules::walked;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-file",
    group: Group::Values,
    severity: Severity::Error,
    title: "Every file that a template reads is in the chart",
    why: "`.Files.Get` of a file that is not there gives an empty text and no error: the pod starts with an \
          empty script.",
    fix: "Correct the path. Files below `templates/` and files that `.helmignore` names cannot be read.",
    covers: &["Q45", "L7"],
    bad: Example::Chart(&[
        ("files/run.sh", "echo ok\n"),
        ("templates/a.yaml", "run: {{ .Files.Get \"files/start.sh\" | quote }}  # wrong\n"),
    ]),
    good: Example::Chart(&[
        ("files/run.sh", "echo ok\n"),
        ("templates/a.yaml", "run: {{ .Files.Get \"files/run.sh\" | quote }}\n"),
    ]),
    check: Check::Chart(|source, report| walked(source, report, Mistake::UnknownFile)),
};
