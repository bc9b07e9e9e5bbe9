//! Paths of mounts and of files in volumes.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{items, name};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "mounts-valid",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Paths of mounts are absolute, paths inside volumes are relative and stay inside",
    why: "The API server refuses a `subPath` that starts with `/` or holds `..`, and the kubelet cannot start a container whose \
          mountPath is no path: `must be absolute` in an event, and nothing in the log.",
    fix: "Start mountPath with `/`, and subPath and the `path` of items without it.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: conf
              configMap:
                name: a
                items:
                  - key: a
                    path: /etc/a  # wrong
          containers:
            - name: a
              volumeMounts:
                - name: conf
                  mountPath: opt/conf  # wrong
                  subPath: ../a  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: conf
              configMap:
                name: a
                items:
                  - key: a
                    path: etc/a..b
          containers:
            - name: a
              volumeMounts:
                - name: conf
                  mountPath: /opt/conf/a
                  subPath: etc/a..b
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        let windows = pod.spec["os"]["name"] == "windows";
        for container in pod.containers() {
            for (at, mount) in items(&container.value["volumeMounts"]).enumerate() {
                let path = container.path.key("volumeMounts").index(at);
                let target = mount["mountPath"].as_str().unwrap_or("/");
                if !windows && !target.is_empty() && !target.starts_with('/') {
                    report.pod(&pod, path.key("mountPath"), format!("`{target}` is no absolute path"));
                } else if !windows && target.contains(':') {
                    report.pod(&pod, path.key("mountPath"), format!("`{target}` holds a colon"));
                }
                for key in ["subPath", "subPathExpr"] {
                    if let Some(wrong) = mount[key].as_str().and_then(leaves) {
                        report.pod(&pod, path.key(key), wrong);
                    }
                }
                if ["subPath", "subPathExpr"]
                    .iter()
                    .all(|key| mount[*key].as_str().is_some_and(|text| !text.is_empty()))
                {
                    report.pod(&pod, path.key("subPathExpr"), format!("mount {} has subPath too", name(mount)));
                }
            }
        }
        for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
            for source in ["configMap", "secret", "downwardAPI"] {
                for (number, item) in items(&volume[source]["items"]).enumerate() {
                    if let Some(wrong) = item["path"].as_str().and_then(leaves) {
                        let path =
                            pod.spec_path().key("volumes").index(at).key(source).key("items").index(number).key("path");
                        report.pod(&pod, path, wrong);
                    }
                }
            }
        }
    }
}

/// What is wrong with a path that must stay inside its volume.
fn leaves(path: &str) -> Option<String> {
    if path.starts_with('/') {
        Some(format!("`{path}` must be relative"))
    } else {
        path.split('/').any(|part| part == "..").then(|| format!("`{path}` leaves the volume"))
    }
}
