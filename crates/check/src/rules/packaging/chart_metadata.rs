//! What Chart.yaml must say.

use indoc::indoc;
use sparkyard_model::Severity;
use sparkyard_render::Version;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "chart-metadata",
    group: Group::Packaging,
    severity: Severity::Warning,
    title: "Chart.yaml says what the chart is, for which software and for which Kubernetes",
    why: "A registry shows what Chart.yaml says, and helm refuses a cluster that is too old only when `kubeVersion` is there. \
          Without `-0` at its end it refuses the clusters of every cloud too.",
    fix: "Fill in description, appVersion, kubeVersion (`>=1.25.0-0`), home, sources and maintainers.",
    covers: &["Q53", "Q61"],
    bad: Example::Chart(&[(
        "Chart.yaml",
        indoc! {"
            apiVersion: v2  # wrong
            name: example
            version: 0.1.0
        "},
    )]),
    good: Example::Chart(&[(
        "Chart.yaml",
        indoc! {r#"
            apiVersion: v2
            name: example
            version: 0.1.0
            description: An example
            appVersion: "1.0"
            kubeVersion: ">=1.25.0-0"
            home: https://example.com
            sources: [https://example.com/code]
            maintainers:
              - name: somebody
        "#},
    )]),
    check: Check::Chart(check),
};

fn check(source: &ChartSource<'_>, report: &mut Report) {
    // What lies inside is somebody else's, or says as much as the chart around it.
    let Some((_, chart)) = source.charts().first() else { return };
    let file = "Chart.yaml";
    let Some(text) = source.text(file) else { return };
    let has = |key: &str| sparkyard_yaml::Places::of(&text).find(&[key], sparkyard_yaml::Part::Key).is_some();
    let wanted = ["description", "appVersion", "kubeVersion", "home", "sources", "maintainers"];
    let missing: Vec<&str> = wanted.into_iter().filter(|key| !has(key)).collect();
    if !missing.is_empty() && !chart.metadata.is_library() {
        report.place(source.top(file), format!("Chart.yaml does not say: {}", missing.join(", ")));
    }
    if chart.metadata.api_version == "v1" {
        report.place(source.key(file, &["apiVersion"]), "apiVersion v1 is Helm 2's").help("write `apiVersion: v2`");
    }
    if Version::parse(&chart.metadata.version).is_none() {
        report.place(source.key(file, &["version"]), format!("`{}` is no semantic version", chart.metadata.version));
    }
    let range = &chart.metadata.kube_version;
    if !range.is_empty() && !range.contains("-0") {
        report
            .place(source.key(file, &["kubeVersion"]), "kubeVersion refuses versions such as `1.33.1-eks-1234`")
            .help(format!("write `{}-0`", range.trim()));
    }
}
