//! The knobs that every pod has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Object;

/// An object literal as an [`Object`].
pub fn object(value: serde_json::Value) -> Object {
    match value {
        serde_json::Value::Object(map) => map,
        _ => Object::new(),
    }
}

/// Requests and limits: memory is limited, CPU is not, because Spark is quicker when it may borrow idle cores.
pub fn resources(cpu: &str, memory_request: &str, memory_limit: &str) -> Object {
    object(json!({"requests": {"cpu": cpu, "memory": memory_request}, "limits": {"memory": memory_limit}}))
}

/// Security context of every container: what Pod Security `restricted` asks for, and a read-only root file system.
pub fn container_security() -> Object {
    object(json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": {"drop": ["ALL"]},
    }))
}

/// Security context of a pod whose image runs as `id`.
pub fn pod_security(id: u32) -> Object {
    object(json!({
        "runAsNonRoot": true,
        "runAsUser": id,
        "runAsGroup": id,
        "fsGroup": id,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }))
}

/// Placement, security and extras of the pod.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Pod {
    /// Annotations.
    pub annotations: Object,
    /// Labels.
    pub labels: Object,
    /// Node labels that the pod asks for.
    pub node_selector: Object,
    /// Taints that the pod tolerates.
    pub tolerations: Vec<Object>,
    /// Affinity rules.
    pub affinity: Object,
    /// Topology spread constraints.
    pub topology_spread_constraints: Vec<Object>,
    /// PriorityClass.
    pub priority_class_name: String,
    /// Seconds that the pod has to end.
    #[schemars(range(min = 0))]
    pub termination_grace_period_seconds: u32,
    /// Security context of the pod. Ids are left out on OpenShift.
    pub security_context: Object,
    /// Security context of each container.
    pub container_security_context: Object,
    /// Requests and limits of each init container.
    pub init_resources: Object,
    /// Environment variables of the main container.
    pub extra_env: Vec<Object>,
    /// ConfigMaps and Secrets whose keys become environment variables of the main container.
    pub extra_env_from: Vec<Object>,
    /// Volumes.
    pub extra_volumes: Vec<Object>,
    /// Volume mounts of the main container.
    pub extra_volume_mounts: Vec<Object>,
    /// Init containers that run before the pod's own.
    pub extra_init_containers: Vec<Object>,
    /// Containers beside the main one.
    pub extra_containers: Vec<Object>,
}

impl Pod {
    /// The knobs of a pod whose image runs as `id` and which needs `grace` seconds to end.
    pub fn of(id: u32, grace: u32) -> Self {
        Self {
            annotations: Object::new(),
            labels: Object::new(),
            node_selector: Object::new(),
            tolerations: Vec::new(),
            affinity: Object::new(),
            topology_spread_constraints: Vec::new(),
            priority_class_name: String::new(),
            termination_grace_period_seconds: grace,
            security_context: pod_security(id),
            container_security_context: container_security(),
            init_resources: resources("50m", "64Mi", "512Mi"),
            extra_env: Vec::new(),
            extra_env_from: Vec::new(),
            extra_volumes: Vec::new(),
            extra_volume_mounts: Vec::new(),
            extra_init_containers: Vec::new(),
            extra_containers: Vec::new(),
        }
    }
}

impl Default for Pod {
    fn default() -> Self {
        Self::of(185, 30)
    }
}
