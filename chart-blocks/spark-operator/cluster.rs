//! Standalone clusters that Apache's operator makes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::shared::{ExecutorPod, Image, Object, object, pattern, resources};

/// A cluster.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Cluster {
    /// Image of master and workers; executors run in the workers.
    pub image: Image,
    /// The master. It keeps its list of workers and applications in memory: when it restarts, workers come back to it by
    /// themselves, and running applications end.
    pub master: Master,
    /// The workers. The operator ends their pods without a grace period, so executors cannot hand their blocks over to
    /// others: what a worker has shuffled or cached is computed again when it goes.
    pub worker: Worker,
    /// Spark settings of master and workers (`spark.deploy.*`, `spark.worker.*`). They win over the chart's own.
    pub spark_conf: Object,
}

/// The master.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Master {
    /// Heap, as Java writes it.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub heap: String,
    /// Options of the JVM.
    pub java_options: String,
    /// Requests and limits.
    pub resources: Object,
    /// Placement, security and extras of the master pod.
    pub pod: ExecutorPod,
}

impl Default for Master {
    fn default() -> Self {
        Self {
            heap: "512m".into(),
            java_options: String::new(),
            resources: resources("100m", "512Mi", "1Gi"),
            pod: ExecutorPod::default(),
        }
    }
}

/// The workers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Worker {
    /// How many there are at first.
    #[schemars(range(min = 1))]
    pub initial: u32,
    /// Workers at least. 0: as many as `initial`.
    #[schemars(range(min = 0))]
    pub min: u32,
    /// Workers at most. More than `min`: the operator makes a HorizontalPodAutoscaler, which adds a worker a minute while
    /// they use more than 30 % of the CPU that they ask for. The cluster needs a metrics server, and applications need
    /// `spark.dynamicAllocation.enabled` to use new workers. 0: as many as `initial`.
    #[schemars(range(min = 0))]
    pub max: u32,
    /// Cores that one worker offers to executors.
    #[schemars(range(min = 1))]
    pub cores: u32,
    /// Memory that one worker offers to executors, as Java writes it. The memory limit of `resources` must hold it,
    /// the worker's own `heap`, and what executors take beside their heaps (Python, the JVM).
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub memory: String,
    /// Heap of the worker itself, which only starts and watches executors.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub heap: String,
    /// Options of the worker's JVM.
    pub java_options: String,
    /// Space on the node for jars and logs of applications.
    pub work_size: String,
    /// Space on the node for shuffle and spill.
    pub scratch_size: String,
    /// How long the folder of an ended application is kept, in seconds. Its logs lie there.
    #[schemars(range(min = 60))]
    pub keep_seconds: u32,
    /// Requests and limits.
    pub resources: Object,
    /// Requests and limits of the init container, which waits for the master.
    pub init_resources: Object,
    /// Placement, security and extras of the worker pods, and so of executors.
    pub pod: ExecutorPod,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            initial: 2,
            min: 0,
            max: 0,
            cores: 2,
            memory: "2g".into(),
            heap: "256m".into(),
            java_options: String::new(),
            work_size: "5Gi".into(),
            scratch_size: "10Gi".into(),
            keep_seconds: 86400,
            resources: resources("1", "2560Mi", "3584Mi"),
            init_resources: resources("50m", "64Mi", "512Mi"),
            pod: ExecutorPod {
                topology_spread_constraints: vec![object(json!({
                    "maxSkew": 1,
                    "topologyKey": "kubernetes.io/hostname",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": {"app.kubernetes.io/component": "worker"}},
                }))],
                ..ExecutorPod::default()
            },
        }
    }
}
