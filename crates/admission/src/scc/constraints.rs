//! All constraints of a cluster, and what they do to a pod.

use std::borrow::Cow;

use super::attempt::attempt;
use super::catalogue;
use super::constraint::{Scc, SccError};
use super::namespace::Namespace;
use super::release::Release;
use super::rules::Rules;
use super::write::write;
use crate::pod::Pod;
use crate::{Admission, PodRef, Violation};

/// The annotation of a pod that asks for one constraint and no other.
const REQUIRED: &str = "openshift.io/required-scc";

/// The constraints of a cluster, in the order in which they are tried.
#[derive(Debug, Clone)]
pub struct Constraints {
    pub(super) sccs: Vec<Scc>,
    pub(super) everybody: Vec<String>,
    pub(super) knows_required: bool,
    pub(super) safe_sysctls: Vec<String>,
}

impl Constraints {
    /// Those of a default cluster.
    pub fn of(release: Release) -> &'static Constraints {
        catalogue::of(release)
    }

    /// Other constraints, tried as a release tries its own. Nobody may use one by default.
    ///
    /// # Errors
    /// One under which no pod could ever be judged.
    pub fn new(mut sccs: Vec<Scc>, release: Release) -> Result<Self, SccError> {
        sccs.iter().try_for_each(Scc::check)?;
        sccs.sort_by(Scc::order);
        let twice = sccs.iter().enumerate().find(|(index, scc)| sccs[..*index].iter().any(|a| a.name() == scc.name()));
        if let Some((_, scc)) = twice {
            return Err(SccError::Twice(scc.name().to_owned()));
        }
        Ok(Constraints { sccs, everybody: Vec::new(), ..Self::of(release).clone() })
    }

    /// The constraints.
    pub fn iter(&self) -> impl Iterator<Item = &Scc> {
        self.sccs.iter()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sccs.iter().map(Scc::name)
    }

    /// The names of those that an ordinary service account may use (openshift-and-chart-quality A2).
    pub fn of_everybody(&self) -> &[String] {
        &self.everybody
    }

    /// What happens to a pod whose service account may use some of them.
    ///
    /// # Errors
    /// The reasons of every usable constraint, in the order of trying.
    pub fn judge<'p>(
        &self,
        usable: &[impl AsRef<str>],
        pod: PodRef<'p>,
        namespace: &Namespace,
    ) -> Result<Admission<'p>, Vec<Violation>> {
        let read = Pod::read(pod)?;
        if read.is_windows() {
            return Ok(Admission::untouched("nothing: OpenShift passes over Windows pods", pod));
        }
        let required = read.annotation(REQUIRED).filter(|name| self.knows_required && !name.is_empty());
        let may_use = |scc: &&Scc| usable.iter().any(|name| name.as_ref() == scc.name());
        let is_asked = |scc: &&Scc| required.is_none_or(|name| name == scc.name());
        let mut reasons = Vec::new();
        let mut tried = false;
        for scc in self.sccs.iter().filter(is_asked).filter(may_use) {
            tried = true;
            match self.attempt(scc, pod, &read, namespace) {
                Ok(admission) => return Ok(admission),
                Err(more) => reasons.extend(more),
            }
        }
        if !tried {
            reasons.push(self.nothing_usable(required, usable));
        }
        Err(reasons)
    }

    fn attempt<'p>(
        &self,
        scc: &Scc,
        pod: PodRef<'p>,
        read: &Pod<'_>,
        namespace: &Namespace,
    ) -> Result<Admission<'p>, Vec<Violation>> {
        let rules = Rules::new(scc, namespace, &self.safe_sysctls);
        let filled = attempt(&rules, read)?;
        let (metadata, spec) = write(pod, read, &filled, scc.name());
        Ok(Admission { by: scc.name().to_owned(), metadata: Cow::Owned(metadata), spec: Cow::Owned(spec) })
    }

    fn nothing_usable(&self, required: Option<&str>, usable: &[impl AsRef<str>]) -> Violation {
        let usable: Vec<&str> = usable.iter().map(AsRef::as_ref).collect();
        let usable = if usable.is_empty() { "none".to_owned() } else { usable.join(", ") };
        let (path, message, help) = match required {
            Some(name) if self.names().all(|known| known != name) => (
                format!("metadata.annotations[{REQUIRED}]"),
                format!("the pod asks for the constraint `{name}`, which the cluster does not have"),
                sparkyard_yaml::did_you_mean(name, self.names().collect::<Vec<_>>()),
            ),
            Some(name) => (
                format!("metadata.annotations[{REQUIRED}]"),
                format!("the pod asks for the constraint `{name}`, its service account may use {usable}"),
                "ask for one of those, or remove the annotation".to_owned(),
            ),
            None => (
                "spec.serviceAccountName".to_owned(),
                format!("the service account may use {usable}, the cluster has none of them"),
                format!("let it use one of {}", self.names().collect::<Vec<_>>().join(", ")),
            ),
        };
        Violation { check: "usable-scc".to_owned(), path, container: None, message, help }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn release(text: &str) -> Release {
        text.parse().expect("a release")
    }

    fn names(text: &str) -> String {
        Constraints::of(release(text)).names().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn they_are_tried_in_openshifts_order() {
        let expected = "anyuid restricted-v2 restricted-v3 restricted nested-container nonroot-v2 nonroot \
                        hostmount-anyuid hostmount-anyuid-v2 hostnetwork-v2 hostnetwork hostaccess privileged";
        assert_eq!(names("5.0"), expected);
        assert_eq!(names("9.9"), expected, "the future is the newest");
        assert_eq!(names("4.17"), names("4.16").replace("hostmount-anyuid", "hostmount-anyuid hostmount-anyuid-v2"));
        assert!(!names("4.19").contains("v3") && names("4.20").contains("nested-container"));
    }

    fn judge(text: &str, usable: &[&str], metadata: &Value, spec: &Value) -> Result<String, Vec<Violation>> {
        let pod = PodRef { metadata, spec };
        let admission = Constraints::of(release(text)).judge(usable, pod, &Namespace::default())?;
        assert_eq!(admission.metadata["annotations"]["openshift.io/scc"], json!(admission.by));
        Ok(admission.by)
    }

    #[test]
    fn a_pod_can_ask_for_a_constraint() {
        let spec = json!({"containers": [{"name": "a"}]});
        let asks = |name: &str| json!({"annotations": {REQUIRED: name}});
        let usable = ["restricted-v2", "nonroot-v2"];
        assert_eq!(judge("4.14", &usable, &asks("nonroot-v2"), &spec), Ok("nonroot-v2".to_owned()));
        assert_eq!(judge("4.13", &usable, &asks("nonroot-v2"), &spec), Ok("restricted-v2".to_owned()), "not yet");
        assert_eq!(judge("4.14", &usable, &asks(""), &spec), Ok("restricted-v2".to_owned()));
        let says = |name: &str| judge("5.0", &usable, &asks(name), &spec).expect_err("refused").remove(0).message;
        assert!(says("anyuid").ends_with("may use restricted-v2, nonroot-v2"), "{}", says("anyuid"));
        assert!(says("nonroot-v9").ends_with("which the cluster does not have"), "{}", says("nonroot-v9"));
    }

    #[test]
    fn nobody_gets_in_without_a_usable_constraint() {
        let spec = json!({"containers": [{"name": "a"}]});
        let reasons = judge("4.16", &["restricted-v3"], &Value::Null, &spec).expect_err("4.16 does not have it");
        assert_eq!((reasons.len(), reasons[0].check.as_str()), (1, "usable-scc"));
    }

    #[test]
    fn windows_is_passed_over() {
        let spec = json!({"os": {"name": "windows"}, "hostNetwork": true});
        let pod = PodRef { metadata: &Value::Null, spec: &spec };
        let admission = Constraints::of(Release::NEWEST).judge(&["restricted-v2"], pod, &Namespace::default());
        assert!(admission.is_ok_and(|admission| matches!(admission.spec, Cow::Borrowed(_))));
    }

    #[test]
    fn safe_sysctls_come_with_releases() {
        let sets = |name: &str| json!({"securityContext": {"sysctls": [{"name": name, "value": "1"}]}});
        for (name, since) in [
            ("kernel.shm_rmid_forced", 11),
            ("net.ipv4.tcp_fin_timeout", 16),
            ("net.ipv4.tcp_rmem", 21),
            ("vm.swap", 99),
        ] {
            for minor in 11..24 {
                let verdict = judge(&format!("4.{minor}"), &["restricted-v2"], &Value::Null, &sets(name));
                assert_eq!(verdict.is_ok(), minor >= since, "{name} in 4.{minor}");
            }
        }
    }

    #[test]
    fn constraints_of_ones_own() {
        let scc = |name: &str| -> Scc {
            let any = json!({"type": "RunAsAny"});
            serde_json::from_value(json!({"metadata": {"name": name}, "runAsUser": any, "seLinuxContext": any}))
                .expect("a constraint")
        };
        let two = Constraints::new(vec![scc("b"), scc("a")], Release::NEWEST).expect("two good ones");
        assert_eq!(two.names().collect::<Vec<_>>(), ["a", "b"]);
        assert!(two.of_everybody().is_empty());
        let twice = Constraints::new(vec![scc("a"), scc("a")], Release::NEWEST);
        assert_eq!(twice.map(|_| ()), Err(SccError::Twice("a".to_owned())));
    }
}
