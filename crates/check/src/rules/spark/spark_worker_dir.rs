//! Workers that cannot write.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-worker-dir",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A worker has a folder that it can write",
    why: "Workers keep applications in $SPARK_HOME/work, which belongs to the image. With a read-only root, or \
          under another user, each executor fails before its first line of log: `Failed to create directory`.",
    fix: "Set SPARK_WORKER_DIR to a folder on an emptyDir with a size.",
    covers: &["S13", "L70"],
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
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.worker.Worker]  # wrong
              securityContext:
                readOnlyRootFilesystem: true
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
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.worker.Worker]
              env:
                - name: SPARK_WORKER_DIR
                  value: /work
              securityContext:
                readOnlyRootFilesystem: true
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in spark.running(Program::Worker) {
        let value = process.container.value;
        let user = value["securityContext"]["runAsUser"]
            .as_u64()
            .or(process.pod.spec["securityContext"]["runAsUser"].as_u64());
        let cannot = value["securityContext"]["readOnlyRootFilesystem"] == true
            || process.has_official_image()
                && (stack.target.openshift || user.is_some_and(|user| !matches!(user, 0 | 185)));
        let mounted = items(&value["volumeMounts"])
            .any(|mount| mount["mountPath"].as_str().is_some_and(|path| path.trim_end_matches('/').ends_with("/work")));
        if cannot
            && !mounted
            && !process.has_env("SPARK_WORKER_DIR")
            && !process.text.contains("--work-dir")
            && !process.is_open
        {
            process.wrong_word(report, "orker", "the worker writes to $SPARK_HOME/work and may not");
        }
    }
}
