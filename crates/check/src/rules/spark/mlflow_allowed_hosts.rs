//! MLflow that refuses its own name.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::image::{parts, version};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "mlflow-allowed-hosts",
    group: Group::Spark,
    severity: Severity::Error,
    title: "An MLflow server knows the names under which it is called",
    why: "Since version 3.5 the server answers only to localhost and private addresses. Called by the name of its \
          Service it says `Invalid Host header`, while its /health is green.",
    fix: "Set MLFLOW_SERVER_ALLOWED_HOSTS to the names of the Service and of the route.",
    covers: &["S17"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: ghcr.io/mlflow/mlflow:v3.18.0
              command: [mlflow, server, --host, 0.0.0.0]  # wrong
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: ghcr.io/mlflow/mlflow:v3.18.0
              command: [mlflow, server, --host, 0.0.0.0, --allowed-hosts, "mlflow.spark.svc:5000"]
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for all in spark.main_words() {
        let container = &all.container;
        let image = container.value["image"].as_str().unwrap_or_default();
        let (path, tag) = parts(image);
        // Only of MLflow's own images the version is known.
        let checks = path == "mlflow/mlflow" && tag.and_then(version).is_some_and(|version| version >= (3, 5));
        let is_set = all.text.contains("--allowed-hosts")
            || all.text.contains("MLFLOW_SERVER_ALLOWED_HOSTS")
            || items(&container.value["env"]).any(|entry| entry["name"] == "MLFLOW_SERVER_ALLOWED_HOSTS")
            || items(&container.value["envFrom"]).next().is_some();
        if checks && all.text.contains("server") && !is_set {
            all.wrong(report, "server", "the server refuses calls by the name of its Service");
        }
    }
}
