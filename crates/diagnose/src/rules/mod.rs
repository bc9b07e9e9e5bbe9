//! The rules, the surest first.

mod claim;
mod config_missing;
mod container_start;
mod crash_loop;
mod database_password;
mod database_schema;
mod evicted;
mod executor_refused;
mod image;
mod jar_hash;
mod job_failed;
mod mirror;
mod name_lookup;
mod neighbour;
mod out_of_memory;
mod pod_not_created;
mod pod_security;
mod port_taken;
mod probe;
mod python_index;
mod quota;
mod s3_bucket;
mod s3_keys;
mod scaled_to_zero;
mod scc;
mod storage_class;
mod unschedulable;
mod volume_mount;

use crate::Rule;

/// Every rule.
pub const RULES: &[&Rule] = &[
    &pod_security::RULE,
    &scc::RULE,
    &quota::RULE,
    &pod_not_created::RULE,
    &storage_class::RULE,
    &claim::RULE,
    &unschedulable::RULE,
    &image::RULE,
    &config_missing::RULE,
    &volume_mount::RULE,
    &container_start::RULE,
    &out_of_memory::RULE,
    &evicted::RULE,
    &jar_hash::RULE,
    &name_lookup::RULE,
    &mirror::RULE,
    &python_index::RULE,
    &s3_keys::RULE,
    &s3_bucket::RULE,
    &database_password::RULE,
    &database_schema::RULE,
    &executor_refused::RULE,
    &port_taken::RULE,
    &scaled_to_zero::RULE,
    &neighbour::RULE,
    &job_failed::RULE,
    &crash_loop::RULE,
    &probe::RULE,
];
