//! What is wrong with a pod.

use serde::Serialize;

/// One reason why a pod is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Id of the check: Kubernetes' own (`allowPrivilegeEscalation`), for a security context constraint its
    /// name and the field (`restricted-v2/runAsUser`), `decode` for a pod that cannot be read.
    pub check: String,
    /// The field: `spec.initContainers[0].securityContext.allowPrivilegeEscalation`.
    pub path: String,
    /// Name of the container, when the field belongs to one.
    pub container: Option<String>,
    /// What is there and what is wanted.
    pub message: String,
    /// What to write.
    pub help: String,
}
