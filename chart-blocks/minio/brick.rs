//! MinIO: the stack's own S3 store, where SeaweedFS is not wanted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Image, Object, Peers, Persistence, Pod, ServiceAccount, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "minio",
    component: "s3",
    title: "MinIO: an S3 store inside the cluster, no longer maintained",
    why: "MinIO in place of SeaweedFS, for those who know it or have its data: one pod, one volume. **It has come to \
          its end.** The last public image is that of 2025-09-07; CVE-2025-62506, a privilege escalation that was fixed \
          on 2025-10-15 in the source only, is open in it. In February 2026 the project declared its repository no \
          longer maintained, and in September 2026 its images were deleted from Docker Hub; Quay still had them then. \
          Copy the image to a registry of your own, or name a build that somebody maintains in `image`. In production \
          name your company's S3 in `global.s3.endpoint` and leave this brick out.",
    provides: &[Socket::S3, Socket::EventLog],
    needs: &[],
    needs_when: &[],
    // The port of every S3 brick, so that clients need not know which one is there.
    ports: &[Port { name: "s3", port: 8333, what: "HTTP, the S3 API" }],
    images: &[ImageSlot { key: "image", role: "minio" }],
    version: Version::Image("minio"),
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
    keywords: &["s3", "minio", "storage"],
    sources: &["https://github.com/minio/minio"],
    values: Values::of::<MinioValues>(),
};

/// Values of the S3 store.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct MinioValues {
    /// Image. The default is the last public one, of September 2025.
    pub image: Image,
    /// Where tables and event logs are kept.
    pub persistence: Persistence,
    /// Requests and limits.
    pub resources: Object,
    /// ServiceAccount. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own.
    pub network_policy: Peers,
    /// Placement, security and extras of the pod.
    pub pod: Pod,
}

impl Default for MinioValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            persistence: Persistence::of("20Gi"),
            resources: resources("100m", "384Mi", "1Gi"),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
            pod: Pod::of(1000, 30),
        }
    }
}
