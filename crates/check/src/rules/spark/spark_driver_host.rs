//! Drivers whose address executors cannot find.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-host",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A driver in a pod tells executors an address that they can reach",
    why: "Without `spark.driver.host` the driver announces the name of its pod, which no DNS server knows. \
          Executors start, fail with UnknownHostException and are started again, for ever.",
    fix: "Set `spark.driver.host` to a headless Service of the driver pod, `<service>.<namespace>.svc`, or to the \
          IP of the pod.",
    covers: &["L11", "L14"],
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         spark-defaults.conf: |\n    \
         spark.master=k8s://https://kubernetes.default.svc:443\n    \
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
        let is_known = process.get("spark.driver.host").is_some() || process.has_env("SPARK_LOCAL_HOSTNAME");
        // Executors of Spark 4.1 can be told to use the IP of the pod.
        let by_ip = process.is_on("spark.kubernetes.executor.useDriverPodIP") || process.version() >= Some((4, 3));
        if process.is_client_on_kubernetes() && !is_known && !by_ip && !process.is_open {
            process.wrong(report, "command", "the driver runs here and `spark.driver.host` is not set");
        }
    }
}
