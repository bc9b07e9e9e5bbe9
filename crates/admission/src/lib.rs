//! Would a cluster take this pod? Kubernetes' Pod Security Standards and OpenShift's security context
//! constraints (SCC), evaluated in pure Rust, without a cluster.
//!
//! ```
//! use serde_json::json;
//! use sparkyard_admission::{Namespace, PodRef, Policy};
//!
//! let (metadata, spec) = (json!({}), json!({"containers": [{"name": "a", "image": "b"}]}));
//! let pod = PodRef { metadata: &metadata, spec: &spec };
//!
//! let kubernetes: Policy = "pss:restricted".parse()?;
//! let reasons = kubernetes.judge(pod, &Namespace::default()).unwrap_err();
//! assert_eq!(reasons[0].path, "spec.containers[0].securityContext.allowPrivilegeEscalation");
//!
//! // OpenShift fills in what is missing.
//! let openshift: Policy = "scc:restricted-v2@4.16".parse()?;
//! let admission = openshift.judge(pod, &Namespace::default()).unwrap();
//! assert_eq!(admission.spec["containers"][0]["securityContext"]["runAsUser"], 1_000_680_000);
//! # Ok::<(), sparkyard_admission::PolicyError>(())
//! ```
//!
//! What it says is proven equal to what clusters say, by their own code: `tests/fixtures.rs` runs Kubernetes'
//! own test data, `tests/oracle.rs` compares random pods with the two Go libraries (`tests/oracle` of the
//! repository).
//!
//! # Pods that are no pods
//! The API server decodes a pod before it judges it, and refuses one with a number where a text belongs. So
//! does this crate, for every field that some check reads: such a pod gets [`Violation`]s with the check
//! `decode` and no others. `null` means absent, as it does there. Fields that no check reads are not looked at.

#[cfg(test)]
mod golden;
mod pod;
mod policy;
pub mod pss;
mod read;
pub mod scc;
mod violation;

pub use policy::{Admission, PodRef, Policy, PolicyError};
pub use pss::{Level, PssVersion};
pub use scc::{Namespace, NamespaceError, Release};
pub use violation::Violation;
