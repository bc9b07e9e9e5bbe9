//! A named template that nothing calls.

use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "uncalled-define",
    group: Group::Values,
    severity: Severity::Warning,
    title: "Every named template is called",
    why: "A helper that nothing calls is read, kept and mended by people who take it for part of the chart.",
    fix: "Take the `define` out, or call it with `include`.",
    covers: &["Q45"],
    bad: Example::Chart(&[
        ("templates/_a.tpl", "{{- define \"example.old\" -}}x{{- end -}}  {{/* wrong */}}\n"),
        ("templates/a.yaml", "a: b\n"),
    ]),
    good: Example::Chart(&[
        ("templates/_a.tpl", "{{- define \"example.name\" -}}x{{- end -}}\n"),
        ("templates/a.yaml", "a: {{ include \"example.name\" . }}\n"),
    ]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    let called = &source.walk().called;
    for (_, chart) in source.charts() {
        for (path, file) in chart.templates.iter() {
            // Helpers that several charts share are one file for all of them.
            let shared = SHARED.contains(&path.as_str());
            for define in file.defines.iter().filter(|define| !called.iter().any(|name| **name == *define.name)) {
                if !shared {
                    let place = file.source.place(define.name_span);
                    report.place(Some(place), format!("nothing calls the template {:?}", define.name));
                }
            }
        }
    }
}

/// Files of helpers that are the same in every chart of the catalogue that has them, whichever of them it needs.
const SHARED: [&str; 3] = ["templates/_sy.tpl", "templates/_spark.tpl", "templates/_driver.tpl"];
