//! A standalone Spark cluster: one master, some workers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Expose, Image, Object, Peers, Persistence, Pod, ServiceAccount, object, pattern, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "spark-standalone",
    component: "master",
    title: "Standalone cluster: a Spark master and workers that stay",
    why: "Workers run all the time and start executors as processes, so that an application has them within seconds \
          and nobody needs rights on the Kubernetes API. The price: the workers' CPU and memory are set aside even \
          when nothing runs, all executors share one pod security and one image, and the size is yours to choose. \
          The master is one pod; its list of workers and applications is kept on a volume, so that a restart forgets \
          nothing. The REST server for submissions, which asks for no password and is on by default since 4.1, is off.",
    provides: &[Socket::SparkMaster],
    needs: &[Socket::S3],
    needs_when: &[],
    ports: &[
        Port { name: "master", port: 7077, what: "RPC of the master, for workers and drivers" },
        Port { name: "http", port: 8080, what: "HTTP, the master's web page" },
        Port { name: "worker", port: 7078, what: "RPC of a worker, for the master" },
        Port { name: "worker-http", port: 8081, what: "HTTP, a worker's web page" },
        Port { name: "blockmanager", port: 7079, what: "block managers of executors, 7079 to 7095 on each worker" },
    ],
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
        "s3.endpoint",
        "s3.region",
        "s3.ca",
        "s3.auth",
        "s3.existingSecret",
        "s3.accessKeyKey",
        "s3.secretKeyKey",
        "metastore",
        "master.secret",
        "encryption",
        "networkPolicy.enabled",
        "networkPolicy.dnsPorts",
    ],
    jars: &[],
    python: None,
    shared_files: &["prepare.py", "master.py", "standalone-test.py"],
    shared_templates: &["standalone"],
    credentials: &["master-secret"],
    keywords: &["spark", "spark-standalone", "cluster"],
    sources: &["https://spark.apache.org/docs/latest/spark-standalone.html"],
    values: Values::of::<SparkStandaloneValues>(),
};

/// Values of the standalone cluster.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SparkStandaloneValues {
    /// Image of master and workers; executors run in the workers.
    pub image: Image,
    /// The master.
    pub master: Master,
    /// The workers.
    pub worker: Worker,
    /// Spark settings of master and workers (`spark.deploy.*`, `spark.worker.*`). They win over the chart's own.
    pub spark_conf: Object,
    /// How the master's web page is reached from outside the cluster. It has no login and shows the arguments of
    /// every application.
    pub expose: Expose,
    /// Service of the master.
    pub service: MasterService,
    /// ServiceAccount of master and workers. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own: drivers outside the stack go to `from`.
    pub network_policy: Peers,
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
    /// Where the list of workers and applications is kept. Off: a restarted master has forgotten them, and running
    /// applications end.
    pub persistence: Persistence,
    /// Requests and limits.
    pub resources: Object,
    /// Placement, security and extras of the master pod.
    pub pod: Pod,
}

impl Default for Master {
    fn default() -> Self {
        Self {
            heap: "512m".into(),
            java_options: String::new(),
            persistence: Persistence::of("1Gi"),
            resources: resources("100m", "512Mi", "1Gi"),
            // `helm test` runs a driver with them.
            pod: Pod { init_resources: resources("100m", "512Mi", "1Gi"), ..Pod::of(185, 30) },
        }
    }
}

/// The workers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Worker {
    /// How many run, unless `autoscaling` decides.
    #[schemars(range(min = 0))]
    pub replicas: u32,
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
    /// Before a worker pod ends, it takes no new tasks, and its executors move their blocks to others. That may take
    /// as long as `pod.terminationGracePeriodSeconds`, less 20 seconds.
    pub decommission: bool,
    /// Let the number of workers follow the load.
    pub autoscaling: Autoscaling,
    /// Requests and limits.
    pub resources: Object,
    /// Placement, security and extras of the worker pods, and so of executors.
    pub pod: Pod,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            replicas: 2,
            cores: 2,
            memory: "2g".into(),
            heap: "256m".into(),
            java_options: String::new(),
            work_size: "5Gi".into(),
            scratch_size: "10Gi".into(),
            keep_seconds: 86400,
            decommission: true,
            autoscaling: Autoscaling::default(),
            resources: resources("1", "2560Mi", "3584Mi"),
            pod: Pod {
                topology_spread_constraints: vec![object(json!({
                    "maxSkew": 1,
                    "topologyKey": "kubernetes.io/hostname",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": {"app.kubernetes.io/component": "worker"}},
                }))],
                ..Pod::of(185, 150)
            },
        }
    }
}

/// Let the number of workers follow the load.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Autoscaling {
    /// Make a HorizontalPodAutoscaler. The cluster needs a metrics server, and applications need
    /// `spark.dynamicAllocation.enabled` to use new workers.
    pub enabled: bool,
    /// Workers at least.
    #[schemars(range(min = 1))]
    pub min_replicas: u32,
    /// Workers at most.
    #[schemars(range(min = 1))]
    pub max_replicas: u32,
    /// CPU use in percent of the request, above which workers are added.
    #[schemars(range(min = 1))]
    pub cpu_percent: u32,
    /// Seconds of low load before a worker is taken away. Shuffle files on it are lost for applications that do not
    /// move their blocks.
    #[schemars(range(min = 0, max = 3600))]
    pub scale_down_seconds: u32,
}

impl Default for Autoscaling {
    fn default() -> Self {
        Self { enabled: false, min_replicas: 1, max_replicas: 4, cpu_percent: 75, scale_down_seconds: 600 }
    }
}

/// Service of the master.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct MasterService {
    /// Annotations.
    pub annotations: Object,
}

impl Default for SparkStandaloneValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            master: Master::default(),
            worker: Worker::default(),
            spark_conf: Object::new(),
            expose: Expose::default(),
            service: MasterService::default(),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
        }
    }
}
