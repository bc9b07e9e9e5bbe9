//! The Secrets and ConfigMaps that pods refer to, and the keys of them.

use serde_json::Value;

use crate::context::Stack;
use crate::object::{Object, Pod, items};
use crate::path::Path;
use crate::related::{find, is_custom, namespace, operator_makes};

/// One thing that a pod refers to.
#[derive(Debug, Clone)]
pub struct Reference<'s> {
    /// Its name.
    pub name: &'s str,
    /// Where the name is written.
    pub path: Path,
    /// The keys that are asked for, each with where it is written.
    pub keys: Vec<(&'s str, Path)>,
    /// Whether the pod runs without it.
    pub optional: bool,
}

/// What a pod refers to of a kind: `Secret` or `ConfigMap`.
pub fn references<'s>(pod: &Pod<'s>, kind: &str) -> Vec<Reference<'s>> {
    let mut found = Vec::new();
    let is_secret = kind == "Secret";
    let (env_key, env_all, volume_key) = match is_secret {
        true => ("secretKeyRef", "secretRef", "secret"),
        false => ("configMapKeyRef", "configMapRef", "configMap"),
    };
    for container in pod.containers() {
        for (at, entry) in items(&container.value["env"]).enumerate() {
            let from = &entry["valueFrom"][env_key];
            if from.is_null() {
                continue;
            }
            let path = container.path.key("env").index(at).key("valueFrom").key(env_key);
            found.extend(reference(from, "name", &path).map(|mut reference| {
                reference.keys.extend(from["key"].as_str().map(|key| (key, path.key("key"))));
                reference
            }));
        }
        for (at, source) in items(&container.value["envFrom"]).enumerate() {
            let path = container.path.key("envFrom").index(at).key(env_all);
            found.extend(reference(&source[env_all], "name", &path));
        }
    }
    for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
        let path = pod.spec_path().key("volumes").index(at);
        let name = if is_secret { "secretName" } else { "name" };
        found.extend(with_items(&volume[volume_key], name, &path.key(volume_key)));
        for (at, source) in items(&volume["projected"]["sources"]).enumerate() {
            let path = path.key("projected").key("sources").index(at).key(volume_key);
            found.extend(with_items(&source[volume_key], "name", &path));
        }
    }
    if is_secret {
        for (at, secret) in items(&pod.spec["imagePullSecrets"]).enumerate() {
            found.extend(reference(secret, "name", &pod.spec_path().key("imagePullSecrets").index(at)));
        }
    }
    found
}

fn reference<'s>(from: &'s Value, name: &str, path: &Path) -> Option<Reference<'s>> {
    let optional = from["optional"] == true;
    let text = from[name].as_str().filter(|text| !text.is_empty())?;
    Some(Reference { name: text, path: path.key(name), keys: Vec::new(), optional })
}

fn with_items<'s>(from: &'s Value, name: &str, path: &Path) -> Option<Reference<'s>> {
    let mut found = reference(from, name, path)?;
    for (at, item) in items(&from["items"]).enumerate() {
        found.keys.extend(item["key"].as_str().map(|key| (key, path.key("items").index(at).key("key"))));
    }
    Some(found)
}

/// ConfigMaps that are in every namespace: Kubernetes makes the first, OpenShift both.
pub const CONFIG_MAPS_OF_CLUSTERS: [&str; 2] = ["kube-root-ca.crt", "openshift-service-ca.crt"];

/// Whether the name stands in a values file of the user's. Whoever wrote it there has made it, or will: `doctor` and `up` ask
/// the cluster.
pub(crate) fn is_of_user(stack: &Stack, pod: &Pod<'_>, reference: &Reference<'_>) -> bool {
    stack.blame(pod.index, pod.embedded.map(|document| document.key.as_str()), &reference.path).by_user
}

/// Whether something other than a manifest makes the Secret or ConfigMap.
pub(crate) fn is_made(stack: &Stack, name: &str) -> bool {
    // A Job nearly always does; all values of all charts are looked at last.
    CONFIG_MAPS_OF_CLUSTERS.contains(&name)
        || by_job(stack, name)
        || by_openshift(stack, name)
        || operator_makes(stack, name)
        || by_user(stack, name)
}

/// Values by which a user names a Secret of their own: credentials, and a certificate such as cert-manager makes.
const USERS: [&str; 2] = ["existingSecret", "certificateSecret"];

/// The user has made it, and says so: a value of a chart that is for this names it.
fn by_user(stack: &Stack, name: &str) -> bool {
    fn names(values: &Value, name: &str) -> bool {
        let Some(map) = values.as_object() else { return false };
        map.iter().any(|(key, value)| USERS.contains(&key.as_str()) && value == name || names(value, name))
    }
    stack.renders.iter().any(|render| names(render.values(), name))
}

/// OpenShift makes a certificate for a Service that asks for it.
fn by_openshift(stack: &Stack, name: &str) -> bool {
    let keys =
        ["service.beta.openshift.io/serving-cert-secret-name", "service.alpha.openshift.io/serving-cert-secret-name"];
    stack.of_kind("Service").any(|(_, service)| keys.iter().any(|key| service.annotation(key) == Some(name)))
}

/// A Job makes it: it is told the name, or a Role lets somebody have the very one.
fn by_job(stack: &Stack, name: &str) -> bool {
    let told = |pod: &Pod<'_>| {
        pod.containers().iter().any(|container| {
            let mut words = container.words();
            let of_env = items(&container.value["env"]).any(|entry| entry["value"] == name);
            of_env || words.any(|word| word.split(|c: char| c.is_whitespace() || "\"'=".contains(c)).any(|w| w == name))
        })
    };
    let is_job = |pod: &Pod<'_>| matches!(pod.object.kind(), "Job" | "CronJob") || !pod.object.hook.is_empty();
    stack.pods().iter().any(|pod| is_job(pod) && told(pod))
        || stack.objects.iter().filter(|object| matches!(object.kind(), "Role" | "ClusterRole")).any(|role| {
            items(&role.value["rules"]).any(|rule| items(&rule["resourceNames"]).any(|allowed| allowed == name))
        })
}

/// The Secret or ConfigMap that a pod of an object refers to, as the stack has it.
pub(crate) fn referred<'s>(stack: &'s Stack, pod: &Pod<'_>, kind: &'s str, name: &str) -> Option<&'s Object> {
    find(stack, kind, name, namespace(stack, pod.object)).map(|(_, object)| object)
}

/// The keys of a Secret or ConfigMap; nothing when somebody else fills it.
pub(crate) fn keys(object: &Object) -> Option<Vec<&str>> {
    let injected = |key: &str| key.contains("inject") || key.contains("service-account.name");
    let marks = ["annotations", "labels"].map(|list| object.value["metadata"][list].as_object());
    if is_custom(object) || marks.into_iter().flatten().flat_map(|marks| marks.keys()).any(|key| injected(key)) {
        return None;
    }
    let lists = ["data", "stringData", "binaryData"].map(|list| object.value[list].as_object());
    Some(lists.into_iter().flatten().flat_map(|list| list.keys()).map(String::as_str).collect())
}
