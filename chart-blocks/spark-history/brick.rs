//! Spark History Server: what has run, how, and why it was slow.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Expose, Image, Object, Peers, Pod, Service, ServiceAccount, pattern, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "spark-history",
    component: "history",
    title: "Spark History Server: what has run, and how",
    why: "A Spark application's own web page ends with it. Spark writes an event log to S3, and this server shows it \
          afterwards: every query, stage and task with its time and memory. It is the first page to open when \
          somebody says that a job was slow. A running application appears once it has written its first 10 MB of \
          events or has ended, because S3 shows a file only when it is closed.",
    provides: &[],
    needs: &[Socket::S3, Socket::EventLog],
    needs_when: &[],
    ports: &[Port { name: "http", port: 18080, what: "HTTP, the web page" }],
    images: &[ImageSlot { key: "image", role: "spark" }],
    version: Version::Spark,
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
        "jars",
        "networkPolicy.enabled",
        "networkPolicy.dnsPorts",
    ],
    jars: &["core"],
    python: None,
    shared_files: &["prepare.py"],
    shared_templates: &["spark"],
    credentials: &[],
    keywords: &["spark", "history-server", "event-log"],
    sources: &["https://spark.apache.org/docs/latest/monitoring.html"],
    values: Values::of::<SparkHistoryValues>(),
};

/// Values of the History Server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SparkHistoryValues {
    /// Image.
    pub image: Image,
    /// Heap of the server, as Java writes it. 512m is enough for some hundred applications; keep it 400 MB or more
    /// below the memory limit.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub heap: String,
    /// Options of the JVM, for example `-XX:+UseZGC`. `-XX:TieredStopAtLevel=1` starts sooner where cores are few.
    pub java_options: String,
    /// How long event logs of ended applications are kept, for example `30d`. Empty: for ever.
    #[schemars(regex(pattern = r"^([1-9][0-9]*(m|h|d))?$"))]
    pub retention: String,
    /// How often the server looks for new event logs.
    #[schemars(regex(pattern = r"^[1-9][0-9]*(s|m)$"))]
    pub update_interval: String,
    /// Space on the node for parsed applications.
    pub store_size: String,
    /// Spark settings (`spark.history.*` and others). They win over the chart's own.
    pub spark_conf: Object,
    /// How the web page is reached from outside the cluster.
    pub expose: Expose,
    /// Service.
    pub service: Service,
    /// Requests and limits.
    pub resources: Object,
    /// ServiceAccount. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own.
    pub network_policy: Peers,
    /// Placement, security and extras of the pod.
    pub pod: Pod,
}

impl Default for SparkHistoryValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            heap: "512m".into(),
            java_options: String::new(),
            retention: "30d".into(),
            update_interval: "10s".into(),
            store_size: "2Gi".into(),
            spark_conf: Object::new(),
            expose: Expose::default(),
            service: Service::default(),
            resources: resources("50m", "512Mi", "1Gi"),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
            pod: Pod::of(185, 30),
        }
    }
}
