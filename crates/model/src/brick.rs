//! A brick: one component as a reusable chart block.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::Tree;

/// A stud of the Lego. A brick *provides* sockets and *needs* sockets; a need is met by another
/// brick or by an external service that a value names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Socket {
    /// An S3-compatible object store with a bucket.
    S3,
    /// A place on S3 where drivers write event logs.
    EventLog,
    /// A Hive Metastore (Thrift).
    Metastore,
    /// A PostgreSQL database.
    Database,
    /// A Spark Connect server (gRPC).
    SparkConnect,
    /// A standalone Spark master.
    SparkMaster,
    /// An operator that runs Spark custom resources.
    SparkOperator,
    /// A remote shuffle service.
    Shuffle,
    /// An experiment tracking server.
    Tracking,
    /// A metrics stack.
    Metrics,
}

impl Socket {
    /// Where in the values an external service for this socket is named: a path below the root,
    /// for example `global.s3.endpoint`. `None` if the socket has no external form.
    pub fn external(self) -> Option<&'static str> {
        match self {
            Socket::S3 | Socket::EventLog => Some("global.s3.endpoint"),
            Socket::Metastore => Some("global.metastore.uri"),
            Socket::Database => Some("global.database.host"),
            Socket::SparkConnect => Some("global.connect.url"),
            Socket::SparkMaster => Some("global.master.url"),
            Socket::Shuffle => Some("global.shuffle.endpoints"),
            _ => None,
        }
    }

    /// Where in the values the Secret with the credentials of that external service is named. `None` if it wants none.
    pub fn external_secret(self) -> Option<&'static str> {
        match self {
            Socket::S3 | Socket::EventLog => Some("global.s3.existingSecret"),
            Socket::Database => Some("global.database.existingSecret"),
            _ => None,
        }
    }
}

/// A need that a brick has only with a certain value of its own: `backend: standalone` needs a master.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NeedWhen {
    /// What is needed.
    pub socket: Socket,
    /// Path of the value below the brick's: `backend`, `shuffle.celeborn.enabled`.
    pub key: &'static str,
    /// The value with which it is needed, as text: `standalone`, `true`.
    pub value: &'static str,
}

/// A port that a brick listens on.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Port {
    /// Name in Services and containers, at most 15 characters.
    pub name: &'static str,
    /// TCP port number, 1024 or above.
    pub port: u16,
    /// What speaks there, in words: `gRPC (Spark Connect)`.
    pub what: &'static str,
}

/// A place in a brick's values that holds an image; the line fills it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ImageSlot {
    /// Key below the brick's values, for example `image`.
    pub key: &'static str,
    /// Role in `versions.toml`, for example `spark` or `hive`.
    pub role: &'static str,
}

/// Where a chart's `appVersion` comes from.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum Version {
    /// The line's Spark version.
    Spark,
    /// The version of the line's image with this role.
    Image(&'static str),
}

/// The typed values of a brick, as functions so that a brick can be a constant.
#[derive(Clone, Copy)]
pub struct Values {
    /// JSON schema (draft-07, subschemas inlined) of the values.
    pub schema: fn() -> Value,
    /// Default values.
    pub defaults: fn() -> Value,
}

impl Values {
    /// The values described by the Rust type `T`.
    pub const fn of<T: JsonSchema + Default + Serialize>() -> Self {
        Self { schema: schema_of::<T>, defaults: defaults_of::<T> }
    }
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Values")
    }
}

fn schema_of<T: JsonSchema>() -> Value {
    // draft-07 is read by Helm 3, Helm 4 and editors alike (rust-deps 3).
    let settings = schemars::generate::SchemaSettings::draft07().with(|s| s.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

fn defaults_of<T: Default + Serialize>() -> Value {
    serde_json::to_value(T::default()).unwrap_or(Value::Null)
}

/// One component as a reusable chart block.
#[derive(Debug, Clone)]
pub struct Brick {
    /// Id, folder name and key in an umbrella's values: `spark-connect`.
    pub id: &'static str,
    /// Last part of object names, `<stack>-<component>`: `connect`.
    pub component: &'static str,
    /// One line: what it is.
    pub title: &'static str,
    /// One paragraph for a DevOps engineer: why it is there.
    pub why: &'static str,
    /// Sockets that other bricks can plug into.
    pub provides: &'static [Socket],
    /// Sockets that this brick plugs into.
    pub needs: &'static [Socket],
    /// Sockets that this brick plugs into only with certain values.
    pub needs_when: &'static [NeedWhen],
    /// Ports it listens on.
    pub ports: &'static [Port],
    /// Its images.
    pub images: &'static [ImageSlot],
    /// Where `appVersion` comes from.
    pub version: Version,
    /// Kinds of its objects that a cluster serves only when somebody has installed them, as `.Capabilities.APIVersions` names
    /// them: `sparkoperator.k8s.io/v1beta2/SparkApplication`. Who renders it without a cluster takes them for granted.
    pub apis: &'static [&'static str],
    /// What its templates read of `global`: keys, or dotted paths (`s3.bucket`) where only a part is read. A chart's
    /// values.yaml shows these and no other; `sparkyard check` finds one that is missing or not read.
    pub globals: &'static [&'static str],
    /// Groups of jars (see `versions.toml`) written to `files/jars.txt` and `files/jars-*.txt` for it.
    pub jars: &'static [&'static str],
    /// Python lock (`client` or `notebook`) written to `files/requirements.txt` for it.
    pub python: Option<&'static str>,
    /// Files of `chart-blocks/_shared/files` that it carries.
    pub shared_files: &'static [&'static str],
    /// Folders `chart-blocks/_shared/<name>/templates` with templates that it carries beside those that every chart has.
    pub shared_templates: &'static [&'static str],
    /// Keys of the stack's credentials Secret that it owns; empty for most.
    pub credentials: &'static [&'static str],
    /// Keywords for Chart.yaml.
    pub keywords: &'static [&'static str],
    /// Where its sources are found, for Chart.yaml.
    pub sources: &'static [&'static str],
    /// Typed values.
    pub values: Values,
}

impl Brick {
    /// Every socket that it may plug into, with the value on which that depends.
    pub fn all_needs(&self) -> impl Iterator<Item = (Socket, Option<&'static NeedWhen>)> + use<> {
        let always = self.needs.iter().map(|socket| (*socket, None));
        always.chain(self.needs_when.iter().map(|when| (when.socket, Some(when))))
    }

    /// The sockets that it plugs into with these values.
    pub fn needs_with<'a>(&self, values: &'a Tree) -> impl Iterator<Item = Socket> + use<'a> {
        let is_met = |when: &NeedWhen| {
            let mut at = when.key.split('.');
            let top = at.next().and_then(|key| values.get(key));
            match at.fold(top, |value, key| value?.get(key)) {
                Some(Value::String(text)) => text == when.value,
                Some(Value::Bool(on)) => when.value.parse() == Ok(*on),
                _ => false,
            }
        };
        self.all_needs().filter(move |(_, when)| when.is_none_or(is_met)).map(|(socket, _)| socket)
    }
}
