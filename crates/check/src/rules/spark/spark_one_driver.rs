//! More than one of what can only be one.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Process, Program, Spark, mounted};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-one-driver",
    group: Group::Spark,
    severity: Severity::Error,
    title: "There is one of each driver, and one of each master and metastore that keeps its state to itself",
    why: "Sessions of Spark Connect live in one driver. Behind a Service with two of them every second call lands \
          at the one that has never heard of the session, and executors call the wrong driver. Two masters without \
          a common store are two clusters; two metastores with embedded databases are two catalogues.",
    fix: "Set `replicas: 1` and take the HorizontalPodAutoscaler out. For more users, install a second stack.",
    covers: &["L19", "D14"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 3  # wrong
          template:
            metadata:
              labels: {app: a}
            spec:
              containers:
                - name: a
                  image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
                  command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 1
          template:
            metadata:
              labels: {app: a}
            spec:
              containers:
                - name: a
                  image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
                  command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in &spark.processes {
        let object = process.pod.object;
        let why = match process.program {
            Program::Connect => "sessions live in one driver",
            Program::Thrift => "sessions and temporary tables live in one driver",
            Program::Master if process.value("spark.deploy.recoveryMode").is_none() && !process.is_open => {
                "masters without `spark.deploy.recoveryMode` are clusters of their own"
            }
            Program::Metastore if keeps_its_own(stack, process) => "each has a Derby database of its own",
            _ => continue,
        };
        if object.at("spec.replicas").as_u64().is_some_and(|replicas| replicas > 1) {
            report.object(process.pod.index, Path::of("spec.replicas"), format!("more than one, but {why}"));
        }
        for (index, scaler) in stack.of_kind("HorizontalPodAutoscaler") {
            let target = scaler.at("spec.scaleTargetRef");
            let is_meant = target["kind"] == object.kind() && target["name"] == object.name();
            if is_meant && scaler.at("spec.maxReplicas").as_u64().is_some_and(|most| most > 1) {
                report.object(
                    index,
                    Path::of("spec.maxReplicas"),
                    format!("makes more than one of {}, but {why}", object.id()),
                );
            }
        }
    }
}

/// Whether a metastore is set to an embedded database.
fn keeps_its_own(stack: &Stack, process: &Process<'_>) -> bool {
    let seen = mounted(stack, &process.pod, &process.container);
    process.text.contains("jdbc:derby") || seen.iter().any(|file| file.text.contains("jdbc:derby"))
}
