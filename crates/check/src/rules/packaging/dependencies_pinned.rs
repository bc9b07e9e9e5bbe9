//! Dependencies without an exact version.

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
            "apiVersion: v2\nname: example\nversion: 0.1.0\ndependencies:\n  - name: sub\n    version: ^0.1.0  # wrong\n",
        ),
        ("charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n"),
    ]),
    good: Example::Chart(&[
        (
            "Chart.yaml",
            "apiVersion: v2\nname: example\nversion: 0.1.0\ndependencies:\n  - name: sub\n    version: 0.1.0\n",
        ),
        ("charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n"),
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
