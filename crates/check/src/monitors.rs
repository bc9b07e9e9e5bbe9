//! What a ServiceMonitor or PodMonitor selects.

use serde_json::Value;

use crate::context::Stack;
use crate::object::{Object, Pod, fits, items};
use crate::related::{namespace, wants_labels_of_spark};

/// What Prometheus would find.
pub(crate) enum Selected<'s> {
    /// Services and the pods behind them.
    Services(Vec<&'s Object>),
    /// Pods.
    Pods(Vec<Pod<'s>>),
}

/// What a monitor selects; nothing if it is none, or looks where nothing is known.
pub(crate) fn selected<'s>(stack: &'s Stack, monitor: &Object) -> Option<Selected<'s>> {
    if monitor.group() != "monitoring.coreos.com" || wants_labels_of_spark(monitor.at("spec.selector")) {
        return None;
    }
    let wanted = monitor.at("spec.namespaceSelector");
    let named: Vec<&str> = items(&wanted["matchNames"]).filter_map(Value::as_str).collect();
    let ours = match named.is_empty() {
        true => vec![namespace(stack, monitor)],
        false => named,
    };
    let is_near = |object: &Object| wanted["any"] == true || ours.contains(&namespace(stack, object));
    if !stack.objects.iter().any(is_near) {
        return None;
    }
    let selector = monitor.at("spec.selector");
    match monitor.kind() {
        "ServiceMonitor" => {
            let services = stack.of_kind("Service").map(|(_, service)| service);
            Some(Selected::Services(services.filter(|s| is_near(s) && fits(selector, s.labels())).collect()))
        }
        "PodMonitor" => {
            let pods = stack.pods().into_iter();
            Some(Selected::Pods(pods.filter(|pod| is_near(pod.object) && fits(selector, pod.labels())).collect()))
        }
        _ => None,
    }
}
