//! Executors without the settings of a restricted namespace.

use indoc::indoc;
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]  # wrong
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
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-driver
        spec:
          clusterIP: None
          publishNotReadyAddresses: true
          selector: {app: a}
          ports: [{name: rpc, port: 7078}, {name: blocks, port: 7079}]
    "}),
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
