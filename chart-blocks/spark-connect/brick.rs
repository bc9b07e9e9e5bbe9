//! Spark Connect: the Spark server that clients talk to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Image, Object, Peers, Pod, Service, ServiceAccount, container_security, pod_security, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "spark-connect",
    component: "connect",
    title: "Spark Connect: the Spark server that notebooks and programs talk to",
    why: "One long-running Spark application that takes queries over gRPC from notebooks, IDEs and services, so that \
          nobody needs Java or a kubeconfig to use Spark. It asks Kubernetes for executors, which do the work, and \
          gives them back when it ends. There is one server with one driver: sessions live in it, so it cannot have \
          replicas; for isolation give each team a stack of its own.",
    provides: &[Socket::SparkConnect],
    needs: &[Socket::S3, Socket::EventLog, Socket::Metastore],
    ports: &[
        Port { name: "connect", port: 15002, what: "gRPC (Spark Connect), for clients" },
        Port { name: "ui", port: 4040, what: "HTTP, the live web page" },
        Port { name: "driver", port: 7078, what: "driver RPC, for executors" },
        Port { name: "blockmanager", port: 7079, what: "block manager of driver and executors" },
    ],
    images: &[ImageSlot { key: "image", role: "spark" }],
    version: Version::Spark,
    globals: &[
        "stack",
        "platform",
        "clusterDomain",
        "imageRegistry",
        "imagePullSecrets",
        "credentials.generate",
        "credentials.existingSecret",
        "s3",
        "metastore",
        "jars",
        "python",
        "networkPolicy",
    ],
    jars: &["core", "connect"],
    python: Some("client"),
    shared_files: &["prepare.py", "install-python.sh"],
    credentials: &[],
    keywords: &["spark", "spark-connect", "sql"],
    sources: &["https://spark.apache.org/docs/latest/spark-connect-overview.html"],
    values: Values::of::<SparkConnectValues>(),
};

/// Values of the Spark Connect server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SparkConnectValues {
    /// Image of driver and executors.
    pub image: Image,
    /// The driver: it plans queries and holds the results that clients fetch.
    pub driver: Driver,
    /// Executors: they do the work. Each is a pod.
    pub executor: Executor,
    /// Let the number of executors follow the work. Off: `executor.instances` run all the time.
    pub dynamic_allocation: DynamicAllocation,
    /// Spark settings, for example `spark.sql.shuffle.partitions: "64"`. They win over the chart's own.
    pub spark_conf: Object,
    /// Service.
    pub service: Service,
    /// Requests and limits of the driver pod. The memory limit must hold the driver's heap, a tenth of it (384 MB at
    /// least) for the JVM, and what Python on the driver takes.
    pub resources: Object,
    /// ServiceAccount of the driver.
    pub service_account: ServiceAccount,
    /// Make the Role with which the driver creates and removes its executors. Off: somebody else binds
    /// one to the ServiceAccount.
    pub create_role: bool,
    /// Peers beyond the stack's own: clients go to `from`.
    pub network_policy: Peers,
    /// Placement, security and extras of the driver pod.
    pub pod: Pod,
}

/// The driver.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Driver {
    /// Heap, as Java writes it: `1g`, `1536m`.
    #[schemars(regex(pattern = r"^[1-9][0-9]*[mg]$"))]
    pub memory: String,
    /// Options of the JVM, for example `-XX:+UseZGC`.
    pub java_options: String,
    /// Space on the node for temporary files.
    pub scratch_size: String,
}

impl Default for Driver {
    fn default() -> Self {
        Self { memory: "1g".into(), java_options: String::new(), scratch_size: "5Gi".into() }
    }
}

