//! Drivers behind a Service that does not lead to them.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{items, selects};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Spark, driver_service};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-ports",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The Service of a driver selects its pod and has its ports",
    why: "Executors open two connections to the driver. Ports that are not fixed are others at every start, and \
          nobody comes through a Service that selects another pod. Jobs wait for resources and time out.",
    fix: "Fix `spark.driver.port` and `spark.driver.blockManager.port`, and list both in a headless Service that \
          selects the driver pod.",
    covers: &["L13"],
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
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: demo-driver
        spec:
          publishNotReadyAddresses: true
          selector: {app: a}
          ports: [{name: rpc, port: 7078}]  # wrong
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
        let Some(host) = process.get("spark.driver.host") else { continue };
        let Some((index, service)) = driver_service(stack, host) else { continue };
        let spec = &service.value["spec"];
        if !selects(&spec["selector"], process.pod.labels()) && spec["selector"].is_object() {
            report.object(
                index,
                Path::of("spec.selector"),
                format!("`{}` is to reach {}, and is not selected", host.value, process.pod.id()),
            );
        }
        for key in ["spark.driver.port", "spark.driver.blockManager.port"] {
            // The port of the driver's block manager falls back to the one of all.
            let port =
                process.get(key).or_else(|| process.get("spark.blockManager.port").filter(|_| key.contains("block")));
            match port.filter(|port| port.value != "0") {
                None if process.is_open => {}
                None => {
                    host.wrong(
                        report,
                        format!("executors come to `{}`, and `{key}` is another number at every start", host.value),
                    );
                }
                Some(port) => {
                    // A headless Service leads to every port of the pod, listed or not.
                    let listed = spec["clusterIP"] == "None"
                        || items(&spec["ports"]).any(|entry| entry["port"].as_u64() == port.value.parse().ok());
                    if !listed && port.value.parse::<u16>().is_ok() {
                        report.object(
                            index,
                            Path::of("spec.ports"),
                            format!("the port {} of `{key}` is not listed", port.value),
                        );
                    }
                }
            }
        }
    }
}
