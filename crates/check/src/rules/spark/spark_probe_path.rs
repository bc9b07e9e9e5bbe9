//! Probes of paths that always answer.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Process, Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-probe-path",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Probes of Spark's web pages ask for a path that says something",
    why: "Spark's web servers answer unknown paths too: with the front page, or with a redirect, and Kubernetes \
          takes both for success. A probe of /health is green while the server is hanging.",
    fix: "History Server and driver: /api/v1/version. Master and worker: /json/ with the slash at the end.",
    covers: &["S1", "Q22"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              readinessProbe:
                httpGet: {path: /health, port: 18080}  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              readinessProbe:
                httpGet: {path: /api/v1/version, port: 18080}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        let good = match process.program {
            Program::History | Program::Connect | Program::Thrift | Program::Submit => "/api/v1/",
            Program::Master | Program::Worker => "/json/",
            Program::Metastore => continue,
        };
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let get = &process.container.value[probe]["httpGet"];
            let path = get["path"].as_str().unwrap_or("/");
            if !get.is_object() || !is_ui(process, &get["port"]) || path.starts_with(good) || path.contains("/metrics/")
            {
                continue;
            }
            // The front page says at least that the server runs, and says so without lying.
            if path == "/" && process.program != Program::Connect && process.program != Program::Submit {
                continue;
            }
            let advice = if good == "/json/" { "/json/" } else { "/api/v1/version" };
            process
                .wrong(
                    report,
                    &format!("{probe}.httpGet.path"),
                    format!("{path} answers whatever the state of the server is"),
                )
                .help(format!("ask for {advice}"));
        }
    }
}

/// Whether a port is the one of Spark's own web pages, as far as is known.
fn is_ui(process: &Process<'_>, port: &Value) -> bool {
    let declared = items(&process.container.value["ports"]).find(|entry| entry["name"] == *port);
    let number = declared.map_or(port, |entry| &entry["containerPort"]).as_u64();
    let (default, key) = match process.program {
        Program::History => (18080, "spark.history.ui.port"),
        Program::Master => (8080, "spark.master.ui.port"),
        Program::Worker => (8081, "spark.worker.ui.port"),
        _ => (4040, "spark.ui.port"),
    };
    let set = process.value(key).and_then(|port| port.parse().ok());
    number == Some(set.unwrap_or(default))
}
