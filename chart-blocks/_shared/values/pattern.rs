//! What texts of several values look like, as JSON Schema's `pattern` takes it.

/// Memory as Java and Spark write it: `512m`, `2g`.
pub const JAVA_MEMORY: &str = r"^[1-9][0-9]*[mg]$";
/// The same, or nothing.
pub const JAVA_MEMORY_OR_NONE: &str = r"^([1-9][0-9]*[mg])?$";
/// A duration as Spark writes it: `60s`, `30m`, `1h`.
pub const SPARK_TIME: &str = r"^[1-9][0-9]*(s|m|h)$";
/// Name of an object of Kubernetes, or nothing.
pub const OBJECT_NAME_OR_NONE: &str = r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$";
/// A name that SQL takes without quotes: of a database, a user, a catalog.
pub const SQL_NAME: &str = r"^[A-Za-z_][A-Za-z0-9_]{0,62}$";
/// Prefix of keys in a bucket: `a/b`.
pub const KEY_PREFIX: &str = r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$";
/// Where a program lies: a path in the pod or an address, or nothing.
pub const APPLICATION_OR_NONE: &str = r"^((s3a|local|https?)://[^ ]+|/[^ ]+)?$";
/// An address.
pub const HTTP_URL: &str = r"^https?://[^ ]+$";
