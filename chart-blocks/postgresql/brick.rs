//! PostgreSQL: the metastore's database.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkyard_model::{Brick, ImageSlot, Port, Socket, Values, Version};

use crate::shared::{Image, Object, Peers, Persistence, Pod, ServiceAccount, resources};

/// The brick.
pub(crate) const BRICK: Brick = Brick {
    id: "postgresql",
    component: "postgresql",
    title: "PostgreSQL: the database of the Hive Metastore",
    why: "The Hive Metastore keeps the names, columns and locations of all tables in a database. This brick is a \
          PostgreSQL of one pod for that purpose. In production name a database that somebody backs up in \
          `global.database.host` and leave this brick out.",
    provides: &[Socket::Database],
    needs: &[],
    needs_when: &[],
    ports: &[Port { name: "postgresql", port: 5432, what: "PostgreSQL" }],
    images: &[ImageSlot { key: "image", role: "postgres" }],
    version: Version::Image("postgres"),
    apis: &[],
    globals: &[
        "stack",
        "platform",
        "clusterDomain",
        "imageRegistry",
        "imagePullSecrets",
        "credentials",
        "database.name",
        "database.username",
        "database.existingSecret",
        "database.passwordKey",
        "networkPolicy",
    ],
    jars: &[],
    python: None,
    shared_files: &[],
    shared_templates: &[],
    credentials: &["database-password"],
    keywords: &["postgresql", "database"],
    sources: &["https://www.postgresql.org"],
    values: Values::of::<PostgresqlValues>(),
};

/// Values of the database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct PostgresqlValues {
    /// Image.
    pub image: Image,
    /// Where the database is kept.
    pub persistence: Persistence,
    /// Settings of the server, as in postgresql.conf: `{max_connections: "200"}`.
    pub settings: Object,
    /// Requests and limits.
    pub resources: Object,
    /// ServiceAccount. It needs no rights.
    pub service_account: ServiceAccount,
    /// Peers beyond the stack's own.
    pub network_policy: Peers,
    /// Placement, security and extras of the pod.
    pub pod: Pod,
}

impl Default for PostgresqlValues {
    fn default() -> Self {
        Self {
            image: Image::default(),
            persistence: Persistence::of("5Gi"),
            settings: Object::new(),
            resources: resources("50m", "192Mi", "512Mi"),
            service_account: ServiceAccount::default(),
            network_policy: Peers::default(),
            pod: Pod::of(999, 60),
        }
    }
}
