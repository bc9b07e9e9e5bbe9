//! Policies by name, and what they say of a pod.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::pss::{self, VersionError};
use crate::scc::{Constraints, ReleaseError};
use crate::{Level, Namespace, PssVersion, Release, Violation};

/// What a cluster demands of pods.
///
/// Written `pss:restricted`, `pss:baseline@1.30`, `scc:restricted-v2`, `scc:restricted-v2@4.16`; several
/// constraints with commas between them, `scc:default` for those that every service account may use. Without
/// `@` the newest is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Policy {
    /// A namespace with the label `pod-security.kubernetes.io/enforce`.
    Pss {
        /// The value of the label.
        level: Level,
        /// The value of `pod-security.kubernetes.io/enforce-version`.
        version: PssVersion,
    },
    /// An OpenShift cluster.
    Scc {
        /// The security context constraints that the pod's service account may use.
        names: Vec<String>,
        /// The release of OpenShift.
        release: Release,
    },
}

/// A pod, or the pod template of a workload.
#[derive(Debug, Clone, Copy)]
pub struct PodRef<'a> {
    /// Its `metadata`; null for none.
    pub metadata: &'a Value,
    /// Its `spec`.
    pub spec: &'a Value,
}

/// A pod that was let in.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission<'a> {
    /// Who let it in: the policy, or the name of the constraint.
    pub by: String,
    /// The metadata afterwards; borrowed if nothing was changed.
    pub metadata: Cow<'a, Value>,
    /// The spec afterwards; borrowed if nothing was changed.
    pub spec: Cow<'a, Value>,
}

impl<'a> Admission<'a> {
    pub(crate) fn untouched(by: impl Into<String>, pod: PodRef<'a>) -> Self {
        Admission { by: by.into(), metadata: Cow::Borrowed(pod.metadata), spec: Cow::Borrowed(pod.spec) }
    }

    /// The pod for the next policy: on OpenShift Pod Security judges what the constraint left.
    pub fn pod(&self) -> PodRef<'_> {
        PodRef { metadata: &self.metadata, spec: &self.spec }
    }
}

impl Policy {
    /// What OpenShift demands of an ordinary service account.
    pub fn openshift(release: Release) -> Self {
        Policy::Scc { names: Constraints::of(release).of_everybody().to_vec(), release }
    }

    /// Whether only OpenShift has such a policy.
    pub fn is_openshift(&self) -> bool {
        matches!(self, Policy::Scc { .. })
    }

    /// The same policy as a cluster of this version of Kubernetes applies it: `1.29`. Only a policy of Pod Security that
    /// names no version of its own changes.
    ///
    /// # Errors
    /// When it is no version, or one that is too old.
    pub fn on_kubernetes(self, version: &str) -> Result<Self, pss::VersionError> {
        let text = version.trim_start_matches('v');
        let minor = text.match_indices('.').nth(1).map_or(text, |(end, _)| &text[..end]);
        let version_there: PssVersion = minor.parse()?;
        Ok(match self {
            Policy::Pss { level, version: PssVersion::LATEST } => Policy::Pss { level, version: version_there },
            other => other,
        })
    }

    /// Judges a pod that is to be created in a namespace. The namespace matters to OpenShift only.
    ///
    /// # Errors
    /// Everything that is wrong with the pod: of several usable constraints the reasons of each, in the order
    /// in which they were tried.
    pub fn judge<'p>(&self, pod: PodRef<'p>, namespace: &Namespace) -> Result<Admission<'p>, Vec<Violation>> {
        match self {
            Policy::Pss { level, version } => {
                pss::check(*level, *version, pod)?;
                Ok(Admission::untouched(self.to_string(), pod))
            }
            Policy::Scc { names, release } => Constraints::of(*release).judge(names, pod, namespace),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Policy::Pss { level, version: PssVersion::LATEST } => write!(f, "pss:{level}"),
            Policy::Pss { level, version } => write!(f, "pss:{level}@{version}"),
            Policy::Scc { names, release: Release::NEWEST } => write!(f, "scc:{}", names.join(",")),
            Policy::Scc { names, release } => write!(f, "scc:{}@{release}", names.join(",")),
        }
    }
}

