//! Clients that are newer than their server.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::image::version;
use crate::spark::{Process, Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-client-newer",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Clients of Spark Connect are not newer than the server",
    why: "Old clients talk to new servers, new ones not to old: `createDataFrame` of a client 4.3 fails at a \
          server 4.1 with an error about a number that looks like a size.",
    fix: "Pin the client to the version of the server or an older one.",
    covers: &["S5", "L27"],
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: client
        data:
          requirements.txt: |
            pandas==2.2.3
            pyspark-client==4.3.0  # wrong
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: client
        data:
          requirements.txt: |
            pandas==2.2.3
            pyspark-client==4.1.3
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    // With several servers nobody knows which one a client is for: the newest is meant.
    let server = spark.running(Program::Connect).filter_map(Process::version).max();
    let Some((major, minor)) = server else { return };
    for (index, map) in stack.of_kind("ConfigMap") {
        for (name, text) in map.value["data"].as_object().into_iter().flatten() {
            for (line, words) in text.as_str().unwrap_or_default().lines().enumerate() {
                let Some(client) = client(words).filter(|client| *client > (major, minor)) else { continue };
                let message =
                    format!("a client of Spark {}.{} for a server of Spark {major}.{minor}", client.0, client.1);
                report.line(index, (Path::of("data").key(name), line), "pyspark", ("", ""), message);
            }
        }
    }
}

/// The version of a Python client that a line asks for.
fn client(line: &str) -> Option<(u32, u32)> {
    let line = line.trim();
    let names = ["pyspark-client==", "pyspark-connect==", "pyspark[connect]==", "pyspark=="];
    version(names.iter().find_map(|name| line.strip_prefix(name))?)
}
