//! Executors that no worker can take.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::memory::of_spark;
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-executor-fits-worker",
    group: Group::Spark,
    severity: Severity::Error,
    title: "An executor of a standalone cluster fits into a worker",
    why: "The master waits for a worker that is large enough. There is none: the application stays in WAITING \
          without an error.",
    fix: "Lower `spark.executor.memory` or `spark.executor.cores`, or give workers more by SPARK_WORKER_MEMORY and \
          SPARK_WORKER_CORES.",
    covers: &["L74"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: worker
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.worker.Worker]
              env:
                - name: SPARK_WORKER_MEMORY
                  value: 2g
                - name: SPARK_WORKER_DIR
                  value: /tmp
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --master, "spark://master:7077", --executor-memory, 4g, job.py]  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: worker
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.worker.Worker]
              env:
                - name: SPARK_WORKER_MEMORY
                  value: 4g
                - name: SPARK_WORKER_DIR
                  value: /tmp
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --master, "spark://master:7077", --executor-memory, 4g, job.py]
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    let largest = |key: &str, read: fn(&str) -> Option<f64>| {
        let all: Option<Vec<f64>> =
            spark.running(Program::Worker).map(|worker| worker.env(key).and_then(read)).collect();
        all.and_then(|all| all.into_iter().reduce(f64::max))
    };
    let memory = largest("SPARK_WORKER_MEMORY", of_spark);
    let cores = largest("SPARK_WORKER_CORES", |text| text.parse().ok());
    for process in &spark.processes {
        if !process.value("spark.master").is_some_and(|master| master.starts_with("spark://")) {
            continue;
        }
        if let (Some(has), Some(wanted)) = (memory, process.get("spark.executor.memory"))
            && of_spark(&wanted.value).is_some_and(|wanted| wanted > has)
        {
            wanted.wrong(report, format!("executors want {}, and the largest worker has {has:.0} MiB", wanted.value));
        }
        if let (Some(has), Some(wanted)) = (cores, process.get("spark.executor.cores"))
            && wanted.value.parse::<f64>().is_ok_and(|wanted| wanted > has)
        {
            wanted.wrong(report, format!("executors want {} cores, and the largest worker has {has}", wanted.value));
        }
    }
}
