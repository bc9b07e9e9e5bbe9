//! How many pods a workload has.

use serde_json::Value;

use crate::context::Stack;
use crate::object::Object;

/// The autoscaler of a workload: Kubernetes' own, or KEDA's.
pub(crate) fn autoscaler<'s>(stack: &'s Stack, workload: &Object) -> Option<&'s Object> {
    stack.objects.iter().find(|object| {
        // KEDA takes a Deployment when no kind is given.
        let default = match (object.kind(), object.group()) {
            ("HorizontalPodAutoscaler", "autoscaling") => None,
            ("ScaledObject", "keda.sh") => Some("Deployment"),
            _ => return false,
        };
        let target = object.at("spec.scaleTargetRef");
        let kind = target["kind"].as_str().or(default);
        kind == Some(workload.kind()) && target["name"].as_str() == Some(workload.name())
    })
}

/// How many pods a workload has at least; `None` when it cannot be told.
pub(crate) fn replicas(stack: &Stack, workload: &Object) -> Option<i64> {
    if let Some(scaler) = autoscaler(stack, workload) {
        let least = ["minReplicas", "minReplicaCount"].map(|key| scaler.at("spec")[key].as_i64());
        // KEDA goes down to none.
        let default = i64::from(scaler.group() == "autoscaling");
        return Some(least.into_iter().flatten().next().unwrap_or(default));
    }
    match workload.at("spec.replicas") {
        Value::Null => Some(1),
        number => number.as_i64(),
    }
}
