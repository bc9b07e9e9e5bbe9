//! Spark Connect: the Spark server that clients talk to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, NeedWhen, Port, Socket, Values, Version};

use crate::shared::{
    Driver, DynamicAllocation, Executor, Image, Object, Peers, Pod, Service, ServiceAccount, Shuffle, Tables, resources,
};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "spark-connect",
    component: "connect",
    title: "Spark Connect: the Spark server that notebooks and programs talk to",
    why: "One long-running Spark application that takes queries over gRPC from notebooks, IDEs and services, so that \
          nobody needs Java or a kubeconfig to use Spark. It asks Kubernetes or a standalone cluster for executors, \
          which do the work, and gives them back when it ends. There is one server with one driver: sessions live in it, so it cannot have \
          replicas; for isolation give each team a stack of its own.",
    provides: &[Socket::SparkConnect],
    needs: &[Socket::S3, Socket::EventLog, Socket::Metastore],
    needs_when: &[
        NeedWhen { socket: Socket::SparkMaster, key: "backend", value: "standalone" },
        NeedWhen { socket: Socket::Shuffle, key: "shuffle.celeborn.enabled", value: "true" },
    ],
    ports: &[
        Port {
            name: "connect",
            port: 15002,
            what: "gRPC (Spark Connect), for clients; by TLS with `global.connect.tls.enabled`",
        },
        Port { name: "ui", port: 4040, what: "HTTP, the live web page" },
        Port { name: "driver", port: 7078, what: "driver RPC, for executors" },
        Port { name: "blockmanager", port: 7079, what: "block manager of driver and executors" },
        Port { name: "shuffle", port: 7080, what: "Celeborn's client in the driver, for executors" },
    ],
    images: &[ImageSlot { key: "image", role: "spark" }, ImageSlot { key: "proxy.image", role: "envoy" }],
    version: Version::Spark,
    apis: &["sparkoperator.k8s.io/v1alpha1/SparkConnect"],
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
        "connect",
        "jars",
        "python",
        "networkPolicy",
        "encryption",
    ],
    jars: &["core", "connect", "tables", "shuffle"],
    python: Some("client"),
    shared_files: &["prepare.py", "fetch.py", "install-python.sh"],
    shared_templates: &["spark", "fetch", "operator", "connect"],
    credentials: &["connect-token"],
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
    /// Where executors come from.
    pub backend: Backend,
    /// Kubeflow's Spark operator, with `backend: operator`.
    pub operator: Operator,
    /// The driver: it plans queries and holds the results that clients fetch.
    pub driver: Driver,
    /// Executors: they do the work. Each is a pod.
    pub executor: Executor,
    /// Let the number of executors follow the work. Off: `executor.instances` run all the time.
    pub dynamic_allocation: DynamicAllocation,
    /// Table formats with transactions, beside Spark's own.
    pub tables: Tables,
    /// Where shuffled rows lie.
    pub shuffle: Shuffle,
    /// Further jars, for driver and executors, such as a JDBC driver: `s3a://` or `https://` addresses, or paths in the image.
    pub jars: Vec<String>,
    /// Spark settings, for example `spark.sql.shuffle.partitions: "64"`. They win over the chart's own.
    pub spark_conf: Object,
    /// The proxy in front of the server, with `global.connect.tls.enabled`.
    pub proxy: Proxy,
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

impl Default for SparkConnectValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            backend: Backend::K8s,
            operator: Operator::default(),
            driver: Driver::default(),
            executor: Executor::default(),
            dynamic_allocation: DynamicAllocation::default(),
            tables: Tables::default(),
            shuffle: Shuffle::default(),
            jars: Vec::new(),
            spark_conf: Object::new(),
            proxy: Proxy::default(),
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

/// The proxy in front of the server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Proxy {
    /// Image of Envoy.
    pub image: Image,
    /// Requests and limits. It hands on what comes and keeps little of it.
    pub resources: Object,
}

impl Default for Proxy {
    fn default() -> Self {
        Self { image: Image::default(), resources: resources("50m", "96Mi", "256Mi") }
    }
}

/// Where executors come from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Backend {
    /// Kubernetes starts a pod for each.
    K8s,
    /// The same, and kubeflow's Spark operator makes the server's pod, from a SparkConnect.
    Operator,
    /// A standalone cluster starts a process for each on its workers.
    Standalone,
}

/// Kubeflow's Spark operator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Operator {
    /// Refuse when the cluster does not serve its custom resources. Switch it off for `helm template`, which cannot ask the
    /// cluster, unless you name them there with `--api-versions`.
    pub required: bool,
    /// Group of the custom resource, of an operator that was forked under another name.
    #[schemars(regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)+$"))]
    pub group: String,
}

impl Default for Operator {
    fn default() -> Self {
        Self { required: true, group: "sparkoperator.k8s.io".into() }
    }
}
