//! Files that a linter or a diff would stumble over.

use indoc::indoc;
use sparkyard_model::{Place, Severity};

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "yaml-style",
    group: Group::Values,
    severity: Severity::Note,
    title: "Files have Unix line ends, no tabs, no blanks at the ends of lines, and end with a line end",
    why: "A carriage return ends up in a shell script and then in `bad interpreter`. Blanks and tabs make diffs that nobody \
          can see.",
    fix: "Let the editor trim blanks and write Unix line ends.",
    covers: &["Q68"],
    bad: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                a: 1  # wrong 
                b: 2
            "},
        ),
        ("templates/a.yaml", "a: {{ .Values.a }}{{ .Values.b }}\n"),
    ]),
    good: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                a: 1
                b: 2
            "},
        ),
        ("templates/a.yaml", "a: {{ .Values.a }}{{ .Values.b }}\n"),
    ]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    let looked_at = |path: &&String| [".yaml", ".yml", ".tpl", ".sh", ".py"].iter().any(|end| path.ends_with(end));
    for path in source.files.keys().filter(looked_at) {
        let Some(file) = source.text(path) else { continue };
        let mut say = |line: usize, column: usize, what: &str| {
            let place = Place { file: file.name.clone(), line, column, width: 1, text: file.text.clone() };
            report.place(Some(place), what);
        };
        // The first of each kind is enough: an editor mends them all.
        let lines = || file.text.split('\n').enumerate().map(|(index, line)| (index + 1, line));
        if let Some((at, line)) = lines().find(|(_, line)| line.ends_with('\r')) {
            say(at, line.chars().count(), "the line ends with a carriage return");
        } else if let Some((at, line)) = lines().find(|(_, line)| line.ends_with([' ', '\t'])) {
            say(at, line.trim_end().chars().count() + 1, "there are blanks at the end of the line");
        }
        if let Some((at, _)) = lines().find(|(_, line)| line.trim_start_matches(' ').starts_with('\t')) {
            say(at, 1, "the line is indented with a tab");
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            let last = file.text.lines().count();
            say(
                last,
                file.text.lines().last().map_or(1, |line| line.chars().count().max(1)),
                "the last line has no end",
            );
        }
    }
}
