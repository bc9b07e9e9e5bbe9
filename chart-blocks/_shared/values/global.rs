//! `global`: what the bricks of one stack agree on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Object, pattern};

/// What the bricks of one stack agree on. Charts of one stack must be given the same values here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Global {
    /// Name of the stack: every object is called `<stack>-<component>`, so that charts installed one by
    /// one find each other. Empty: the name of the Helm release.
    #[schemars(regex(pattern = r"^([a-z]([-a-z0-9]*[a-z0-9])?)?$"), length(max = 40))]
    pub stack: String,
    /// Kind of cluster. On OpenShift no user or group ids are set, because the cluster assigns them;
    /// elsewhere they are numbers that fit the images. `auto` asks the cluster, which `helm template` cannot.
    pub platform: PlatformName,
    /// DNS domain of the cluster.
    #[schemars(regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"))]
    pub cluster_domain: String,
    /// Registry that replaces the registry of every image, for mirrors and air-gapped clusters.
    pub image_registry: String,
    /// Names of Secrets with registry logins, for every pod, executors included: `[{name: my-registry}]`.
    pub image_pull_secrets: Vec<Object>,
    /// The Secret with the passwords and keys of the stack. No file ever holds one.
    pub credentials: Credentials,
    /// The S3 store for tables and event logs.
    pub s3: S3,
    /// The database of the metastore.
    pub database: Database,
    /// The Hive Metastore.
    pub metastore: Metastore,
    /// The master of a standalone cluster.
    pub master: Master,
    /// The remote shuffle service.
    pub shuffle: ShuffleService,
    /// The Spark Connect server.
    pub connect: Connect,
    /// Jars that the published Spark and Hive images lack (S3A, JDBC driver, Connect on 3.5).
    pub jars: Jars,
    /// Python packages that the published Spark images lack.
    pub python: Python,
    /// NetworkPolicies that open the wires of the stack and nothing else.
    pub network_policy: NetworkPolicy,
    /// What the driver and the executors of an application encrypt. `network`: what they say and shuffle to each other,
    /// by AES, with a secret that Spark makes anew for each application; nobody else can talk to them. On a standalone
    /// cluster master, workers and all applications share one secret, `global.master.secret`. `all`: also what executors spill and
    /// shuffle to their disks. Not what goes to Celeborn.
    pub encryption: Encryption,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            stack: String::new(),
            platform: PlatformName::Auto,
            cluster_domain: "cluster.local".into(),
            image_registry: String::new(),
            image_pull_secrets: Vec::new(),
            credentials: Credentials::default(),
            s3: S3::default(),
            database: Database::default(),
            metastore: Metastore::default(),
            master: Master::default(),
            shuffle: ShuffleService::default(),
            connect: Connect::default(),
            jars: Jars::default(),
            python: Python::default(),
            network_policy: NetworkPolicy::default(),
            encryption: Encryption::None,
        }
    }
}

/// What the processes of a Spark application encrypt.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Nothing.
    None,
    /// What they send to each other.
    Network,
    /// That, and what they keep on their disks for a while.
    All,
}

/// Kinds of clusters.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlatformName {
    /// Ask the cluster.
    Auto,
    /// Kubernetes without OpenShift's security context constraints.
    Kubernetes,
    /// OpenShift 4.12 or newer.
    Openshift,
}

/// The Secret with the passwords and keys of the stack.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Credentials {
    /// Make the Secret with random contents before the first install, if it is not there. A Job does it
    /// inside the cluster; an existing Secret is never changed. Off: you make it, and a missing name fails the install.
    pub generate: bool,
    /// Name of the Secret. Empty: `<stack>-credentials`.
    #[schemars(regex(pattern = pattern::OBJECT_NAME_OR_NONE))]
    pub existing_secret: String,
    /// Image of that Job, any with Python 3. Empty: the Spark image of the line, which the stack pulls anyway.
    pub image: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self { generate: true, existing_secret: String::new(), image: String::new() }
    }
}

