//! Jobs for a Spark operator: custom resources that it turns into drivers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, NeedWhen, Port, Socket, Values, Version};

use crate::shared::{
    ConcurrencyPolicy, DynamicAllocation, Executor, History, Image, Object, Peers, Pod, ServiceAccount, Shuffle,
    Tables, pattern,
};

mod cluster;
use cluster::Cluster;

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "spark-operator",
    component: "app",
    title: "Jobs for a Spark operator: applications as custom resources",
    why: "Writes your applications as custom resources, `SparkApplication` and `ScheduledSparkApplication`, which a \
          Spark operator turns into drivers. `kubectl get sparkapplications` then shows what runs, and `kubectl apply` \
          is how anybody submits. The operator is a program of its own with rights of its own. It is installed once, \
          by its own chart and by whoever may install custom resource definitions, and is no part of this chart. Take \
          it when people submit applications all day long; a job that belongs to a release is simpler off with \
          `spark-batch`. For Apache's operator it writes `SparkCluster` too: a standalone master and its workers.",
    provides: &[],
    needs: &[Socket::S3, Socket::EventLog, Socket::Metastore],
    needs_when: &[NeedWhen { socket: Socket::Shuffle, key: "shuffle.celeborn.enabled", value: "true" }],
    ports: &[
        Port { name: "ui", port: 4040, what: "HTTP, the live web page of an application" },
        Port { name: "driver", port: 7078, what: "driver RPC, for executors; in a cluster a worker's, for its master" },
        Port {
            name: "blockmanager",
            port: 7079,
            what: "block manager of driver and executors; in a cluster 7079 to 7095 on each worker",
        },
        Port { name: "shuffle", port: 7080, what: "Celeborn's client in the driver, for executors" },
        Port { name: "master", port: 7077, what: "RPC of a cluster's master, for workers and drivers" },
        Port { name: "master-http", port: 8080, what: "HTTP, the web page of a cluster's master" },
        Port { name: "worker-http", port: 8081, what: "HTTP, the web page of a cluster's worker" },
    ],
    images: &[
        ImageSlot { key: "defaults.image", role: "spark" },
        ImageSlot { key: "clusterDefaults.image", role: "spark" },
    ],
    version: Version::Spark,
    apis: &[
        "sparkoperator.k8s.io/v1beta2/SparkApplication",
        "sparkoperator.k8s.io/v1beta2/ScheduledSparkApplication",
        "spark.apache.org/v1/SparkApplication",
        "spark.apache.org/v1/SparkCluster",
    ],
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
        "master.secret",
        "shuffle",
        "jars",
        "networkPolicy",
        "encryption",
    ],
    jars: &["core", "tables", "shuffle"],
    python: None,
    shared_files: &["prepare.py", "etl.py", "stream.py", "job-test.py", "master.py", "standalone-test.py"],
    shared_templates: &["spark", "driver", "operator", "standalone"],
    credentials: &[],
    keywords: &["spark", "operator", "sparkapplication", "sparkcluster", "batch"],
    sources: &["https://github.com/kubeflow/spark-operator", "https://github.com/apache/spark-kubernetes-operator"],
    values: Values::of::<SparkOperatorValues>(),
};

/// Values of the jobs for an operator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SparkOperatorValues {
    /// Whose custom resources are written: `kubeflow` (`sparkoperator.k8s.io/v1beta2`), or `apache`
    /// (`spark.apache.org/v1`), which knows Spark 4 only, clusters, and no schedules.
    pub api: Api,
    /// Group of the custom resources, of an operator that was forked under another name. Empty: the one of `api`.
    #[schemars(regex(pattern = r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)+)?$"))]
    pub group: String,
    /// Refuse when the cluster does not serve these custom resources. Switch it off for `helm template`, which cannot ask
    /// the cluster, unless you name them there with `--api-versions`.
    pub require_operator: bool,
    /// The jobs, by name. A job says what differs from `defaults`, below, which lists all that can be said:
    /// `{etl: {application: "s3a://spark/jobs/etl.py", arguments: [--day, yesterday], schedule: "0 3 * * *"}}`.
    #[schemars(extend("propertyNames" = {"pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$", "maxLength": 40}))]
    pub jobs: BTreeMap<String, Job>,
    /// What each job has unless it says otherwise.
    pub defaults: Job,
    /// Standalone clusters, by name, with `api: apache`: a master and workers that stay, which drivers reach at
    /// `spark://<stack>-cluster-<name>:7077`. A cluster says what differs from `clusterDefaults`, below:
    /// `{main: {worker: {initial: 3, cores: 4}}}`. The operator never changes one that it has made; a changed value makes
    /// another one in its place.
    #[schemars(extend("propertyNames" = {"pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$", "maxLength": 40}))]
    pub clusters: BTreeMap<String, Cluster>,
    /// What each cluster has unless it says otherwise.
    pub cluster_defaults: Cluster,
    /// Table formats with transactions, beside Spark's own.
    pub tables: Tables,
    /// Where shuffled rows lie.
    pub shuffle: Shuffle,
    /// ServiceAccount of the drivers.
    pub service_account: ServiceAccount,
    /// Make the Role with which drivers create and remove their executors. Off: somebody else binds one to the
    /// ServiceAccount.
    pub create_role: bool,
    /// Peers beyond the stack's own: what the applications call goes to `egress`, drivers outside of the stack that use a
    /// cluster to `from`.
    pub network_policy: Peers,
}

