//! Drivers that another namespace cannot find.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-host-short",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A driver whose executors run in another namespace gives its full name",
    why: "The short name of a Service is known in its own namespace only. Executors elsewhere fail with \
          UnknownHostException: `Initial job has not accepted any resources`.",
    fix: "Write `<service>.<namespace>.svc` in `spark.driver.host`.",
    covers: &["L12"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.kubernetes.namespace=jobs
            spark.master=k8s://https://kubernetes.default.svc:443
            spark.driver.host=demo-driver-wrong
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
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.kubernetes.namespace=jobs
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
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in spark.processes.iter().filter(|process| process.is_client_on_kubernetes()) {
        let (Some(host), Some(namespace)) =
            (process.get("spark.driver.host"), process.value("spark.kubernetes.namespace"))
        else {
            continue;
        };
        let own = process.pod.object.namespace().unwrap_or(&stack.target.namespace);
        let is_name =
            host.value.starts_with(|c: char| c.is_ascii_alphabetic()) && !host.value.contains(['.', ':', '$']);
        if is_name && own != namespace && !namespace.contains('$') {
            host.wrong(
                report,
                format!("executors run in the namespace {namespace}, where `{}` is not known", host.value),
            );
        }
    }
}
