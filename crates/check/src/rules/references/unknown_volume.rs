//! Mounts of a volume that the pod does not have.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Pod, items, name};
use crate::related::there_is;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-volume",
    group: Group::References,
    severity: Severity::Error,
    title: "Every volumeMount names a volume of its pod",
    why: "The API server refuses the pod: `volumeMounts[0].name: Not found`. In a template of executors it is Spark's driver \
          that is refused, minutes later.",
    fix: "Add the volume to the pod, or correct the name. A StatefulSet may have it among its volumeClaimTemplates.",
    covers: &["Q33"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              volumeMounts:
                - {name: temp, mountPath: /tmp}  # wrong
          volumes:
            - {name: tmp, emptyDir: {}}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: a}
        spec:
          template:
            spec:
              containers:
                - name: a
                  volumeMounts:
                    - {name: tmp, mountPath: /tmp}
                    - {name: data, mountPath: /data}
              volumes:
                - {name: tmp, emptyDir: {}}
          volumeClaimTemplates:
            - metadata: {name: data}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        // An operator adds volumes that its custom resource lists elsewhere.
        if pod.is_template() && pod.embedded.is_none() {
            continue;
        }
        let known = volumes(&pod);
        for container in pod.containers() {
            for list in ["volumeMounts", "volumeDevices"] {
                for (at, mount) in items(&container.value[list]).enumerate() {
                    let Some(name) = mount["name"].as_str() else { continue };
                    // Spark adds its own, and those of its settings.
                    let by_spark = pod.embedded.is_some() && is_named(&pod, name);
                    if !known.contains(&name) && !by_spark {
                        let message =
                            format!("the pod has no volume `{name}`, which container {} mounts", container.name());
                        let last = report.pod(&pod, container.path.key(list).index(at).key("name"), message);
                        if let Some(help) = there_is(&known) {
                            last.help(help);
                        }
                    }
                }
            }
        }
    }
}

/// Names of the volumes of a pod.
fn volumes<'s>(pod: &Pod<'s>) -> Vec<&'s str> {
    let mut names: Vec<&str> = items(&pod.spec["volumes"]).map(name).collect();
    if pod.object.kind() == "StatefulSet" {
        let templates = items(pod.object.at("spec.volumeClaimTemplates"));
        names.extend(templates.filter_map(|template| template["metadata"]["name"].as_str()));
    }
    names
}

/// Whether Spark makes a volume of this name, by itself or because a setting beside the template says so.
fn is_named(pod: &Pod<'_>, name: &str) -> bool {
    let part = format!(".{name}.");
    let settings = crate::wires::config_texts(pod.object);
    name.starts_with("spark-")
        || settings.filter(|(key, _)| !key.ends_with(".yaml")).any(|(_, text)| text.contains(&part))
}
