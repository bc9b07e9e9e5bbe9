//! Executors that nobody owns.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-pod-name",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "A driver in a pod tells Spark the name of its pod",
    why: "Executors get the driver pod as their owner if Spark knows its name. Without it they stay when the pod \
          is deleted or the node is lost, and keep their memory until somebody finds them.",
    fix: "Take the name from `metadata.name` by the downward API and pass `--conf \
          spark.kubernetes.driver.pod.name=$(POD_NAME)`.",
    covers: &["L20"],
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
         spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml\n\
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
         command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]  # wrong\n      \
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
         spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml\n\
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
         - {name: conf, mountPath: /opt/spark/conf}\n\
         ---\n\
         apiVersion: v1\n\
         kind: Service\n\
         metadata:\n  \
         name: demo-driver\n\
         spec:\n  \
         clusterIP: None\n  \
         publishNotReadyAddresses: true\n  \
         selector: {app: a}\n  \
         ports: [{name: rpc, port: 7078}, {name: blocks, port: 7079}]\n",
    ),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        let is_named = process.get("spark.kubernetes.driver.pod.name").is_some();
        if process.is_client_on_kubernetes() && !is_named && !process.is_open {
            process.wrong(report, "command", "the driver runs here and `spark.kubernetes.driver.pod.name` is not set");
        }
    }
}