/// Executors.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Executor {
    /// How many run (at the start, with dynamic allocation).
    #[schemars(range(min = 0))]
    pub instances: u32,
    /// Tasks that one executor runs at a time.
    #[schemars(range(min = 1))]
    pub cores: u32,
    /// Heap, as Java writes it: `1g`. The pod's memory is this plus `memoryOverhead`; Kubernetes keeps it free.
    #[schemars(regex(pattern = r"^[1-9][0-9]*[mg]$"))]
    pub memory: String,
    /// Memory beside the heap, for Python and the JVM itself. Empty: a tenth of the heap, 384m at least. Python UDFs
    /// with large data need more.
    #[schemars(regex(pattern = r"^([1-9][0-9]*[mg])?$"))]
    pub memory_overhead: String,
    /// CPU that the scheduler sets aside for one executor: `500m`. Empty: `cores`.
    pub request_cores: String,
    /// CPU that one executor may use at most: `2`. Empty: no limit. Namespaces with a quota on CPU limits need one.
    pub limit_cores: String,
    /// Space on the node for shuffle and spill, each executor.
    pub scratch_size: String,
    /// Placement, security and extras of the executor pods.
    pub pod: ExecutorPod,
}

impl Default for Executor {
    fn default() -> Self {
        Self {
            instances: 1,
            cores: 1,
            memory: "1g".into(),
            memory_overhead: String::new(),
            request_cores: String::new(),
            limit_cores: String::new(),
            scratch_size: "10Gi".into(),
            pod: ExecutorPod::default(),
        }
    }
}

/// Placement, security and extras of the executor pods.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ExecutorPod {
    /// Annotations.
    pub annotations: Object,
    /// Labels.
    pub labels: Object,
    /// Node labels that the pods ask for.
    pub node_selector: Object,
    /// Taints that the pods tolerate.
    pub tolerations: Vec<Object>,
    /// Affinity rules.
    pub affinity: Object,
    /// Topology spread constraints.
    pub topology_spread_constraints: Vec<Object>,
    /// PriorityClass.
    pub priority_class_name: String,
    /// Security context of the pods. Ids are left out on OpenShift.
    pub security_context: Object,
    /// Security context of each container.
    pub container_security_context: Object,
    /// Environment variables.
    pub extra_env: Vec<Object>,
    /// Volumes.
    pub extra_volumes: Vec<Object>,
    /// Volume mounts.
    pub extra_volume_mounts: Vec<Object>,
}

impl Default for ExecutorPod {
    fn default() -> Self {
        Self {
            annotations: Object::new(),
            labels: Object::new(),
            node_selector: Object::new(),
            tolerations: Vec::new(),
            affinity: Object::new(),
            topology_spread_constraints: Vec::new(),
            priority_class_name: String::new(),
            security_context: pod_security(185),
            container_security_context: container_security(),
            extra_env: Vec::new(),
            extra_volumes: Vec::new(),
            extra_volume_mounts: Vec::new(),
        }
    }
}

/// Let the number of executors follow the work.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct DynamicAllocation {
    /// Switch.
    pub enabled: bool,
    /// Executors that stay when there is no work. One spares the first query the 10 to 30 seconds of a start.
    #[schemars(range(min = 0))]
    pub min_executors: u32,
    /// Executors at most.
    #[schemars(range(min = 1))]
    pub max_executors: u32,
    /// An executor without work is given back after this time.
    #[schemars(regex(pattern = r"^[1-9][0-9]*(s|m|h)$"))]
    pub idle_timeout: String,
    /// An executor that holds shuffle files is given back after this time without work. Spark's own
    /// default is never.
    #[schemars(regex(pattern = r"^[1-9][0-9]*(s|m|h)$"))]
    pub shuffle_timeout: String,
}

impl Default for DynamicAllocation {
    fn default() -> Self {
        Self {
            enabled: false,
            min_executors: 1,
            max_executors: 4,
            idle_timeout: "60s".into(),
            shuffle_timeout: "30m".into(),
        }
    }
}

impl Default for SparkConnectValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            driver: Driver::default(),
            executor: Executor::default(),
            dynamic_allocation: DynamicAllocation::default(),
            spark_conf: Object::new(),
            service: Service::default(),
            resources: resources("500m", "1536Mi", "2Gi"),
            service_account: ServiceAccount::default(),
            create_role: true,
            network_policy: Peers::default(),
            // Long enough to upload the event log.
            pod: Pod::of(185, 60),
        }
    }
}
