//! Fields of which exactly one may be there.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::object::{items, name};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "one-of",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Where Kubernetes wants one of several fields, exactly one is there",
    why: "The API server refuses the object: `may not specify more than 1 volume type`, `must specify a handler type`. It \
          happens where a template prints one field and a value adds another.",
    fix: "Keep the one that is meant. In templates use `if` and `else`, not two `with`.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: work
              emptyDir: {}
              persistentVolumeClaim: {claimName: work}  # wrong
          containers:
            - name: a
              env:
                - name: KEY
                  value: abc
                  valueFrom: {fieldRef: {fieldPath: metadata.name}}  # wrong
              readinessProbe:  # wrong
                periodSeconds: 5
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          volumes:
            - name: work
              emptyDir: {}
          containers:
            - name: a
              env:
                - name: EMPTY
                - name: KEY
                  valueFrom: {fieldRef: {fieldPath: metadata.name}}
              readinessProbe:
                tcpSocket: {port: 80}
    "}),
    check: Check::Stack(check),
};

const HANDLERS: [&str; 5] = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
const VALUES: [&str; 6] = ["configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef", "value"];

fn check(stack: &Stack, report: &mut Report) {
    for pod in api::whole_pods(stack) {
        for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
            let path = pod.spec_path().key("volumes").index(at);
            let sources: Vec<&str> = keys(volume).filter(|key| *key != "name").collect();
            match sources.as_slice() {
                // A volume without a source is an emptyDir, for reasons of history.
                [] | [_] => {}
                [.., last] => {
                    let message = format!("volume {} has {}", name(volume), sources.join(" and "));
                    report.pod(&pod, path.key(last), message);
                }
            }
        }
        for container in pod.containers() {
            for (at, entry) in items(&container.value["env"]).enumerate() {
                let path = container.path.key("env").index(at).key("valueFrom");
                let from = &entry["valueFrom"];
                let sources = keys(from).filter(|key| VALUES.contains(key)).count();
                if from.is_object() && entry["value"].as_str().is_some_and(|value| !value.is_empty()) {
                    report.pod(&pod, path, format!("variable {} has a value and a source", name(entry)));
                } else if from.is_object() && sources != 1 {
                    report.pod(&pod, path, format!("variable {} has {sources} sources", name(entry)));
                }
            }
            for (at, entry) in items(&container.value["envFrom"]).enumerate() {
                let sources = keys(entry).filter(|key| matches!(*key, "configMapRef" | "secretRef")).count();
                if sources != 1 {
                    let path = container.path.key("envFrom").index(at);
                    report.pod(&pod, path, format!("an item of envFrom has {sources} sources"));
                }
            }
            for probe in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"]
            {
                let value = probe.split('.').fold(container.value, |value, key| &value[key]);
                let handlers: Vec<&str> = keys(value).filter(|key| HANDLERS.contains(key)).collect();
                if value.is_object() && handlers.len() != 1 {
                    let message = match handlers.len() {
                        0 => format!("{probe} does not say what to do: exec, httpGet, tcpSocket or grpc"),
                        _ => format!("{probe} has {}", handlers.join(" and ")),
                    };
                    report.pod(&pod, container.path.keys(probe), message);
                }
            }
        }
    }
    for (index, object) in stack.objects.iter().enumerate() {
        if let Some((path, message)) = others(object.group(), object.kind(), &object.value["spec"]) {
            report.object(index, Path::of(path), message);
        }
    }
    peers(stack, report);
}

/// Keys of a map that hold something.
fn keys(map: &Value) -> impl Iterator<Item = &str> {
    map.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.as_str())
}

fn others(group: &str, kind: &str, spec: &Value) -> Option<(&'static str, &'static str)> {
    let zero = |value: &Value| value == 0 || value == "0%" || value == "0";
    match (group, kind) {
        ("policy", "PodDisruptionBudget") if !spec["minAvailable"].is_null() && !spec["maxUnavailable"].is_null() => {
            Some(("spec.maxUnavailable", "a PodDisruptionBudget has minAvailable or maxUnavailable, not both"))
        }
        ("", "Service")
            if spec["clusterIP"] == "None" && (spec["type"] == "NodePort" || spec["type"] == "LoadBalancer") =>
        {
            Some(("spec.clusterIP", "a Service of this type cannot be headless"))
        }
        ("apps", "Deployment")
            if spec["strategy"]["type"] == "Recreate" && !spec["strategy"]["rollingUpdate"].is_null() =>
        {
            Some(("spec.strategy.rollingUpdate", "`rollingUpdate` is not allowed when the type is Recreate"))
        }
        ("apps", "Deployment")
            if zero(&spec["strategy"]["rollingUpdate"]["maxSurge"])
                && zero(&spec["strategy"]["rollingUpdate"]["maxUnavailable"]) =>
        {
            Some((
                "spec.strategy.rollingUpdate.maxUnavailable",
                "maxSurge and maxUnavailable are both 0: nothing could move",
            ))
        }
        ("apps", "StatefulSet")
            if spec["updateStrategy"]["type"] == "OnDelete" && !spec["updateStrategy"]["rollingUpdate"].is_null() =>
        {
            Some(("spec.updateStrategy.rollingUpdate", "`rollingUpdate` is for the type RollingUpdate only"))
        }
        _ => None,
    }
}

/// Peers of network policies, and backends of ingresses.
fn peers(stack: &Stack, report: &mut Report) {
    for (index, policy) in api::of(stack, "networking.k8s.io", "NetworkPolicy") {
        for (list, side) in [("ingress", "from"), ("egress", "to")] {
            for (at, rule) in items(&policy.value["spec"][list]).enumerate() {
                for (number, peer) in items(&rule[side]).enumerate() {
                    let path = Path::of("spec").key(list).index(at).key(side).index(number);
                    let count = keys(peer).count();
                    if count == 0 {
                        report.object(index, path, "a peer needs podSelector, namespaceSelector or ipBlock");
                    } else if count > 1 && !peer["ipBlock"].is_null() {
                        report.object(index, path.key("ipBlock"), "ipBlock cannot stand beside a selector");
                    }
                }
            }
        }
    }
    for (index, ingress) in api::of(stack, "networking.k8s.io", "Ingress") {
        for (at, rule) in items(&ingress.value["spec"]["rules"]).enumerate() {
            for (number, entry) in
                items(&rule["http"]["paths"]).enumerate().filter(|(_, entry)| entry["backend"].is_object())
            {
                let path = Path::of("spec.rules").index(at).keys("http.paths").index(number).key("backend");
                if keys(&entry["backend"]).count() != 1 {
                    report.object(index, path, "a backend is a service or a resource");
                } else if entry["backend"]["service"].is_object()
                    && keys(&entry["backend"]["service"]["port"]).count() != 1
                {
                    report.object(index, path.keys("service.port"), "the port of a backend is a number or a name");
                }
            }
        }
    }
}
