//! A shuffle service that does not exist.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-shuffle-service",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The external shuffle service is not switched on on Kubernetes",
    why: "Executors look for a shuffle service on their node, port 7337. Spark on Kubernetes has none, and \
          executors fail to register: `Unable to register with external shuffle server`.",
    fix: "Take the setting out. Dynamic allocation works with shuffle tracking, or with Celeborn.",
    covers: &["L79", "S16"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=k8s://https://kubernetes.default.svc
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
              command: [/opt/spark/bin/spark-submit, --conf, spark.shuffle.service.enabled=true, --class, org.apache.spark.sql.connect.service.SparkConnectServer]  # wrong
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
            spark.shuffle.service.enabled=false
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
    for set in spark.sets() {
        let master = set.get("spark.master").map(|master| master.value.as_str());
        let on_kubernetes = set.process.is_none() || master.is_some_and(|master| master.starts_with("k8s://"));
        if let Some(on) = set.get("spark.shuffle.service.enabled").filter(|on| on.is_true() && on_kubernetes) {
            on.wrong(report, "there is no external shuffle service on Kubernetes");
        }
    }
}
