//! Executors without the settings of a restricted namespace.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-executor-template",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Executors have a pod template where pods are restricted",
    why: "Spark makes executors without a security context. A namespace that enforces Pod Security `restricted` \
          refuses each of them, and the driver tries again for ever: `Initial job has not accepted any resources`.",
    fix: "Put a pod template into the ConfigMap, with the security context of a restricted pod, and name it in \
          `spark.kubernetes.executor.podTemplateFile`.",
    covers: &["S8", "Q13"],
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
         spark.kubernetes.driver.pod.name=${env:POD_NAME}\n\
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

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    // OpenShift fills in what is missing, the unrestricted policies do not ask for it.
    if stack.target.openshift || !stack.target.policies.iter().any(|policy| policy.to_string() == "pss:restricted") {
        return;
    }
    for process in spark.processes.iter().filter(|process| process.is_client_on_kubernetes()) {
        if process.get("spark.kubernetes.executor.podTemplateFile").is_none() && !process.is_open {
            process.wrong(
                report,
                "command",
                "its executors have no pod template, and the namespace refuses pods without a security context",
            );
        }
    }
}
