//! Files that settings name and nobody mounts.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Process, Spark, mounted};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-file-missing",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Every file of a ConfigMap that a setting names is there",
    why: "The driver stops at once, or at its first executor, with NoSuchFileException: the file is rendered under \
          one name and looked for under another.",
    fix: "Name the file by the path where it is mounted and the key that it has in the ConfigMap.",
    covers: &["L7", "Q13"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/wrong.yaml
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
            spark.master=local[1]
            spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/spark-defaults.conf
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

/// Settings that name a file of the driver.
const FILES: [&str; 5] = [
    "spark.kubernetes.executor.podTemplateFile",
    "spark.kubernetes.driver.podTemplateFile",
    "spark.scheduler.allocation.file",
    "spark.metrics.conf",
    "spark.jars.ivySettings",
];

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in &spark.processes {
        let seen = mounted(stack, &process.pod, &process.container);
        for file in FILES.iter().filter_map(|key| process.get(key)) {
            let path = file.value.strip_prefix("file://").unwrap_or(&file.value);
            // Only a folder that is a ConfigMap from one end to the other is known.
            let Some(folder) = path.rfind('/').and_then(|at| path.get(..=at)) else { continue };
            let mut here = seen.iter().filter(|file| file.path.starts_with(folder)).peekable();
            if here.peek().is_none() || seen.iter().any(|file| file.path == path) || !is_mount(process, folder) {
                continue;
            }
            let names: Vec<&str> = here.map(|file| file.key).collect();
            file.wrong(report, format!("no such file: {path}"))
                .help(format!("in {folder} there is: {}", names.join(", ")));
        }
    }
}

/// Whether one ConfigMap is mounted at a folder, and nothing else there.
fn is_mount(process: &Process<'_>, folder: &str) -> bool {
    let at = |mount: &&serde_json::Value| {
        mount["mountPath"].as_str().is_some_and(|path| path.trim_end_matches('/') == folder.trim_end_matches('/'))
    };
    let mount = items(&process.container.value["volumeMounts"]).find(at);
    let volume =
        mount.and_then(|mount| items(&process.pod.spec["volumes"]).find(|volume| volume["name"] == mount["name"]));
    volume.is_some_and(|volume| volume["configMap"].is_object()) && !process.is_open
}
