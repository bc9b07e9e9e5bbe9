//! Images, Services, storage and other small objects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Object;

/// A container image.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Image {
    /// Registry; `global.imageRegistry` replaces it.
    pub registry: String,
    /// Repository.
    #[schemars(length(min = 1))]
    pub repository: String,
    /// Tag, a full version.
    pub tag: String,
    /// Digest (`sha256:...`); wins over the tag.
    #[schemars(regex(pattern = r"^(sha256:[0-9a-f]{64})?$"))]
    pub digest: String,
    /// When the node pulls the image.
    pub pull_policy: PullPolicy,
}

impl Default for Image {
    fn default() -> Self {
        Self {
            registry: String::new(),
            repository: String::new(),
            tag: String::new(),
            digest: String::new(),
            pull_policy: PullPolicy::IfNotPresent,
        }
    }
}

/// When the node pulls an image.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub enum PullPolicy {
    /// Every time a container starts.
    Always,
    /// When it is not there.
    IfNotPresent,
    /// Never.
    Never,
}

/// A ServiceAccount.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServiceAccount {
    /// Make it. Off: name one that exists.
    pub create: bool,
    /// Its name. Empty: `<stack>-<component>`.
    pub name: String,
    /// Annotations, for example for a cloud's workload identity.
    pub annotations: Object,
}

impl Default for ServiceAccount {
    fn default() -> Self {
        Self { create: true, name: String::new(), annotations: Object::new() }
    }
}

/// Where data is kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Persistence {
    /// Keep the data on a PersistentVolumeClaim, which outlives `helm uninstall`. Off: on the node, gone with the pod.
    pub enabled: bool,
    /// Size of the claim, or limit of the space on the node. Cannot be changed later by `helm upgrade`.
    pub size: String,
    /// StorageClass. Empty: the cluster's default.
    pub storage_class: String,
}

impl Persistence {
    /// On, with this size.
    pub fn of(size: &str) -> Self {
        Self { enabled: true, size: size.into(), storage_class: String::new() }
    }
}

impl Default for Persistence {
    fn default() -> Self {
        Self::of("8Gi")
    }
}

/// How a web page is reached from outside the cluster.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExposeType {
    /// Not at all; `kubectl port-forward` still works.
    None,
    /// By an Ingress.
    Ingress,
    /// By an OpenShift Route with TLS at the edge.
    Route,
}

/// How the web page is reached from outside the cluster.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expose {
    /// `none` (port-forward only), `ingress`, or `route` (OpenShift, TLS at the edge).
    pub r#type: ExposeType,
    /// Host name. An Ingress needs one; a Route takes the cluster's own when empty.
    pub host: String,
    /// IngressClass. Empty: the cluster's default.
    pub class_name: String,
    /// Secret with the certificate of an Ingress. Empty: plain HTTP.
    pub tls_secret: String,
    /// Annotations of the Ingress or Route.
    pub annotations: Object,
}

impl Default for Expose {
    fn default() -> Self {
        Self {
            r#type: ExposeType::None,
            host: String::new(),
            class_name: String::new(),
            tls_secret: String::new(),
            annotations: Object::new(),
        }
    }
}

/// A Service.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Service {
    /// Type of the Service.
    pub r#type: ServiceType,
    /// Annotations, for example for a load balancer.
    pub annotations: Object,
}

impl Default for Service {
    fn default() -> Self {
        Self { r#type: ServiceType::ClusterIP, annotations: Object::new() }
    }
}

/// Types of a Service.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub enum ServiceType {
    /// Inside the cluster.
    ClusterIP,
    /// On a port of every node.
    NodePort,
    /// By the cloud's load balancer.
    LoadBalancer,
}

/// Peers beyond the stack's own, added to the NetworkPolicy when `global.networkPolicy.enabled`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Peers {
    /// Further peers that may connect, as in a NetworkPolicy's `from`.
    pub from: Vec<Object>,
    /// Further egress rules, as in a NetworkPolicy's `egress`.
    pub egress: Vec<Object>,
}
