//! A pod that breaks no rule, and renders made of objects, for the unit tests of the rules.

use std::path::Path;

use serde_json::{Value, json};

use crate::case::Case;
use crate::object::{Object, Pod};
use crate::render::Render;

/// A pod that breaks no rule on Kubernetes.
pub fn good_pod() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata("demo-connect"),
        "spec": {
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "serviceAccountName": "demo-connect",
            "securityContext": {
                "runAsNonRoot": true, "runAsUser": 185, "fsGroup": 185, "seccompProfile": {"type": "RuntimeDefault"}
            },
            "initContainers": [container("prepare")],
            "containers": [container("connect")],
            "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
        },
    })
}

/// Metadata with all labels.
pub fn metadata(name: &str) -> Value {
    json!({
        "name": name,
        "namespace": crate::helm::NAMESPACE,
        "labels": {
            "app.kubernetes.io/name": "spark-connect",
            "app.kubernetes.io/instance": "demo",
            "app.kubernetes.io/component": "connect",
            "app.kubernetes.io/part-of": "demo",
            "app.kubernetes.io/version": "4.1.4",
            "app.kubernetes.io/managed-by": "Helm",
            "helm.sh/chart": "spark-4-1-0.1.0",
        },
    })
}

fn container(name: &str) -> Value {
    json!({
        "name": name,
        "image": "docker.io/apache/spark:4.1.4",
        "securityContext": {
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}
        },
        "resources": {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    })
}

/// A Deployment of the good pod that serves on a port.
pub fn good_deployment() -> Value {
    let mut pod = good_pod();
    pod["spec"]["containers"][0]["ports"] = json!([{"name": "ui", "containerPort": 4040}]);
    for (probe, path) in [("startupProbe", "/a"), ("readinessProbe", "/b"), ("livenessProbe", "/c")] {
        pod["spec"]["containers"][0][probe] = json!({"httpGet": {"path": path, "port": "ui"}});
    }
    let selector = json!({
        "app.kubernetes.io/name": "spark-connect", "app.kubernetes.io/instance": "demo", "app.kubernetes.io/component": "connect"
    });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata("demo-connect"),
        "spec": {
            "selector": {"matchLabels": selector},
            "template": {"metadata": {"labels": pod["metadata"]["labels"]}, "spec": pod["spec"]},
        },
    })
}

/// A Service of the good Deployment.
pub fn good_service() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata("demo-connect"),
        "spec": {
            "selector": good_deployment()["spec"]["selector"]["matchLabels"],
            "ports": [{"name": "ui", "port": 4040, "targetPort": "ui"}],
        },
    })
}

/// The good pod after a change.
pub fn pod(change: impl FnOnce(&mut Value)) -> Pod {
    let mut value = good_pod();
    change(&mut value);
    Object { value }.pods().remove(0)
}

/// A render of these objects.
pub fn render(openshift: bool, objects: impl IntoIterator<Item = Value>) -> Render {
    Render {
        case: Case { openshift, ..Case::plain(Path::new("sample"), "unit-test") },
        release: "demo".to_owned(),
        text: String::new(),
        objects: objects.into_iter().map(|value| Object { value }).collect(),
    }
}

/// A ServiceAccount.
pub fn account(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(name), "automountServiceAccountToken": false
    })
}
