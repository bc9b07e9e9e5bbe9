//! JupyterLab: notebooks with a live Spark session.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Expose, Image, Object, Peers, Persistence, Pod, Service, ServiceAccount, pattern, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "jupyter",
    component: "jupyter",
    title: "JupyterLab: notebooks with a live Spark session",
    why: "A notebook server for one data scientist or a small team, connected to Spark Connect when it opens: no \
          Java, no settings. It runs from the Spark image itself, so that its PySpark and its Python are those of \
          the executors and Python UDFs just work; JupyterLab and pandas are installed at the start from a locked \
          list.",
    provides: &[],
    needs: &[Socket::SparkConnect],
    needs_when: &[],
    ports: &[Port { name: "http", port: 8888, what: "HTTP and WebSocket, JupyterLab" }],
    images: &[ImageSlot { key: "image", role: "spark" }],
    version: Version::Spark,
    apis: &[],
    globals: &[
        "stack",
        "platform",
        "clusterDomain",
        "imageRegistry",
        "imagePullSecrets",
        "credentials",
        "connect",
        "python",
        "networkPolicy",
    ],
    jars: &[],
    python: Some("notebook"),
    shared_files: &["install-python.sh"],
    shared_templates: &["connect"],
    credentials: &["notebook-token"],
    keywords: &["jupyter", "jupyterlab", "notebook", "pyspark"],
    sources: &["https://jupyter.org"],
    values: Values::of::<JupyterValues>(),
};

/// Values of the notebook server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct JupyterValues {
    /// Image. Its Python minor version must be that of the executors.
    pub image: Image,
    /// The token that the login page asks for.
    pub token: Token,
    /// Where the notebooks are kept.
    pub persistence: Persistence,
    /// Space on the node for the Python packages that are installed at the start.
    pub packages_size: String,
    /// Address of the History Server as the user's browser sees it, for the link in the welcome notebook.
    #[schemars(regex(pattern = pattern::HTTP_URL))]
    pub history_url: String,
    /// Address of the Spark server's live web page as the user's browser sees it, for the same notebook.
    #[schemars(regex(pattern = pattern::HTTP_URL))]
    pub spark_ui_url: String,
    /// How the web page is reached from outside the cluster.
    pub expose: Expose,
    /// Service.
    pub service: Service,
    /// Requests and limits. What a notebook holds in pandas must fit into the memory limit.
    pub resources: Object,
    /// ServiceAccount. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own.
    pub network_policy: Peers,
    /// Placement, security and extras of the pod.
    pub pod: Pod,
}

/// The token that the login page asks for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Token {
    /// Name of the Secret. Empty: the Secret of `global.credentials`.
    pub existing_secret: String,
    /// Key in that Secret.
    #[schemars(length(min = 1))]
    pub key: String,
}

impl Default for Token {
    fn default() -> Self {
        Self { existing_secret: String::new(), key: "notebook-token".into() }
    }
}

impl Default for JupyterValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            token: Token::default(),
            persistence: Persistence::of("5Gi"),
            packages_size: "3Gi".into(),
            history_url: "http://localhost:18080".into(),
            spark_ui_url: "http://localhost:4040".into(),
            expose: Expose::default(),
            service: Service::default(),
            resources: resources("100m", "512Mi", "2Gi"),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
            pod: Pod::of(185, 30),
        }
    }
}
