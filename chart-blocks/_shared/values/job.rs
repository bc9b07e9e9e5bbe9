//! Jobs that run by the clock.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens when it is time and the last run has not ended.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub enum ConcurrencyPolicy {
    /// The new run is left out.
    Forbid,
    /// Both run.
    Allow,
    /// The old run is ended.
    Replace,
}

/// Runs that are kept to be looked at.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct History {
    /// Of those that succeeded.
    #[schemars(range(min = 0))]
    pub succeeded: u32,
    /// Of those that failed.
    #[schemars(range(min = 0))]
    pub failed: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { succeeded: 3, failed: 3 }
    }
}
