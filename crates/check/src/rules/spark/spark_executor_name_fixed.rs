//! Executors whose names are taken.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-executor-name-fixed",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Names of executors are not fixed for a driver that is restarted",
    why: "After a restart the new driver makes executors of the same names while the old ones are still going: \
          `AlreadyExists`, and no executor comes until they are gone.",
    fix: "Leave `spark.kubernetes.executor.podNamePrefix` out. Spark then makes a new one at every start.",
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
         spark.kubernetes.driver.pod.name=${env:POD_NAME}\n    \
         spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml\n    \
         spark.kubernetes.executor.podNamePrefix=wrong\n\
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
    for process in spark.processes.iter().filter(|process| process.is_client_on_kubernetes()) {
        if let Some(prefix) =
            process.get("spark.kubernetes.executor.podNamePrefix").filter(|prefix| !prefix.value.contains('$'))
        {
            prefix.wrong(report, "executors have the same names after every restart of the driver");
        }
    }
}
