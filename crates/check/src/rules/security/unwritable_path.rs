//! Paths that a program writes, on a root file system that is read-only.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::{ImageName, Severity};

use crate::context::Stack;
use crate::object::{Container, Pod, Role, items};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unwritable-path",
    group: Group::Security,
    severity: Severity::Error,
    title: "With a read-only root, HOME and working folders lie on volumes that can be written",
    why: "`Read-only file system` in the middle of a start: Ivy cannot keep jars below HOME, the JVM cannot unpack libraries \
          into /tmp, a worker cannot make the folder of its job.",
    fix: "Mount an emptyDir with a size on the path, or point the variable below a mount that can be written.",
    covers: &["Q14", "L24", "L70"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4
              command: [spark-submit]
              securityContext: {readOnlyRootFilesystem: true}
              env:
                - {name: HOME, value: /home/spark}  # wrong
              volumeMounts:  # wrong
                - {name: config, mountPath: /home}
          volumes:
            - {name: config, configMap: {name: a, optional: true}}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4
              securityContext: {readOnlyRootFilesystem: true}
              env:
                - {name: HOME, value: /tmp/home}
              volumeMounts:
                - {name: tmp, mountPath: /tmp}
          volumes:
            - {name: tmp, emptyDir: {}}
    "}),
    check: Check::Stack(check),
};

/// Variables that name a folder which is written.
const WRITTEN: [&str; 18] = [
    "HOME",
    "TMPDIR",
    "SPARK_LOCAL_DIRS",
    "SPARK_WORKER_DIR",
    "SPARK_LOG_DIR",
    "SPARK_PID_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTER_DATA_DIR",
    "MPLCONFIGDIR",
    "IPYTHONDIR",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "PGDATA",
    "HADOOP_LOG_DIR",
    "HIVE_LOG_DIR",
    "CELEBORN_LOG_DIR",
    "CELEBORN_PID_DIR",
    "PIP_CACHE_DIR",
];

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        // Operators, and Spark from its settings, add volumes to the pods that they make.
        if pod.is_template() && pod.embedded.is_none() {
            continue;
        }
        for container in pod.containers() {
            if container.value["securityContext"]["readOnlyRootFilesystem"] != true {
                continue;
            }
            for (at, entry) in items(&container.value["env"]).enumerate() {
                let known = entry["name"].as_str().filter(|name| WRITTEN.contains(name));
                let (Some(name), Some(value)) = (known, entry["value"].as_str()) else { continue };
                // Spark mounts the folders of executors that it names itself.
                let by_spark = pod.embedded.is_some() && name == "SPARK_LOCAL_DIRS";
                let mut folders = value.split(',').filter(|folder| folder.starts_with('/') && !folder.contains('$'));
                if let Some(folder) = folders.find(|folder| !by_spark && !is_writable(&pod, &container, folder)) {
                    let message =
                        format!("container {} cannot write to {folder}, which {name} names", container.name());
                    report.pod(&pod, container.path.key("env").index(at).key("value"), message);
                }
            }
            let image = container.value["image"].as_str().map(|image| ImageName::of(image).repository);
            // The image serves for small scripts too; a JVM is what a server runs, or a command that says so.
            let runs = pod.serves()
                || container.words().any(|word| word.contains("spark-submit") || word.contains("org.apache.spark"));
            let is_spark = runs && image.is_some_and(|name| name == "apache/spark") && container.role == Role::Main;
            if is_spark && !is_writable(&pod, &container, "/tmp") {
                let message = format!("container {} runs Spark and cannot write to /tmp", container.name());
                report.pod(&pod, container.path.key("volumeMounts"), message);
            }
        }
    }
}

/// Whether the innermost mount around a path can be written.
fn is_writable(pod: &Pod<'_>, container: &Container<'_>, path: &str) -> bool {
    let mounts = items(&container.value["volumeMounts"]);
    let around = mounts.filter_map(|mount| Some((mount["mountPath"].as_str()?.trim_end_matches('/'), mount)));
    let holds = |at: &str| path == at || path.strip_prefix(at).is_some_and(|rest| rest.starts_with('/'));
    let innermost = around.filter(|(at, _)| holds(at)).max_by_key(|(at, _)| at.len());
    path.starts_with("/dev/") || innermost.is_some_and(|(_, mount)| mount["readOnly"] != true && !is_fixed(pod, mount))
}

/// Whether a mount shows what Kubernetes wrote, which nobody else can write.
fn is_fixed(pod: &Pod<'_>, mount: &Value) -> bool {
    let volume = items(&pod.spec["volumes"]).find(|volume| volume["name"] == mount["name"]);
    let fixed = ["configMap", "secret", "projected", "downwardAPI", "image"];
    volume.is_some_and(|volume| fixed.iter().any(|kind| volume.get(kind).is_some()))
}
