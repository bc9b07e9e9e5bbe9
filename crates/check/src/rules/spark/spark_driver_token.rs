//! Drivers without a token for the API.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-token",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A driver that makes executors has the token of its ServiceAccount",
    why: "The driver calls the Kubernetes API with this token. Without it Spark stops with `External scheduler \
          cannot be instantiated`, or is refused as anonymous.",
    fix: "Set `automountServiceAccountToken: true` in the pod of the driver. Executors do not need it.",
    covers: &["S7"],
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
          automountServiceAccountToken: false  # wrong
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
          automountServiceAccountToken: true
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
        let spec = process.pod.spec;
        // A projected token can be mounted by hand.
        let by_hand = items(&spec["volumes"]).any(|volume| {
            items(&volume["projected"]["sources"]).any(|source| source["serviceAccountToken"].is_object())
        });
        let other = process.properties.iter().any(|property| {
            property.key.starts_with("spark.kubernetes.authenticate.") && property.key.contains("oauthToken")
        });
        if spec["automountServiceAccountToken"] == false && !by_hand && !other {
            report.pod(
                &process.pod,
                process.pod.spec_path().key("automountServiceAccountToken"),
                "the driver calls the Kubernetes API and has no token",
            );
        }
    }
}
