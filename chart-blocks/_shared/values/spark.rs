//! A Spark application: its driver and its executors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Object, ServiceAccount, container_security, pattern, pod_security};

/// Where executors come from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// Kubernetes starts a pod for each.
    K8s,
    /// The workers of a standalone cluster start them as processes.
    Standalone,
}

/// The driver.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Driver {
    /// Heap, as Java writes it: `1g`, `1536m`.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub memory: String,
    /// Options of the JVM, for example `-XX:+UseZGC`. `-XX:TieredStopAtLevel=1` starts sooner where cores are few, and computes
    /// slower.
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
pub struct Executor {
    /// How many run (at the start, with dynamic allocation).
    #[schemars(range(min = 0))]
    pub instances: u32,
    /// Tasks that one executor runs at a time.
    #[schemars(range(min = 1))]
    pub cores: u32,
    /// Heap, as Java writes it: `1g`. The pod's memory is this plus `memoryOverhead`; Kubernetes keeps it free.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub memory: String,
    /// Memory beside the heap, for Python and the JVM itself. Empty: a tenth of the heap, 384m at least. Python UDFs
    /// with large data need more.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY_OR_NONE))]
    pub memory_overhead: String,
    /// CPU that the scheduler sets aside for one executor: `500m`. Empty: `cores`.
    pub request_cores: String,
    /// CPU that one executor may use at most: `2`. Empty: no limit. Namespaces with a quota on CPU limits need one.
    pub limit_cores: String,
    /// Space on the node for shuffle and spill, each executor.
    pub scratch_size: String,
    /// ServiceAccount of the executors. It needs no rights.
    pub service_account: ServiceAccount,
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
            service_account: ServiceAccount::default(),
            pod: ExecutorPod::default(),
        }
    }
}

/// Placement, security and extras of the executor pods.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExecutorPod {
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

/// Table formats with transactions. Each fetches a jar and changes nothing of the tables that are there.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Tables {
    /// Apache Iceberg: `CREATE TABLE ... USING iceberg`.
    pub iceberg: Iceberg,
}

/// Apache Iceberg: `MERGE`, `UPDATE` and `DELETE`, time travel, columns that change. Names of tables and their current
/// state are kept by the Hive Metastore, so that any number of Spark programs may write to a table at once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Iceberg {
    /// Switch. The jar, 48 MB, is fetched with the others; with `global.jars.source: image` it must be in the image.
    pub enabled: bool,
    /// Name of the catalog. `spark_catalog` is Spark's own: tables of all kinds stand side by side in it and no query has
    /// to be changed. Any other name is a catalog beside it, of Iceberg tables only: `<name>.<database>.<table>`.
    #[schemars(regex(pattern = pattern::SQL_NAME))]
    pub catalog: String,
}

impl Default for Iceberg {
    fn default() -> Self {
        Self { enabled: false, catalog: "spark_catalog".into() }
    }
}

/// Where executors leave the rows that other executors fetch. Without any of these: on the disk of their own pod, where
/// they are lost with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Shuffle {
    /// Apache Celeborn, a remote shuffle service.
    pub celeborn: Celeborn,
}

/// Apache Celeborn: executors push their rows to its workers. An executor can go as soon as it has no work, its disk need
/// not hold the shuffle, and a worker hands each reader one file in place of a piece from every writer. Not with
/// `backend: standalone`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Celeborn {
    /// Switch. Driver and executors fetch the client, 14 MB, before they start; with `global.jars.source: image` it must be
    /// in the image.
    pub enabled: bool,
    /// Let each worker copy what it gets to another one, so that the loss of one loses nothing. Needs two workers, and twice
    /// their disk and network.
    pub replicate: bool,
    /// Whether Spark's own shuffle steps in when Celeborn has no worker. `never`: the application fails, and somebody looks.
    /// `auto`: it does, on the disks of the executors, which must then hold the rows.
    pub fallback: Fallback,
}

impl Default for Celeborn {
    fn default() -> Self {
        Self { enabled: false, replicate: false, fallback: Fallback::Never }
    }
}

/// When Spark's own shuffle takes over.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fallback {
    /// Never.
    Never,
    /// When the service has no worker that can take the shuffle.
    Auto,
}

/// Let the number of executors follow the work.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DynamicAllocation {
    /// Switch.
    pub enabled: bool,
    /// Executors that stay when there is no work. One spares the first query the 10 to 30 seconds of a start.
    #[schemars(range(min = 0))]
    pub min_executors: u32,
    /// Executors at most.
    #[schemars(range(min = 1))]
    pub max_executors: u32,
    /// An executor without work is given back after this time.
    #[schemars(regex(pattern = pattern::SPARK_TIME))]
    pub idle_timeout: String,
    /// An executor that holds shuffle files is given back after this time without work. Spark's own
    /// default is never. With Celeborn none holds any, and all go after `idleTimeout`.
    #[schemars(regex(pattern = pattern::SPARK_TIME))]
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