/// The S3 store for tables and event logs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct S3 {
    /// URL of an existing S3 store, for example `https://s3.example.com`. Empty: the stack's own (SeaweedFS).
    #[schemars(regex(pattern = r"^(https?://[^/ ]+)?$"))]
    pub endpoint: String,
    /// Region. Stores other than AWS accept any.
    pub region: String,
    /// Bucket for tables and event logs.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"))]
    pub bucket: String,
    /// Address objects as `endpoint/bucket/key`, as stores other than AWS want it.
    pub path_style: bool,
    /// Prefix in the bucket below which tables lie.
    #[schemars(regex(pattern = pattern::KEY_PREFIX))]
    pub warehouse_prefix: String,
    /// Prefix in the bucket below which Spark writes its event logs and the History Server reads them.
    #[schemars(regex(pattern = pattern::KEY_PREFIX))]
    pub event_log_prefix: String,
    /// Make the bucket and both prefixes before Spark starts, if they are not there.
    pub prepare: bool,
    /// Certificate authority of a store whose certificate no public one has signed.
    pub ca: Ca,
    /// Further settings of Hadoop's S3 client, for Spark, the History Server and the metastore alike; they win over the
    /// charts' own. `{fs.s3a.change.detection.mode: none}` is for a SeaweedFS of yours, `{fs.s3a.encryption.algorithm: SSE-KMS}`
    /// for a bucket that wants it. No keys: they come from the Secret.
    #[schemars(extend("propertyNames" = {"pattern": "^fs[.]s3a[.]"}))]
    pub conf: Object,
    /// How Spark says who it is. `keys`: by an access key and a secret key from a Secret. `workloadIdentity`: by the token
    /// of its ServiceAccount, which AWS (IRSA) takes for a role; annotate the ServiceAccounts of `spark-connect`
    /// or `spark-batch`, of their executors, and of `spark-history`. The metastore's S3 client is too old for that and goes on to need keys.
    pub auth: S3Auth,
    /// Name of the Secret with the S3 keys. Empty: the Secret of `global.credentials`.
    #[schemars(regex(pattern = pattern::OBJECT_NAME_OR_NONE))]
    pub existing_secret: String,
    /// Key in that Secret that holds the access key.
    #[schemars(length(min = 1))]
    pub access_key_key: String,
    /// Key in that Secret that holds the secret key.
    #[schemars(length(min = 1))]
    pub secret_key_key: String,
}

impl Default for S3 {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            region: "us-east-1".into(),
            bucket: "spark".into(),
            path_style: true,
            warehouse_prefix: "warehouse".into(),
            event_log_prefix: "events".into(),
            prepare: true,
            ca: Ca::default(),
            conf: Object::new(),
            auth: S3Auth::Keys,
            existing_secret: String::new(),
            access_key_key: "s3-access-key".into(),
            secret_key_key: "s3-secret-key".into(),
        }
    }
}

/// Certificates of an authority, in PEM. They are trusted beside the public ones.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Ca {
    /// Name of the ConfigMap that holds them. Empty: none.
    pub config_map: String,
    /// Name of the Secret that holds them, in place of a ConfigMap. Empty: none.
    pub secret: String,
    /// Key in that ConfigMap or Secret. OpenShift puts its own bundle into `ca-bundle.crt`.
    #[schemars(length(min = 1))]
    pub key: String,
}

impl Default for Ca {
    fn default() -> Self {
        Self { config_map: String::new(), secret: String::new(), key: "ca.crt".into() }
    }
}

/// Ways to say who one is to an S3 store.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum S3Auth {
    /// An access key and a secret key.
    Keys,
    /// The token of the pod's ServiceAccount.
    WorkloadIdentity,
}

