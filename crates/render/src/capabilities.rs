//! What `helm template` says about the cluster when it asks none.

use crate::value::Capabilities;

/// The version that helm 4.3 assumes.
const VERSION: &str = "v1.37.0";

/// The API versions that helm 4.3 has built in.
const BUILT_IN: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

impl Capabilities {
    /// Those of a Kubernetes version (helm's own if none is given) with further API versions.
    ///
    /// # Errors
    /// When the version is none.
    pub fn of(kube_version: Option<&str>, api_versions: &[String]) -> Result<Self, String> {
        let given = kube_version.unwrap_or(VERSION);
        let numbers = numbers(given).ok_or_else(|| format!("invalid kube version '{given}'"))?;
        let words: Vec<String> = numbers.iter().map(u64::to_string).collect();
        Ok(Self {
            version: if given.starts_with('v') { given.to_owned() } else { format!("v{given}") },
            normalized: format!("v{}", words.join(".")),
            major: words[0].clone(),
            minor: words[1].clone(),
            api_versions: BUILT_IN
                .iter()
                .map(|version| (*version).to_owned())
                .chain(api_versions.iter().cloned())
                .collect(),
        })
    }
}

/// The numbers at the start of a version, at least two.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let text = text.trim_start();
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let core = text[..end].trim_end_matches('.');
    let numbers: Option<Vec<u64>> =
        core.split('.').map(|part| part.parse().ok().filter(|_| part == "0" || !part.starts_with('0'))).collect();
    numbers.filter(|numbers| numbers.len() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_taken_apart() {
        let caps = Capabilities::of(Some("1.33.4-gke.1"), &["a/v1".into()]).expect("a version");
        assert_eq!(
            (caps.version.as_str(), caps.normalized.as_str(), caps.minor.as_str()),
            ("v1.33.4-gke.1", "v1.33.4", "33")
        );
        assert!(caps.api_versions.iter().any(|version| version == "a/v1"));
        assert!(Capabilities::of(Some("1"), &[]).is_err() && Capabilities::of(Some("x.y"), &[]).is_err());
        assert_eq!(Capabilities::of(None, &[]).map(|caps| caps.version), Ok("v1.37.0".to_owned()));
    }
}
