//! Named templates that another chart can overwrite.

use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "define-prefix",
    group: Group::Values,
    severity: Severity::Warning,
    title: "Names of named templates start with a name of the chart",
    why: "Named templates of a chart and of all its subcharts share one space of names, and the last one wins. A `fullname` of \
          another chart then names your objects.",
    fix: "Call it `<chart>.<name>`.",
    covers: &["Q69"],
    bad: Example::Chart(&[
        ("templates/_a.tpl", "{{- define \"fullname\" -}}x{{- end -}}  {{/* wrong */}}\n"),
        ("templates/a.yaml", "a: {{ include \"fullname\" . }}\n"),
    ]),
    good: Example::Chart(&[
        ("templates/_a.tpl", "{{- define \"example.fullname\" -}}x{{- end -}}\n"),
        ("templates/a.yaml", "a: {{ include \"example.fullname\" . }}\n"),
    ]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    for (_, chart) in source.charts() {
        for file in chart.templates.values() {
            for define in file.defines.iter().filter(|define| !define.name.contains(['.', '/'])) {
                let place = file.source.place(define.span);
                report.place(Some(place), format!("the template `{}` has no chart's name in front", define.name));
            }
        }
    }
}
