//! Apache Celeborn: a remote shuffle service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Image, Object, Peers, Persistence, Pod, ServiceAccount, object, pattern, resources};

/// User of the published image.
const USER: u32 = 10006;

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "celeborn",
    component: "rss-master",
    title: "Celeborn: a remote shuffle service for jobs that shuffle much",
    why: "Executors push the rows that they shuffle to Celeborn's workers in place of their own disks. An executor can \
          then go as soon as it has no work, or be killed with its node, and nothing is computed twice; its disk need \
          not hold the shuffle; and a worker hands a reader one file in place of a small piece from every writer. The \
          price: the workers are pods that run all the time, and each row travels once more. Small jobs are slower \
          with it. Masters say which worker takes what; data never pass through them.",
    provides: &[Socket::Shuffle],
    needs: &[],
    needs_when: &[],
    ports: &[
        Port { name: "master", port: 9097, what: "RPC of a master, for drivers and workers" },
        Port { name: "master-http", port: 9098, what: "HTTP of a master: metrics and state" },
        Port { name: "ratis", port: 9872, what: "Raft, between three masters" },
        Port { name: "worker", port: 9100, what: "RPC of a worker, for drivers" },
        Port { name: "push", port: 9101, what: "rows of executors that come" },
        Port { name: "fetch", port: 9102, what: "rows for executors that go" },
        Port { name: "replicate", port: 9103, what: "copies, between workers" },
        Port { name: "worker-http", port: 9096, what: "HTTP of a worker: metrics and state" },
    ],
    images: &[ImageSlot { key: "image", role: "celeborn" }],
    version: Version::Image("celeborn"),
    apis: &[],
    globals: &[
        "stack",
        "platform",
        "clusterDomain",
        "imageRegistry",
        "imagePullSecrets",
        "shuffle.masters",
        "networkPolicy.enabled",
        "networkPolicy.dnsPorts",
    ],
    jars: &[],
    python: None,
    shared_files: &[],
    shared_templates: &[],
    credentials: &[],
    keywords: &["celeborn", "shuffle", "spark"],
    sources: &["https://github.com/apache/celeborn", "https://celeborn.apache.org/docs/latest/deploy/"],
    values: Values::of::<CelebornValues>(),
};

/// Values of Celeborn.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct CelebornValues {
    /// Image of masters and workers.
    pub image: Image,
    /// The masters; `global.shuffle.masters` says how many.
    pub master: Master,
    /// The workers.
    pub worker: Worker,
    /// Settings of Celeborn (`celeborn.*`) for masters and workers. They win over the chart's own.
    pub celeborn_conf: Object,
    /// ServiceAccount of masters and workers. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own: drivers and executors outside the stack, and Prometheus, go to `from`.
    pub network_policy: Peers,
}

/// The masters.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Master {
    /// Heap, as Java writes it. A master keeps a list of shuffles and workers, no rows.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub heap: String,
    /// Options of the JVM.
    pub java_options: String,
    /// Where three masters keep the log of what they have agreed on. One master keeps nothing.
    pub persistence: Persistence,
    /// Requests and limits. The memory limit must hold the heap and 384 MB for the JVM itself.
    pub resources: Object,
    /// Placement, security and extras of the master pods.
    pub pod: Pod,
}

impl Default for Master {
    fn default() -> Self {
        Self {
            heap: "512m".into(),
            java_options: String::new(),
            persistence: Persistence::of("1Gi"),
            resources: resources("100m", "512Mi", "1Gi"),
            pod: spread("rss-master", Pod::of(USER, 30)),
        }
    }
}

/// The workers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Worker {
    /// How many run. Rows of a worker that is lost are computed again, unless drivers have
    /// `shuffle.celeborn.replicate`, which needs two.
    #[schemars(range(min = 1))]
    pub replicas: u32,
    /// Heap, as Java writes it.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub heap: String,
    /// Memory beside the heap in which rows wait for the disk, as Java writes it. Above 85 % of it a worker takes no
    /// more rows, and executors wait: give more to many executors, or where disks are slow.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub off_heap: String,
    /// Options of the JVM.
    pub java_options: String,
    /// Disk for shuffled rows, each worker. 5 GB of it stay free (`celeborn.worker.storage.disk.reserve.size`). On a claim
    /// a worker that restarts still has its rows; on the node they are gone, and it starts at once anywhere.
    pub storage: Persistence,
    /// Requests and limits. The memory limit must hold `heap`, `offHeap` and 384 MB for the JVM itself.
    pub resources: Object,
    /// Placement, security and extras of the worker pods. Of `terminationGracePeriodSeconds` a worker with a claim takes
    /// all but 20 to finish the files that it writes.
    pub pod: Pod,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            replicas: 1,
            heap: "512m".into(),
            off_heap: "1g".into(),
            java_options: String::new(),
            storage: Persistence { enabled: false, ..Persistence::of("20Gi") },
            resources: resources("250m", "1536Mi", "2Gi"),
            pod: spread("rss-worker", Pod::of(USER, 120)),
        }
    }
}

/// A pod of which no two share a node if that can be had.
fn spread(component: &str, pod: Pod) -> Pod {
    let constraint = json!({
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/component": component}},
    });
    Pod { topology_spread_constraints: vec![object(constraint)], ..pod }
}
