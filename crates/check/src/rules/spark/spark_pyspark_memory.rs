//! Memory of Python that the pod does not get.

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
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.master=k8s://https://kubernetes.default.svc:443\n    \
         spark.driver.host=demo-driver.spark.svc\n    \
         spark.driver.port=7078\n    \
         spark.driver.blockManager.port=7079\n    \
         spark.kubernetes.driver.pod.name=${env:POD_NAME}\n    \
         spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml\n    \
         spark.executor.pyspark.memory=${env:wrong}\n    \
         spark.app.name=wrong\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: conf}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/spark/conf}\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.master=k8s://https://kubernetes.default.svc:443\n    \
         spark.driver.host=demo-driver.spark.svc\n    \
         spark.driver.port=7078\n    \
         spark.driver.blockManager.port=7079\n    \
         spark.kubernetes.driver.pod.name=${env:POD_NAME}\n    \
         spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml\n    \
         spark.executor.pyspark.memory=2g\n    \
         spark.kubernetes.resource.type=python\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: conf}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/spark/conf}\n",
    ),
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
