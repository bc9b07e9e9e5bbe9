//! Dependencies without an exact version.

use indoc::indoc;
use sparkyard_model::Severity;
use sparkyard_render::Version;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dependencies-pinned",
    group: Group::Packaging,
    severity: Severity::Warning,
    title: "Dependencies have an exact version",
    why: "A range gives another chart next month under the same version of yours. What was tested is then not what is \
          installed.",
    fix: "Write the exact version, and raise it deliberately.",
    covers: &["Q66"],
    bad: Example::Chart(&[
        (
            "Chart.yaml",
            indoc! {"
                apiVersion: v2
                name: example
                version: 0.1.0
                dependencies:
                  - name: sub
                    version: ^0.1.0  # wrong
            "},
        ),
        (
            "charts/sub/Chart.yaml",
            indoc! {"
                apiVersion: v2
                name: sub
                version: 0.1.0
            "},
        ),
    ]),
    good: Example::Chart(&[
        (
            "Chart.yaml",
            indoc! {"
                apiVersion: v2
                name: example
                version: 0.1.0
                dependencies:
                  - name: sub
                    version: 0.1.0
            "},
        ),
        (
            "charts/sub/Chart.yaml",
            indoc! {"
                apiVersion: v2
                name: sub
                version: 0.1.0
            "},
        ),
    ]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    for (folder, chart) in source.charts() {
        for (index, dependency) in chart.metadata.dependencies.iter().enumerate() {
            let exact = dependency.version.trim_start_matches(['=', 'v']);
            let parts = exact.split(['-', '+']).next().unwrap_or(exact).split('.').count();
            if parts != 3 || Version::parse(exact).is_none() {
                let at = source.key(&format!("{folder}Chart.yaml"), &["dependencies", &index.to_string(), "version"]);
                report.place(at, format!("`{}` is not one version of {}", dependency.version, dependency.name));
            }
        }
    }
}
