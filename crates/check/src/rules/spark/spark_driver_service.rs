//! Driver Services that appear too late.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Spark, driver_service};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-service",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "The Service of a driver is headless, and has an address before the pod is ready",
    why: "Executors start while the driver is starting. As long as its pod is not ready a Service has no address, \
          so that the first executors fail and are counted as failures of the application. With a cluster IP every \
          connection takes a detour, the one of the driver to itself too.",
    fix: "Give executors a Service of their own with `clusterIP: None` and `publishNotReadyAddresses: true`, and \
          clients another one.",
    covers: &["L11"],
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
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              readinessProbe:
                tcpSocket: {port: 15002}
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-driver
        spec:  # wrong
          clusterIP: None
          selector: {app: a}
          ports: [{name: rpc, port: 7078}, {name: blocks, port: 7079}]
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
    for process in spark.processes.iter().filter(|process| process.is_client_on_kubernetes()) {
        let Some((index, service)) = process.get("spark.driver.host").and_then(|host| driver_service(stack, host))
        else {
            continue;
        };
        if *service.at("spec.clusterIP") != "None" {
            report.object(
                index,
                Path::of("spec.clusterIP"),
                "executors reach the driver by this Service, and it is not headless",
            );
        }
        // A pod without a readiness probe is ready at once.
        let is_probed = process.container.value["readinessProbe"].is_object()
            || process.container.value["startupProbe"].is_object();
        if *service.at("spec.publishNotReadyAddresses") != true && is_probed {
            let path = Path::of("spec.publishNotReadyAddresses");
            report.object(index, path, "executors cannot find the driver until its pod is ready");
        }
    }
}