/// A policy that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Neither `pss:` nor `scc:`.
    #[error(
        "`{0}` is no policy; write pss:restricted, pss:baseline, scc:default or scc:<constraint>, with @<version> behind it if you like"
    )]
    Kind(String),
    /// Not a level of Pod Security.
    #[error("Pod Security has no level `{name}`: {help}")]
    Level {
        /// What was written.
        name: String,
        /// What exists.
        help: String,
    },
    /// Not a constraint of the release.
    #[error("OpenShift {release} has no security context constraint `{name}`: {help}")]
    Constraint {
        /// What was written.
        name: String,
        /// The release.
        release: Release,
        /// What exists.
        help: String,
    },
    /// Not a version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// Not a release.
    #[error(transparent)]
    Release(#[from] ReleaseError),
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, rest) = text.split_once(':').ok_or_else(|| PolicyError::Kind(text.to_owned()))?;
        let (name, version) = rest.split_once('@').map_or((rest, None), |(name, version)| (name, Some(version)));
        match kind {
            "pss" => {
                let version = version.map_or(Ok(PssVersion::LATEST), str::parse)?;
                Ok(Policy::Pss { level: level(name)?, version })
            }
            "scc" => {
                let release = version.map_or(Ok(Release::NEWEST), str::parse)?;
                if name == "default" {
                    return Ok(Policy::openshift(release));
                }
                let names: Result<_, _> = name.split(',').map(|name| constraint(name.trim(), release)).collect();
                Ok(Policy::Scc { names: names?, release })
            }
            _ => Err(PolicyError::Kind(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Policy {
    type Error = PolicyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Policy> for String {
    fn from(policy: Policy) -> Self {
        policy.to_string()
    }
}

fn level(name: &str) -> Result<Level, PolicyError> {
    let levels = [Level::Restricted, Level::Baseline];
    levels.into_iter().find(|level| level.name() == name).ok_or_else(|| PolicyError::Level {
        name: name.to_owned(),
        help: sparkyard_yaml::did_you_mean(name, levels.map(Level::name)),
    })
}

fn constraint(name: &str, release: Release) -> Result<String, PolicyError> {
    let known: Vec<&str> = Constraints::of(release).names().collect();
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    let help = sparkyard_yaml::did_you_mean(name, known);
    Err(PolicyError::Constraint { name: name.to_owned(), release, help })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Policy, String> {
        text.parse().map_err(|error: PolicyError| error.to_string())
    }

    #[test]
    fn what_is_written_is_read() {
        for text in [
            "pss:restricted",
            "pss:baseline",
            "pss:baseline@1.30",
            "scc:restricted-v2",
            "scc:restricted-v2@4.16",
            "scc:restricted-v2,nonroot-v2@4.12",
        ] {
            assert_eq!(read(text).map(|policy| policy.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(read("pss:restricted@v1.30"), read("pss:restricted@1.30"));
        assert_eq!(read("pss:restricted@latest"), read("pss:restricted"));
        assert_eq!(read("pss:restricted@1.99"), read("pss:restricted"));
    }

    #[test]
    fn default_is_what_everybody_may_use() {
        assert_eq!(read("scc:default").map(|policy| policy.to_string()), Ok("scc:restricted-v2,restricted-v3".into()));
        for release in ["4.12", "4.19"] {
            let written = read(&format!("scc:default@{release}")).map(|policy| policy.to_string());
            assert_eq!(written, Ok(format!("scc:restricted-v2@{release}")));
        }
    }

    #[test]
    fn errors_say_what_exists() {
        let says = |text: &str, part: &str| {
            let error = read(text).expect_err("no policy");
            assert!(error.contains(part), "{text}: {error}");
        };
        says("restricted", "`restricted` is no policy; write pss:restricted");
        says("psp:restricted", "is no policy");
        says("pss:restriced", "did you mean `restricted`? there is: restricted, baseline");
        says("pss:privileged", "there is: restricted, baseline");
        says("pss:baseline@1.2", "`1.2` is no version of Pod Security");
        says(
            "scc:restricted-v3@4.16",
            "OpenShift 4.16 has no security context constraint `restricted-v3`: did you mean",
        );
        says("scc:nonrot-v2", "did you mean `nonroot-v2`?");
        says("scc:restricted-v2@3.11", "OpenShift 3.11 is too old");
        says("scc:restricted-v2@latest", "`latest` is no release of OpenShift");
        says("scc:", "has no security context constraint ``");
    }
}
