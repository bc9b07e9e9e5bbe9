//! What the objects of one install have to do with each other.

use serde_json::Value;

use crate::context::Stack;
use crate::object::{Object, Pod, items, selects, walk};
use crate::path::Path;

/// API groups whose objects make no others: those of Kubernetes itself, and those that only describe.
const PLAIN_GROUPS: [&str; 20] = [
    "",
    "apps",
    "batch",
    "autoscaling",
    "policy",
    "rbac.authorization.k8s.io",
    "networking.k8s.io",
    "gateway.networking.k8s.io",
    "storage.k8s.io",
    "scheduling.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "autoscaling.k8s.io",
    "keda.sh",
    "route.openshift.io",
    "security.openshift.io",
    "image.openshift.io",
];

/// Kinds of the Prometheus operator that only describe; its other kinds make pods and Services.
const MONITORS: [&str; 4] = ["ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe"];

/// The namespace that an object lands in.
pub(crate) fn namespace<'s>(stack: &'s Stack, object: &'s Object) -> &'s str {
    object.namespace().unwrap_or(&stack.target.namespace)
}

/// Whether some operator reads the object and may make others from it.
pub(crate) fn is_custom(object: &Object) -> bool {
    match object.group() {
        "monitoring.coreos.com" => !MONITORS.contains(&object.kind()),
        group => !PLAIN_GROUPS.contains(&group),
    }
}

/// Whether operators make pods, Services or Secrets that are not among the objects.
pub(crate) fn has_operators(stack: &Stack) -> bool {
    stack.objects.iter().any(is_custom)
}

/// Whether an operator may make the object of this name: a custom resource holds the name, or is called like its start.
pub(crate) fn operator_makes(stack: &Stack, name: &str) -> bool {
    stack.objects.iter().filter(|object| is_custom(object)).any(|object| {
        let own = object.name();
        let mut found = !own.is_empty() && (name == own || name.starts_with(&format!("{own}-")));
        walk(&object.value, &Path::root(), &mut |_, value| found |= value == name);
        found
    })
}

/// The object of a kind and name in a namespace.
pub(crate) fn find<'s>(stack: &'s Stack, kind: &'s str, name: &str, namespace: &str) -> Option<(usize, &'s Object)> {
    stack.of_kind(kind).find(|(_, object)| object.name() == name && self::namespace(stack, object) == namespace)
}

/// The pods of a namespace whose labels are wanted.
pub(crate) fn pods_with<'s>(stack: &'s Stack, namespace: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Pod<'s>> {
    let mut pods = stack.pods();
    pods.retain(|pod| self::namespace(stack, pod.object) == namespace && wanted(pod.labels()));
    pods
}

/// The pods that a Service sends to.
pub(crate) fn pods_behind<'s>(stack: &'s Stack, service: &'s Object) -> Vec<Pod<'s>> {
    let selector = service.at("spec.selector");
    pods_with(stack, namespace(stack, service), |labels| selects(selector, labels))
}

/// Whether a selector asks for labels that Spark gives to its pods, so that no object shows them.
pub(crate) fn wants_labels_of_spark(selector: &Value) -> bool {
    let by_spark = |key: &str| key.starts_with("spark-") || key.starts_with("sparkoperator.k8s.io/");
    let keys = selector.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    keys.into_iter().any(by_spark)
        || !selector["matchLabels"].is_null() && wants_labels_of_spark(&selector["matchLabels"])
        || items(&selector["matchExpressions"]).any(|term| term["key"].as_str().is_some_and(by_spark))
}

/// Ports that the containers of a pod declare: names and numbers.
pub(crate) fn ports<'p>(pod: &Pod<'p>) -> Vec<(&'p str, u64)> {
    let containers = pod.containers().into_iter();
    containers
        .flat_map(|container| items(&container.value["ports"]))
        .filter_map(|port| Some((port["name"].as_str().unwrap_or_default(), port["containerPort"].as_u64()?)))
        .collect()
}

/// A selector as messages show it: `app=s3, tier=data`.
pub(crate) fn shown(selector: &Value) -> String {
    let pair = |(key, value): (&String, &Value)| format!("{key}={}", value.as_str().unwrap_or_default());
    let labels = selector.get("matchLabels").unwrap_or(selector);
    labels
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "matchExpressions")
        .map(pair)
        .collect::<Vec<_>>()
        .join(", ")
}

/// `; there is: a, b` for what was not found, or nothing.
pub(crate) fn there_is(names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("there is: {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_of_spark_are_known() {
        assert!(wants_labels_of_spark(&json!({"spark-role": "executor"})));
        assert!(wants_labels_of_spark(&json!({"matchLabels": {"spark-role": "executor"}})));
        assert!(!wants_labels_of_spark(&json!({"matchLabels": {"app": "spark"}})));
        assert_eq!(shown(&json!({"matchLabels": {"a": "b", "c": "d"}})), "a=b, c=d");
    }
}
