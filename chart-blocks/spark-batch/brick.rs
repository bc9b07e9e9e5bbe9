//! Batch jobs: `spark-submit` in Jobs, CronJobs and StatefulSets, without an operator.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, NeedWhen, Port, Socket, Values, Version};

use crate::shared::{
    Backend, ConcurrencyPolicy, Driver, DynamicAllocation, Executor, History, Image, Object, Peers, Pod,
    ServiceAccount, Shuffle, Tables, pattern, resources,
};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "spark-batch",
    component: "batch",
    title: "Batch jobs: Spark applications that run once, by the clock, or without end",
    why: "Runs your applications with nothing but what Kubernetes has, so there is no operator to install and no \
          custom resource to learn: what runs once is a Job, what runs by the clock a CronJob, and a streaming query \
          a StatefulSet of one pod. `kubectl` and every dashboard show whether they succeeded. The driver runs in the \
          pod itself (`client`), or `spark-submit` makes a pod for it and waits (`cluster`); the executors belong to \
          the driver and go with it. An operator pays off when people submit applications all day long; a job that \
          belongs to a release, is reviewed and rolled back with it, is better off here.",
    provides: &[],
    needs: &[Socket::S3, Socket::EventLog, Socket::Metastore],
    needs_when: &[
        NeedWhen { socket: Socket::SparkMaster, key: "backend", value: "standalone" },
        NeedWhen { socket: Socket::Shuffle, key: "shuffle.celeborn.enabled", value: "true" },
    ],
    ports: &[
        Port { name: "ui", port: 4040, what: "HTTP, the live web page of an application" },
        Port { name: "driver", port: 7078, what: "driver RPC, for executors" },
        Port { name: "blockmanager", port: 7079, what: "block manager of driver and executors" },
        Port { name: "shuffle", port: 7080, what: "Celeborn's client in the driver, for executors" },
    ],
    images: &[ImageSlot { key: "defaults.image", role: "spark" }],
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
        "metastore",
        "master",
        "shuffle",
        "jars",
        "networkPolicy",
        "encryption",
    ],
    jars: &["core", "tables", "shuffle"],
    python: None,
    shared_files: &["prepare.py", "fetch.py", "etl.py", "stream.py", "job-test.py"],
    shared_templates: &["spark", "fetch", "driver"],
    credentials: &[],
    keywords: &["spark", "batch", "etl", "streaming"],
    sources: &["https://spark.apache.org/docs/latest/submitting-applications.html"],
    values: Values::of::<SparkBatchValues>(),
};

/// Values of the batch jobs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SparkBatchValues {
    /// The jobs, by name. A job says what differs from `defaults`, below, which lists all that can be said:
    /// `{etl: {application: "s3a://spark/jobs/etl.py", arguments: [--day, yesterday], schedule: "0 3 * * *"}}`.
    #[schemars(extend("propertyNames" = {"pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$", "maxLength": 40}))]
    pub jobs: BTreeMap<String, Job>,
    /// Where executors come from.
    pub backend: Backend,
    /// What each job has unless it says otherwise.
    pub defaults: Job,
    /// Table formats with transactions, beside Spark's own.
    pub tables: Tables,
    /// Where shuffled rows lie.
    pub shuffle: Shuffle,
    /// ServiceAccount of the drivers.
    pub service_account: ServiceAccount,
    /// Make the Role with which drivers create and remove their executors. Off: somebody else binds one to the
    /// ServiceAccount.
    pub create_role: bool,
    /// Peers beyond the stack's own: what the applications call goes to `egress`.
    pub network_policy: Peers,
}

impl Default for SparkBatchValues {
    fn default() -> Self {
        Self {
            jobs: BTreeMap::new(),
            backend: Backend::K8s,
            defaults: Job::default(),
            tables: Tables::default(),
            shuffle: Shuffle::default(),
            service_account: ServiceAccount::default(),
            create_role: true,
            network_policy: Peers::default(),
        }
    }
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
    /// something about it.
    pub schedule: String,
    /// Time zone of `schedule`: `Europe/Berlin`. Empty: the cluster's own.
    pub time_zone: String,
    /// Do not run it by itself. With a `schedule` it can still be started by hand, as the notes say.
    pub suspend: bool,
    /// What happens when it is time and the last run has not ended.
    pub concurrency_policy: ConcurrencyPolicy,
    /// A run that could not start for so many seconds is left out.
    #[schemars(range(min = 10))]
    pub starting_deadline_seconds: u32,
    /// Runs by the clock that are kept to be looked at.
    pub history: History,
    /// It never ends, as a streaming query: it is started again whenever it stops, and there are never two of it.
    pub continuous: bool,
    /// Where the driver runs.
    pub mode: Mode,
    /// How often it is started again when it fails. A run that dies because its node goes away does not count.
    #[schemars(range(min = 0))]
    pub retries: u32,
    /// A run, with all its retries, is ended after so many seconds and has failed.
    #[schemars(range(min = 1))]
    pub deadline_seconds: u32,
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
    /// Requests and limits of the driver. The memory limit must hold the driver's heap, a tenth of it (384 MB at
    /// least) for the JVM, and what Python takes. In mode `cluster` Spark computes the memory itself (heap and
    /// `spark.driver.memoryOverhead`), and takes only the CPU from here.
    pub resources: Object,
    /// Requests and limits of `spark-submit`, in mode `cluster`.
    pub submit_resources: Object,
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
            starting_deadline_seconds: 3600,
            history: History::default(),
            continuous: false,
            mode: Mode::Client,
            retries: 0,
            deadline_seconds: 86400,
            image: Image::default(),
            driver: Driver::default(),
            executor: Executor::default(),
            dynamic_allocation: DynamicAllocation::default(),
            spark_conf: Object::new(),
            resources: resources("500m", "1536Mi", "2Gi"),
            submit_resources: resources("100m", "384Mi", "768Mi"),
            // Long enough to upload the event log.
            pod: Pod::of(185, 60),
        }
    }
}

/// Where the driver runs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// In the job's own pod: its log is the job's log.
    Client,
    /// In a pod of its own, which `spark-submit` makes and waits for. Not with `backend: standalone`.
    Cluster,
}
