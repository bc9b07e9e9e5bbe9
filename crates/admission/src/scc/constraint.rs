//! A security context constraint as OpenShift writes it.

use serde::{Deserialize, Deserializer, Serialize};

/// A SecurityContextConstraints object (`security.openshift.io/v1`). Reads the whole object of a cluster;
/// who may use it (`users`, `groups`, RBAC) is not its matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scc {
    pub(super) metadata: Metadata,
    #[serde(default)]
    pub(super) priority: Option<i32>,
    #[serde(default)]
    pub(super) allow_privileged_container: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) default_add_capabilities: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) required_drop_capabilities: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) allowed_capabilities: Vec<String>,
    #[serde(default)]
    pub(super) allow_host_dir_volume_plugin: bool,
    /// Absent means all, for the sake of objects older than the field.
    #[serde(default)]
    pub(super) volumes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) allowed_flex_volumes: Vec<FlexVolume>,
    #[serde(default)]
    pub(super) allow_host_network: bool,
    #[serde(default)]
    pub(super) allow_host_ports: bool,
    #[serde(default, rename = "allowHostPID")]
    pub(super) allow_host_pid: bool,
    #[serde(default, rename = "allowHostIPC")]
    pub(super) allow_host_ipc: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) user_namespace_level: UserNamespaceLevel,
    #[serde(default)]
    pub(super) default_allow_privilege_escalation: Option<bool>,
    #[serde(default)]
    pub(super) allow_privilege_escalation: Option<bool>,
    pub(super) se_linux_context: SeLinuxContext,
    pub(super) run_as_user: RunAsUser,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) supplemental_groups: Groups,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) fs_group: Groups,
    #[serde(default)]
    pub(super) read_only_root_filesystem: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) seccomp_profiles: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) allowed_unsafe_sysctls: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) forbidden_sysctls: Vec<String>,
}

/// Null means absent, as everywhere in Kubernetes.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(source: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Metadata {
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FlexVolume {
    pub(super) driver: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum UserNamespaceLevel {
    #[default]
    #[serde(rename = "AllowHostLevel", alias = "")]
    AllowHost,
    #[serde(rename = "RequirePodLevel")]
    RequirePod,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunAsUser {
    #[serde(rename = "type")]
    pub(super) strategy: UserStrategy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uid_range_min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uid_range_max: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum UserStrategy {
    MustRunAs,
    MustRunAsRange,
    MustRunAsNonRoot,
    RunAsAny,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeLinuxContext {
    #[serde(rename = "type")]
    pub(super) strategy: Strategy,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) se_linux_options: SeLinuxOptions,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Strategy {
    MustRunAs,
    #[default]
    RunAsAny,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SeLinuxOptions {
    pub(super) user: String,
    pub(super) role: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) level: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Groups {
    #[serde(default, rename = "type")]
    pub(super) strategy: Strategy,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ranges: Vec<GroupRange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GroupRange {
    #[serde(default)]
    pub(super) min: i64,
    #[serde(default)]
    pub(super) max: i64,
}

/// A constraint under which no pod could ever be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SccError {
    /// `MustRunAs` for users, without the user.
    #[error("{0}: runAsUser is MustRunAs and has no `uid`; write one")]
    NoUid(String),
    /// `MustRunAsRange` with one end.
    #[error("{0}: runAsUser is MustRunAsRange with one end; write `uidRangeMin` and `uidRangeMax`, or neither")]
    HalfRange(String),
    /// A name that an earlier one has.
    #[error("{0}: there are two constraints of this name")]
    Twice(String),
}

impl Scc {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    pub(super) fn check(&self) -> Result<(), SccError> {
        let user = &self.run_as_user;
        match user.strategy {
            UserStrategy::MustRunAs if user.uid.is_none() => Err(SccError::NoUid(self.name().to_owned())),
            UserStrategy::MustRunAsRange if user.uid_range_min.is_some() != user.uid_range_max.is_some() => {
                Err(SccError::HalfRange(self.name().to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Its volume types after OpenShift's defaulting: the older field `allowHostDirVolumePlugin` has the last
    /// word about hostPath. None stands for all types.
    pub(super) fn effective_volumes(&self) -> Option<Vec<&str>> {
        let all = self.volumes.as_ref().is_none_or(|volumes| volumes.iter().any(|volume| volume == "*"));
        match (all, self.allow_host_dir_volume_plugin) {
            (true, true) => None,
            (true, false) => Some(super::volumes::all_names().filter(|name| *name != "hostPath").collect()),
            (false, host) => {
                let listed = self.volumes.iter().flatten().map(String::as_str).filter(|name| *name != "hostPath");
                Some(listed.chain(host.then_some("hostPath")).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn scc(mut change: Value) -> Scc {
        change["metadata"] = json!({"name": "a"});
        for required in ["seLinuxContext", "runAsUser"] {
            if change[required].is_null() {
                change[required] = json!({"type": "RunAsAny"});
            }
        }
        serde_json::from_value(change).expect("a constraint")
    }

    #[test]
    fn an_object_of_a_cluster_is_read() {
        let read = scc(json!({
            "apiVersion": "security.openshift.io/v1", "kind": "SecurityContextConstraints",
            "users": [], "groups": ["system:authenticated"], "priority": null, "allowedCapabilities": null,
            "allowHostPID": true, "fsGroup": {"type": "MustRunAs"}, "userNamespaceLevel": "AllowHostLevel",
        }));
        assert!(read.allow_host_pid && read.allowed_capabilities.is_empty());
        assert_eq!(read.fs_group.strategy, Strategy::MustRunAs);
        assert_eq!(read.supplemental_groups.strategy, Strategy::RunAsAny, "what is absent is RunAsAny");
    }

    #[test]
    fn host_path_is_decided_by_its_own_field() {
        let volumes = |change| scc(change).effective_volumes().map(|names| names.join(" "));
        assert_eq!(volumes(json!({"allowHostDirVolumePlugin": true})), None);
        assert_eq!(volumes(json!({"allowHostDirVolumePlugin": true, "volumes": []})), Some("hostPath".into()));
        assert_eq!(volumes(json!({"volumes": ["hostPath", "secret"]})), Some("secret".into()));
        assert_eq!(volumes(json!({"volumes": []})), Some(String::new()));
        let all = volumes(json!({"volumes": ["*"]})).unwrap_or_default();
        assert!(all.contains("cephFS") && all.contains("image") && !all.contains("hostPath"), "{all}");
    }

    #[test]
    fn half_a_constraint_is_an_error() {
        assert_eq!(scc(json!({"runAsUser": {"type": "MustRunAs"}})).check(), Err(SccError::NoUid("a".into())));
        let half = json!({"runAsUser": {"type": "MustRunAsRange", "uidRangeMin": 1}});
        assert_eq!(scc(half).check(), Err(SccError::HalfRange("a".into())));
        assert_eq!(scc(json!({"runAsUser": {"type": "MustRunAsRange"}})).check(), Ok(()));
    }
}
