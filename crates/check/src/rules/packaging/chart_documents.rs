//! README and LICENSE.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "chart-documents",
    group: Group::Packaging,
    severity: Severity::Warning,
    title: "A chart carries a README.md and a LICENSE",
    why: "A registry shows the README, and it is all that a person without the repository has. Many companies may not use what \
          has no license.",
    fix: "Write a README.md (how to install, every value, how to upgrade) and add the LICENSE.",
    covers: &["Q63"],
    bad: Example::Chart(&[(
        "Chart.yaml",
        indoc! {"
            apiVersion: v2  # wrong
            name: example
            version: 0.1.0
        "},
    )]),
    good: Example::Chart(&[("README.md", "# Example\n"), ("LICENSE", "Apache-2.0\n")]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    let there = |name: &str| source.files.keys().any(|path| path.eq_ignore_ascii_case(name));
    for (name, others) in [("README.md", ["README", "README.txt"]), ("LICENSE", ["LICENSE.md", "LICENSE.txt"])] {
        if !there(name) && !others.iter().any(|other| there(other)) {
            report.place(source.top("Chart.yaml"), format!("there is no {name}"));
        }
    }
}
