//! Names inside a pod.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::grammar;
use crate::object::{Role, items, name};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "pod-names",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Containers, volumes and variables of a pod have names that Kubernetes accepts",
    why: "The API server refuses the workload, or the controller cannot create the pod from it. A name made of a value that \
          holds a dot, a capital or an underscore is the usual cause.",
    fix: "Use lower-case letters, digits and `-`, at most 63 of them. Containers and init containers share one set of names.",
    covers: &["Q54", "Q55"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: spark.local  # wrong
              emptyDir: {}
          initContainers:
            - name: main
          containers:
            - name: main  # wrong
              env:
                - name: A=B  # wrong
                  value: c
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: spark-local
              emptyDir: {}
          initContainers:
            - name: wait
          containers:
            - name: main
              env:
                - name: spark.driver.host
                  value: c
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for (at, volume) in items(&pod.spec["volumes"]).enumerate().filter(|(_, volume)| volume["name"].is_string()) {
            if let Some(wrong) = grammar::dns_label(name(volume)) {
                let path = pod.spec_path().key("volumes").index(at).key("name");
                report.pod(&pod, path, format!("`{}` is no name of a volume: {wrong}", name(volume)));
            }
        }
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for container in pod.containers().into_iter().filter(|container| container.value["name"].is_string()) {
            let here = container.path.key("name");
            let list = match container.role {
                Role::Init | Role::Sidecar => "initContainers",
                Role::Main => "containers",
                Role::Ephemeral => "ephemeralContainers",
            };
            // Two of one list are a duplicate item, which is another rule's.
            let other = seen.iter().find(|(name, in_list)| *name == container.name() && *in_list != list);
            if let Some(wrong) = grammar::dns_label(container.name()) {
                report.pod(&pod, here, format!("`{}` is no name of a container: {wrong}", container.name()));
            } else if let Some((name, other)) = other {
                report.pod(&pod, here, format!("one of {other} is named {name} too"));
            }
            seen.push((container.name(), list));
            for (at, entry) in items(&container.value["env"]).enumerate().filter(|(_, entry)| entry["name"].is_string())
            {
                let printable = |c: u8| (b' '..=b'~').contains(&c) && c != b'=';
                if !name(entry).bytes().all(printable) {
                    let path = container.path.key("env").index(at).key("name");
                    report.pod(&pod, path, format!("`{}` is no name of a variable", name(entry)));
                }
            }
        }
    }
}
