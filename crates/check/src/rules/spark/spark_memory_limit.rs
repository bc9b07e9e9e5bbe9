//! Drivers and daemons whose memory does not fit into their container.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::memory::{heap_of_options, of_kubernetes, of_spark, with_overhead};
use crate::spark::{Process, Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-memory-limit",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The heap of a JVM and what it needs beside it fit into the container",
    why: "The kernel kills the container at its limit, exit code 137, under load and without a word in the log of \
          Spark. Spark sets the limits of executors itself; those of drivers in pods and of daemons are yours.",
    fix: "Limit of a driver: heap plus a tenth of it, 384 MiB at least. Limit of a daemon: heap plus a quarter of \
          it.",
    covers: &["Q21"],
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
              command: [/opt/spark/bin/spark-submit, --driver-memory, 4g, job.py]
              resources:
                limits: {memory: 4Gi}  # wrong
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
              command: [/opt/spark/bin/spark-submit, --driver-memory, 4g, job.py]
              resources:
                limits: {memory: 5Gi}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        let Some(limit) = of_kubernetes(&process.container.value["resources"]["limits"]["memory"]) else { continue };
        let Some((heap, from)) = heap(process) else { continue };
        let needed = match process.program {
            Program::Connect | Program::Thrift | Program::Submit => {
                // In a cluster the driver is another pod.
                if process.value("spark.submit.deployMode") == Some("cluster") {
                    continue;
                }
                let off_heap = process
                    .value("spark.memory.offHeap.size")
                    .filter(|_| process.is_on("spark.memory.offHeap.enabled"));
                let overhead = process.value("spark.driver.memoryOverhead").and_then(of_spark);
                let factor = process.value("spark.driver.memoryOverheadFactor").and_then(|factor| factor.parse().ok());
                with_overhead(heap, overhead, factor.unwrap_or(0.1)) + off_heap.and_then(of_spark).unwrap_or(0.0)
            }
            // Executors of a worker count too, but their number is the scheduler's.
            Program::History | Program::Master | Program::Worker | Program::Metastore => {
                heap + (heap / 4.0).clamp(100.0, 1024.0)
            }
        };
        if needed > limit {
            let message = format!(
                "{} of memory is too little for a heap of {} ({from}): that needs {}",
                mib(limit),
                mib(heap),
                mib(needed)
            );
            let last = process.wrong(report, "resources.limits.memory", message);
            if let Some(heap) = process.get(from) {
                last.or(heap.target());
            }
        }
    }
}

/// The heap in MiB, and what says so.
fn heap(process: &Process<'_>) -> Option<(f64, &'static str)> {
    let options = |name: &str| process.env(name).and_then(heap_of_options);
    match process.program {
        Program::Connect | Program::Thrift | Program::Submit => {
            let set = process.value("spark.driver.memory").and_then(of_spark).map(|heap| (heap, "spark.driver.memory"));
            let by_env =
                || process.env("SPARK_DRIVER_MEMORY").and_then(of_spark).map(|heap| (heap, "SPARK_DRIVER_MEMORY"));
            let default =
                || (!process.is_open && process.program != Program::Submit).then_some((1024.0, "the default"));
            set.or_else(by_env).or_else(default)
        }
        Program::History | Program::Master | Program::Worker => {
            let set = process.env("SPARK_DAEMON_MEMORY").and_then(of_spark).map(|heap| (heap, "SPARK_DAEMON_MEMORY"));
            set.or_else(|| {
                (!process.is_open && !process.has_env("SPARK_DAEMON_MEMORY")).then_some((1024.0, "the default"))
            })
        }
        Program::Metastore => {
            let by_options = ["HADOOP_CLIENT_OPTS", "HADOOP_OPTS", "SERVICE_OPTS"].into_iter().find_map(options);
            by_options.map(|heap| (heap, "-Xmx"))
        }
    }
}

fn mib(amount: f64) -> String {
    format!("{amount:.0}Mi")
}
