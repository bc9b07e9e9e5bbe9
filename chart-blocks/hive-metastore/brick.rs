//! Hive Metastore: the catalogue of tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Image, Object, Peers, Pod, ServiceAccount, pattern, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "hive-metastore",
    component: "metastore",
    title: "Hive Metastore: the catalogue of tables",
    why: "Without a metastore a table lives as long as the Spark server that made it. The Hive Metastore remembers \
          every table's name, columns and place on S3, for all Spark servers and jobs of the stack. It is version \
          3.1.3 for every line, because newer ones refuse the client that Spark has built in.",
    provides: &[Socket::Metastore],
    needs: &[Socket::Database, Socket::S3],
    needs_when: &[],
    ports: &[Port { name: "thrift", port: 9083, what: "Thrift" }],
    images: &[ImageSlot { key: "image", role: "hive" }, ImageSlot { key: "setupImage", role: "spark" }],
    version: Version::Image("hive"),
    apis: &[],
    globals: &[
        "stack",
        "platform",
        "clusterDomain",
        "imageRegistry",
        "imagePullSecrets",
        "credentials.generate",
        "credentials.existingSecret",
        "s3",
        "database",
        "jars",
        "networkPolicy.enabled",
        "networkPolicy.dnsPorts",
    ],
    jars: &["metastore", "jdbc"],
    python: None,
    shared_files: &["prepare.py"],
    shared_templates: &[],
    credentials: &[],
    keywords: &["hive", "metastore", "catalog"],
    sources: &["https://hive.apache.org"],
    values: Values::of::<HiveMetastoreValues>(),
};

/// Values of the metastore.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct HiveMetastoreValues {
    /// Image.
    pub image: Image,
    /// Image of the init container that fetches the jars and waits for the database: any with Python 3.
    pub setup_image: Image,
    /// Heap of the metastore, as Java writes it: `512m`. Keep it 400 MB or more below the memory limit.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub heap: String,
    /// Settings added to hive-site.xml. They win over the chart's own.
    pub hive_site: Object,
    /// Requests and limits.
    pub resources: Object,
    /// ServiceAccount. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own.
    pub network_policy: Peers,
    /// Placement, security and extras of the pod.
    pub pod: Pod,
}

impl Default for HiveMetastoreValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            setup_image: Image::default(),
            heap: "512m".into(),
            hive_site: Object::new(),
            resources: resources("250m", "640Mi", "1Gi"),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
            pod: Pod::of(1000, 30),
        }
    }
}