/// The database of the metastore.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Database {
    /// Host of an existing PostgreSQL 12 or newer, MySQL 8 or MariaDB 10.6. Empty: the stack's own PostgreSQL.
    #[schemars(regex(pattern = r"^[^ /]*$"))]
    pub host: String,
    /// What answers there: `postgresql`, or `mysql` for MySQL and MariaDB.
    pub kind: DatabaseKind,
    /// Port of that host. 0: the usual one, 5432 or 3306.
    #[schemars(range(min = 0, max = 65535))]
    pub port: u16,
    /// Parameters of the JDBC URL, for example `sslmode=verify-full` or `sslMode=VERIFY_IDENTITY`.
    #[schemars(regex(pattern = r"^([A-Za-z]+=[^&? ]*(&[A-Za-z]+=[^&? ]*)*)?$"))]
    pub parameters: String,
    /// Database. The stack's own server makes it at its first start.
    #[schemars(regex(pattern = pattern::SQL_NAME))]
    pub name: String,
    /// User that owns the database.
    #[schemars(regex(pattern = pattern::SQL_NAME))]
    pub username: String,
    /// Name of the Secret with the password. Empty: the Secret of `global.credentials`.
    #[schemars(regex(pattern = pattern::OBJECT_NAME_OR_NONE))]
    pub existing_secret: String,
    /// Key in that Secret that holds the password.
    #[schemars(length(min = 1))]
    pub password_key: String,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            host: String::new(),
            kind: DatabaseKind::Postgresql,
            port: 0,
            parameters: String::new(),
            name: "metastore".into(),
            username: "hive".into(),
            existing_secret: String::new(),
            password_key: "database-password".into(),
        }
    }
}

/// Kinds of databases.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// PostgreSQL.
    Postgresql,
    /// MySQL or MariaDB, by the driver MySQL Connector/J (GPL 2 with the Universal FOSS Exception).
    Mysql,
}

/// The Hive Metastore.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Metastore {
    /// URI of an existing Hive Metastore 2.3 to 4.0.0, for example `thrift://hms.example.com:9083`. Empty: the stack's own.
    #[schemars(regex(pattern = r"^(thrift://[^/ ]+:[0-9]+)?$"))]
    pub uri: String,
}

/// The master of a standalone cluster.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Master {
    /// URL of an existing standalone master of the same Spark version, for example `spark://master.example.com:7077`.
    /// Empty: the stack's own.
    #[schemars(regex(pattern = r"^(spark://[^/ ]+:[0-9]+)?$"))]
    pub url: String,
    /// The secret that master, workers and all drivers of a standalone cluster share, with `global.encryption`.
    pub secret: MasterSecret,
}

/// The secret of a standalone cluster.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MasterSecret {
    /// Name of the Secret. Empty: the Secret of `global.credentials`.
    #[schemars(regex(pattern = pattern::OBJECT_NAME_OR_NONE))]
    pub existing_secret: String,
    /// Key in that Secret that holds it.
    #[schemars(length(min = 1))]
    pub key: String,
}

impl Default for MasterSecret {
    fn default() -> Self {
        Self { existing_secret: String::new(), key: "master-secret".into() }
    }
}

/// The remote shuffle service.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ShuffleService {
    /// Masters of the stack's own Celeborn. `1`: when it restarts, applications that shuffle just then lose what they
    /// have shuffled. `3`: they agree by Raft, and one may be away.
    #[schemars(extend("enum" = [1, 3]))]
    pub masters: u8,
    /// Masters of an existing Celeborn 0.5, for example `celeborn-0.example.com:9097,celeborn-1.example.com:9097`. Empty:
    /// the stack's own.
    #[schemars(regex(pattern = r"^([^:, ]+:[0-9]+(,[^:, ]+:[0-9]+)*)?$"))]
    pub endpoints: String,
}

impl Default for ShuffleService {
    fn default() -> Self {
        Self { masters: 1, endpoints: String::new() }
    }
}

