//! SeaweedFS: the stack's own S3 store.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Image, Object, Peers, Persistence, Pod, ServiceAccount, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "seaweedfs",
    component: "s3",
    title: "SeaweedFS: an S3 store inside the cluster",
    why: "Spark keeps tables and event logs on S3. This brick is a small S3 store of one pod, so that a stack works \
          before anybody has asked for a bucket. It is one copy of the data on one volume: good for trying out and \
          for development. In production name your company's S3 in `global.s3.endpoint` and leave this brick out.",
    provides: &[Socket::S3, Socket::EventLog],
    needs: &[],
    needs_when: &[],
    ports: &[Port { name: "s3", port: 8333, what: "HTTP, the S3 API" }],
    images: &[ImageSlot { key: "image", role: "seaweedfs" }],
    version: Version::Image("seaweedfs"),
    apis: &[],
    globals: &[
        "stack",
        "platform",
        "clusterDomain",
        "imageRegistry",
        "imagePullSecrets",
        "credentials",
        "s3.endpoint",
        "s3.bucket",
        "s3.existingSecret",
        "s3.accessKeyKey",
        "s3.secretKeyKey",
        "networkPolicy",
    ],
    jars: &[],
    python: None,
    shared_files: &[],
    shared_templates: &[],
    credentials: &["s3-access-key", "s3-secret-key"],
    keywords: &["s3", "seaweedfs", "storage"],
    sources: &["https://github.com/seaweedfs/seaweedfs"],
    values: Values::of::<SeaweedfsValues>(),
};

/// Values of the S3 store.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SeaweedfsValues {
    /// Image.
    pub image: Image,
    /// Where tables and event logs are kept.
    pub persistence: Persistence,
    /// Size of one volume file in MB. The store makes a few of them per bucket, and they grow as they fill.
    #[schemars(range(min = 64, max = 30000))]
    pub volume_size_limit: u32,
    /// Requests and limits.
    pub resources: Object,
    /// ServiceAccount. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own.
    pub network_policy: Peers,
    /// Placement, security and extras of the pod.
    pub pod: Pod,
}

impl Default for SeaweedfsValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            persistence: Persistence::of("20Gi"),
            volume_size_limit: 1024,
            resources: resources("100m", "384Mi", "1Gi"),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
            pod: Pod::of(1000, 30),
        }
    }
}
