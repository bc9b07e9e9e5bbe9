//! OpenShift's security context constraints: matching, defaulting, validating.
//!
//! Follows openshift/apiserver-library-go, `pkg/securitycontextconstraints`, as it treats a pod that is being
//! created: the constraints are tried in the order of priority, then of restriction, then of name; the first
//! usable one that fits the whole pod after filling in what is missing wins (openshift-and-chart-quality A2).
//! The validating phase that follows on a cluster tries the same again and finds the same; `tests/oracle`
//! checks that it does.
//!
//! Two things are done elsewhere on a cluster and here: 4.12 itself writes a seccomp profile into the
//! annotation only and leaves the field to the API server, and the service account's projected token volume
//! comes from another plugin.

mod attempt;
mod capabilities;
mod catalogue;
mod constraint;
mod constraints;
mod groups;
mod host;
mod namespace;
mod order;
mod reasons;
mod release;
mod rules;
mod se_linux;
mod seccomp;
mod users;
mod volumes;
mod write;

pub use constraint::{Scc, SccError};
pub use constraints::Constraints;
pub use namespace::{IdRange, Namespace, NamespaceError};
pub use release::{Release, ReleaseError};