impl Default for SparkOperatorValues {
    fn default() -> Self {
        Self {
            api: Api::Kubeflow,
            group: String::new(),
            require_operator: true,
            jobs: BTreeMap::new(),
            defaults: Job::default(),
            clusters: BTreeMap::new(),
            cluster_defaults: Cluster::default(),
            tables: Tables::default(),
            shuffle: Shuffle::default(),
            service_account: ServiceAccount::default(),
            create_role: true,
            network_policy: Peers::default(),
        }
    }
}

/// Whose custom resources are written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Api {
    /// Those of kubeflow/spark-operator.
    Kubeflow,
    /// Those of apache/spark-kubernetes-operator.
    Apache,
}

/// A job.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Job {
    /// What runs, a Python program or a jar: `s3a://bucket/etl.py`, or a path in the pod, such as `/opt/jobs/etl.jar`
    /// of your image, or `/app/etl.py` of `configMap`. Two examples are there: `/etc/sparkyard/etl.py` and
    /// `/etc/sparkyard/stream.py`. Empty: `script`.
    #[schemars(regex(pattern = pattern::APPLICATION_OR_NONE))]
    pub application: String,
    /// The class in a jar that has `main`.
    pub main_class: String,
    /// A Python program, written down here.
    pub script: String,
    /// Name of an existing ConfigMap with files of yours. They lie in `/app`.
    pub config_map: String,
    /// Arguments of the application.
    pub arguments: Vec<String>,
    /// Further jars, for driver and executors, such as a JDBC driver: `s3a://` or `https://` addresses, or paths in the image.
    pub jars: Vec<String>,
    /// Further Python files (`.py`, `.zip`): `s3a://` or `https://` addresses, or paths in the image.
    pub py_files: Vec<String>,
    /// Any word. Another one makes a job that runs once run again at the next `helm upgrade`.
    pub run: String,
    /// When it runs, as cron says it: `0 3 * * *`. Empty: once, when it is installed and whenever an upgrade changes
    /// something about it. Not with `api: apache`.
    pub schedule: String,
    /// Time zone of `schedule`: `Europe/Berlin`. Empty: the operator's own.
    pub time_zone: String,
    /// Do not run it. Not with `api: apache`.
    pub suspend: bool,
    /// What happens when it is time and the last run has not ended.
    pub concurrency_policy: ConcurrencyPolicy,
    /// Runs by the clock that are kept to be looked at.
    pub history: History,
    /// It never ends, as a streaming query: it is started again whenever it stops.
    pub continuous: bool,
    /// How often it is started again when it fails.
    #[schemars(range(min = 0))]
    pub retries: u32,
    /// Seconds before it is started again.
    #[schemars(range(min = 1))]
    pub retry_seconds: u32,
    /// Seconds after its end when the operator removes it, its driver and its log. 0: it stays. Helm makes, and so runs, a
    /// job that is gone once more at the next upgrade.
    #[schemars(range(min = 0))]
    pub time_to_live_seconds: u32,
    /// Image of driver and executors.
    pub image: Image,
    /// The driver: it plans the work and hands it out.
    pub driver: Driver,
    /// Executors: they do the work.
    pub executor: Executor,
    /// Let the number of executors follow the work. Off: `executor.instances` run all the time.
    pub dynamic_allocation: DynamicAllocation,
    /// Spark settings, for example `spark.sql.shuffle.partitions: "64"`. They win over the chart's own.
    pub spark_conf: Object,
    /// Placement, security and extras of the driver pod.
    pub pod: Pod,
}

impl Default for Job {
    fn default() -> Self {
        Self {
            application: String::new(),
            main_class: String::new(),
            script: String::new(),
            config_map: String::new(),
            arguments: Vec::new(),
            jars: Vec::new(),
            py_files: Vec::new(),
            run: String::new(),
            schedule: String::new(),
            time_zone: String::new(),
            suspend: false,
            concurrency_policy: ConcurrencyPolicy::Forbid,
            history: History::default(),
            continuous: false,
            retries: 0,
            retry_seconds: 30,
            time_to_live_seconds: 0,
            image: Image::default(),
            driver: Driver::default(),
            executor: Executor::default(),
            dynamic_allocation: DynamicAllocation::default(),
            spark_conf: Object::new(),
            // Long enough to upload the event log.
            pod: Pod::of(185, 60),
        }
    }
}

/// The driver. Spark makes the requests and limits of its pod from this.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Driver {
    /// Heap, as Java writes it: `1g`, `1536m`.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY))]
    pub memory: String,
    /// Memory beside the heap, for Python and the JVM itself. Empty: a tenth of the heap (of Python: four tenths), 384m
    /// at least.
    #[schemars(regex(pattern = pattern::JAVA_MEMORY_OR_NONE))]
    pub memory_overhead: String,
    /// Cores of the driver.
    #[schemars(range(min = 1))]
    pub cores: u32,
    /// CPU that the scheduler sets aside for it: `500m`. Empty: `cores`.
    pub request_cores: String,
    /// CPU that it may use at most: `2`. Empty: no limit.
    pub limit_cores: String,
    /// Options of the JVM, for example `-XX:+UseZGC`. `-XX:TieredStopAtLevel=1` starts sooner where cores are few, and computes
    /// slower.
    pub java_options: String,
    /// Space on the node for temporary files.
    pub scratch_size: String,
}

impl Default for Driver {
    fn default() -> Self {
        Self {
            memory: "1g".into(),
            memory_overhead: String::new(),
            cores: 1,
            request_cores: String::new(),
            limit_cores: String::new(),
            java_options: String::new(),
            scratch_size: "5Gi".into(),
        }
    }
}
