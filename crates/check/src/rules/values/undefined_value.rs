//! A template reads a value that does not exist.

use indoc::indoc;
use sparkyard_model::Severity;
use sparkyard_template::walk::Mistake;

use crate::rule::{Check, Example, Group, Rule};
use crate::rules::walked;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "undefined-value",
    group: Group::Values,
    severity: Severity::Error,
    title: "Templates read only values that exist",
    why: "Helm prints nothing for a value that does not exist, and fails with `nil pointer evaluating` one step further. \
          A typing error in a template is then found by the person whose setting has no effect. Where the template asks first \
          (`if`, `with`, `and`, `default`) nothing fails, and it is a warning: nobody who reads values.yaml learns of the setting.",
    fix: "Correct the name, or add the value with its default to values.yaml and to the schema.",
    covers: &["Q45", "L38"],
    bad: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                database:
                  host: db.example.com
            "},
        ),
        ("templates/a.yaml", "host: {{ .Values.databse.host }}  # wrong\n"),
    ]),
    good: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                database:
                  host: db.example.com
            "},
        ),
        ("templates/a.yaml", "host: {{ .Values.database.host }}\n"),
    ]),
    check: Check::Chart(|source, report| walked(source, report, Mistake::UndefinedValue)),
};
