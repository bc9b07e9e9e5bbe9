//! A dependency's condition names a value that does not exist.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "condition-exists",
    group: Group::Values,
    severity: Severity::Error,
    title: "The condition of a dependency is a value with a default",
    why: "Helm takes a condition that names nothing as true. The switch that the documentation speaks of is then not \
          there, and the dependency is installed by everybody.",
    fix: "Add the value to values.yaml with the default that is meant, or correct the path.",
    covers: &["Q66", "L35"],
    bad: Example::Chart(&[
        (
            "Chart.yaml",
            indoc! {"
                apiVersion: v2
                name: example
                version: 0.1.0
                dependencies:
                  - name: sub
                    version: 0.1.0
                    condition: sub.enabled  # wrong
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
                    condition: sub.enabled
            "},
        ),
        (
            "values.yaml",
            indoc! {"
                sub:
                  enabled: true
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
        let defaults = chart.default_values().to_json();
        for (index, dependency) in chart.metadata.dependencies.iter().enumerate() {
            let paths: Vec<&str> = dependency.condition.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
            // Helm takes the first that is there.
            let there = |path: &&str| {
                path.split('.').try_fold(&defaults, |value, key| value.get(key)).is_some_and(|v| v.is_boolean())
            };
            if !paths.is_empty() && !paths.iter().any(there) {
                let at = source.key(&format!("{folder}Chart.yaml"), &["dependencies", &index.to_string(), "condition"]);
                report
                    .place(at, format!("values.yaml has no switch `{}` for {}", dependency.condition, dependency.name));
            }
        }
    }
}
