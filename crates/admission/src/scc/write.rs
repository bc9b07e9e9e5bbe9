//! Writing into a pod what a constraint filled in.

use serde_json::{Map, Value, json};

use super::attempt::Filled;
use super::seccomp;
use crate::PodRef;
use crate::pod::{Context, Place, Pod, Profile, SeLinux};

/// Set by OpenShift on every pod that a constraint let in.
const ADMITTED_BY: &str = "openshift.io/scc";
/// Whose right to the constraint counted.
const SUBJECT: &str = "security.openshift.io/validated-scc-subject-type";

/// The metadata and the spec of an admitted pod.
pub(super) fn write(pod: PodRef<'_>, read: &Pod<'_>, filled: &Filled<'_>, scc: &str) -> (Value, Value) {
    let (mut metadata, mut spec) = (pod.metadata.clone(), pod.spec.clone());
    let annotations = object(entry(&mut metadata, "annotations"));
    if let Some(words) = &filled.seccomp {
        annotations.insert(seccomp::POD.to_owned(), json!(words));
    }
    annotations.insert(ADMITTED_BY.to_owned(), json!(scc));
    annotations.insert(SUBJECT.to_owned(), json!("serviceaccount"));

    let mut of_pod = changes(&read.context, &filled.context);
    if read.groups.fs_group != filled.groups.fs_group {
        of_pod.push(("fsGroup", json!(filled.groups.fs_group)));
    }
    if read.groups.supplemental != filled.groups.supplemental {
        of_pod.push(("supplementalGroups", json!(filled.groups.supplemental)));
    }
    apply(&mut spec, of_pod);
    for (container, after) in read.containers.iter().zip(&filled.containers) {
        let Place::Container { list, index, .. } = container.place else { continue };
        if let Some(container_value) = spec.get_mut(list).and_then(|list| list.get_mut(index)) {
            apply(container_value, changes(&container.context, after));
        }
    }
    (metadata, spec)
}

/// The fields of a security context that differ; null for one that is gone.
fn changes(before: &Context<'_>, after: &Context<'_>) -> Vec<(&'static str, Value)> {
    let mut changes = Vec::new();
    let mut note = |differs: bool, key, value: Value| {
        if differs {
            changes.push((key, value));
        }
    };
    note(before.run_as_user != after.run_as_user, "runAsUser", json!(after.run_as_user));
    note(before.run_as_non_root != after.run_as_non_root, "runAsNonRoot", json!(after.run_as_non_root));
    note(before.se_linux != after.se_linux, "seLinuxOptions", se_linux(after.se_linux));
    note(before.seccomp != after.seccomp, "seccompProfile", profile(after.seccomp));
    if before.capabilities != after.capabilities {
        let lists = after.capabilities.iter().flat_map(|lists| [("add", &lists.add), ("drop", &lists.drop)]);
        let lists: Map<String, Value> =
            lists.filter(|(_, list)| !list.is_empty()).map(|(key, list)| (key.to_owned(), json!(list))).collect();
        note(true, "capabilities", Value::Object(lists));
    }
    let (key, value) = ("readOnlyRootFilesystem", after.read_only_root_filesystem);
    note(before.read_only_root_filesystem != value, key, json!(value));
    let (key, value) = ("allowPrivilegeEscalation", after.allow_privilege_escalation);
    note(before.allow_privilege_escalation != value, key, json!(value));
    changes
}

fn se_linux(options: Option<SeLinux<'_>>) -> Value {
    let Some(options) = options else { return Value::Null };
    let fields = [("user", options.user), ("role", options.role), ("type", options.kind), ("level", options.level)];
    let written = fields.into_iter().filter(|(_, text)| !text.is_empty());
    Value::Object(written.map(|(key, text)| (key.to_owned(), json!(text))).collect())
}

fn profile(profile: Option<Profile<'_>>) -> Value {
    match profile {
        None => Value::Null,
        Some(Profile { kind, localhost: None }) => json!({"type": kind}),
        Some(Profile { kind, localhost: Some(path) }) => json!({"type": kind, "localhostProfile": path}),
    }
}

fn apply(owner: &mut Value, changes: Vec<(&'static str, Value)>) {
    if changes.is_empty() {
        return;
    }
    let context = object(entry(owner, "securityContext"));
    for (key, value) in changes {
        if value.is_null() {
            context.shift_remove(key);
        } else {
            context.insert(key.to_owned(), value);
        }
    }
}

fn entry<'v>(owner: &'v mut Value, key: &str) -> &'v mut Value {
    object(owner).entry(key).or_insert(Value::Null)
}

/// The value as an object; null becomes an empty one. Nothing else comes here: the pod was decoded.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(fields) => fields,
        _ => unreachable!("made an object above"),
    }
}
