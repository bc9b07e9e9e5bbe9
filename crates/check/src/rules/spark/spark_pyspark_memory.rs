//! Memory of Python that the pod does not get.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::memory::of_spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-pyspark-memory",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Memory for Python is added to the pods that use it",
    why: "With the driver in a pod, Spark limits the Python workers to `spark.executor.pyspark.memory` and does \
          not add it to the executor pod. The pod is killed at its limit in the first large UDF.",
    fix: "Raise `spark.executor.memoryOverhead` by it, or set `spark.kubernetes.resource.type=python`.",
    covers: &["S12"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=k8s://https://kubernetes.default.svc:443
            spark.driver.host=demo-driver.spark.svc
            spark.driver.port=7078
            spark.driver.blockManager.port=7079
            spark.kubernetes.driver.pod.name=${env:POD_NAME}
            spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml
            spark.executor.pyspark.memory=${env:wrong}
            spark.app.name=wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=k8s://https://kubernetes.default.svc:443
            spark.driver.host=demo-driver.spark.svc
            spark.driver.port=7078
            spark.driver.blockManager.port=7079
            spark.kubernetes.driver.pod.name=${env:POD_NAME}
            spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml
            spark.executor.pyspark.memory=2g
            spark.kubernetes.resource.type=python
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in spark.processes.iter().filter(|process| process.is_client_on_kubernetes()) {
        let Some(memory) = process.get("spark.executor.pyspark.memory") else { continue };
        let is_python = process.value("spark.kubernetes.resource.type") == Some("python");
        let wanted = of_spark(&memory.value).unwrap_or(0.0);
        let overhead = process.value("spark.executor.memoryOverhead").and_then(of_spark);
        if !is_python && overhead.is_none_or(|overhead| overhead < wanted) {
            memory.wrong(report, "the executor pods get no memory for this");
        }
    }
}