/// The Spark Connect server.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Connect {
    /// URL of an existing Spark Connect server, for example `sc://connect.example.com:15002`. Empty: the stack's own.
    #[schemars(regex(pattern = r"^(sc://[^ ]+)?$"))]
    pub url: String,
    /// TLS between clients and the server. It brings the token with it.
    pub tls: ConnectTls,
    /// The token that clients show, with `tls.enabled`.
    pub token: ConnectToken,
}

/// TLS between clients and the Spark Connect server.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ConnectTls {
    /// Clients speak TLS and show a token. In the pod of the stack's own server a proxy (Envoy) ends TLS and refuses calls
    /// without the token; the server itself listens to that proxy alone. Off: whoever reaches the port may use the server.
    pub enabled: bool,
    /// Name of the Secret with the certificate of the stack's own server, of the keys `tls.crt` and `tls.key`, as
    /// cert-manager makes it. It must be for `<stack>-connect.<namespace>.svc.cluster.local`, and for each other name that
    /// clients call. It is read anew when it changes.
    #[schemars(regex(pattern = pattern::OBJECT_NAME_OR_NONE))]
    pub certificate_secret: String,
    /// Certificate authority that clients trust, and no other. Without a name: `ca.crt` of `certificateSecret` for the stack's
    /// own server, as cert-manager puts it there, and the public ones for the server of `url`.
    pub ca: Ca,
}

/// The token that clients of the Spark Connect server show.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ConnectToken {
    /// Name of the Secret. Empty: the Secret of `global.credentials`.
    #[schemars(regex(pattern = pattern::OBJECT_NAME_OR_NONE))]
    pub existing_secret: String,
    /// Key in that Secret that holds the token.
    #[schemars(length(min = 1))]
    pub key: String,
}

impl Default for ConnectToken {
    fn default() -> Self {
        Self { existing_secret: String::new(), key: "connect-token".into() }
    }
}

/// Where jars come from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// An init container fetches them and checks their SHA-256.
    Download,
    /// They are baked into the images that you name.
    Image,
}

/// Jars that the published images lack.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Jars {
    /// `download`: an init container fetches them and checks their SHA-256. `image`: they are baked into your images
    /// (Spark: `/opt/spark/jars`, Hive: `/opt/hive/lib`).
    pub source: Source,
    /// Maven repository to fetch from. The default is the mirror that Spark itself falls back to; name your
    /// company's mirror here.
    #[schemars(regex(pattern = r"^https?://[^ ]+[^/ ]$"))]
    pub repository: String,
}

impl Default for Jars {
    fn default() -> Self {
        // `spark.sql.maven.additionalRemoteRepositories` of all lines (lean-s3a).
        Self {
            source: Source::Download,
            repository: "https://maven-central.storage-download.googleapis.com/maven2".into(),
        }
    }
}

/// Python packages that the published Spark images lack.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Python {
    /// `download`: an init container installs them from a package index, every file checked by its SHA-256.
    /// `image`: they are baked into your images.
    pub source: Source,
    /// Package index (PEP 503, ends in `/simple`). Empty: pip's own default; name your company's mirror here.
    #[schemars(regex(pattern = r"^(https?://[^ ]+)?$"))]
    pub index_url: String,
}

impl Default for Python {
    fn default() -> Self {
        Self { source: Source::Download, index_url: String::new() }
    }
}

/// NetworkPolicies of the stack.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NetworkPolicy {
    /// Make a NetworkPolicy for each component that allows its own wires and nothing else.
    pub enabled: bool,
    /// Ports of the Kubernetes API server as pods may see them.
    pub api_server_ports: Vec<u16>,
    /// Ports of the cluster's DNS as pods may see them.
    pub dns_ports: Vec<u16>,
}

impl Default for NetworkPolicy {
    fn default() -> Self {
        // OpenShift's DNS pods listen on 5353 (spark-facts 12).
        Self { enabled: false, api_server_ports: vec![443, 6443], dns_ports: vec![53, 5353] }
    }
}
