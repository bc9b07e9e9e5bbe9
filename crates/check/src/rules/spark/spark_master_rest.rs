//! Masters that take jobs from everybody.

use indoc::indoc;
use serde_json::{Value, json};
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{fits, items};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark, version_of};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-master-rest",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The REST server of a master is off",
    why: "Since Spark 4.1 a master listens on port 6066 by default and starts whatever is sent to it, without \
          asking who sends it: code of anybody who reaches the port, under the account of the cluster.",
    fix: "Set `spark.master.rest.enabled=false`, or keep the port in by a NetworkPolicy.",
    covers: &["S13"],
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
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.master.Master]  # wrong
        ---
        apiVersion: spark.apache.org/v1
        kind: SparkCluster
        metadata:
          name: b
        spec:
          runtimeVersions: {sparkVersion: 4.2.0}
          sparkConf:  # wrong
            spark.kubernetes.container.image: apache/spark:4.2.0
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, -Dspark.master.rest.enabled=false, org.apache.spark.deploy.master.Master]
        ---
        apiVersion: spark.apache.org/v1
        kind: SparkCluster
        metadata:
          name: b
        spec:
          runtimeVersions: {sparkVersion: 4.2.0}
          sparkConf:
            spark.master.rest.enabled: "false"
    "#}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in spark.running(Program::Master) {
        let set = process.get("spark.master.rest.enabled");
        let is_on = match set {
            Some(rest) => rest.is_true(),
            None => process.version() >= Some((4, 1)) && !process.is_open,
        };
        let filtered = process.get("spark.master.rest.filters").is_some();
        if !is_on || filtered || kept_in(stack, process.pod.labels()) {
            continue;
        }
        match set {
            Some(rest) => rest.wrong(report, MESSAGE),
            None => process.wrong_word(report, "aster", MESSAGE),
        };
    }
    // An operator makes the container of a master that a custom resource does not describe.
    for (index, cluster) in stack.of_kind("SparkCluster") {
        if spark.running(Program::Master).any(|process| process.pod.index == index) {
            continue;
        }
        let conf = cluster.at("spec.sparkConf");
        let off = conf["spark.master.rest.enabled"] == "false" || !conf["spark.master.rest.filters"].is_null();
        let labels = json!({"spark-role": "master", "spark.operator/spark-cluster-name": cluster.name()});
        if !off && version_of(cluster) >= Some((4, 1)) && !kept_in(stack, &labels) {
            report.object(index, Path::of("spec.sparkConf"), MESSAGE);
        }
    }
}

const MESSAGE: &str = "everybody who reaches port 6066 starts jobs here";

/// Whether a policy that names ports and not this one keeps it in.
fn kept_in(stack: &Stack, labels: &Value) -> bool {
    stack.of_kind("NetworkPolicy").any(|(_, policy)| {
        let ingress = policy.at("spec.ingress");
        let open = items(ingress)
            .any(|rule| !rule["ports"].is_array() || items(&rule["ports"]).any(|port| port["port"] == 6066));
        fits(policy.at("spec.podSelector"), labels) && !open
    })
}
