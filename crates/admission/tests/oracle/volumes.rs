//! Random volumes of every kind.

use serde_json::{Map, Value, json};

use crate::dice::Dice;

const TRIVIAL: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

const OTHER: [&str; 20] = [
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "portworxVolume",
    "photonPersistentDisk",
    "scaleIO",
    "storageos",
    "unknownVolume",
];

pub(crate) fn volume(dice: &mut Dice, wild: usize) -> Value {
    let mut volume = Map::new();
    volume.insert("name".into(), json!("v"));
    // Two kinds at once are no valid volume, but both evaluators have an opinion.
    let kinds = if dice.happens(30) { 2 } else { 1 };
    for _ in 0..kinds {
        if dice.happens(30) {
            continue;
        }
        let kind = match (dice.happens(wild + 30), dice.happens(500)) {
            (true, true) => *dice.pick(&["hostPath", "flexVolume"]),
            (true, false) => *dice.pick(&OTHER),
            (false, true) => *dice.pick(&TRIVIAL),
            (false, false) => *dice.pick(&["projected", "emptyDir"]),
        };
        let body = match kind {
            "projected" => json!({"sources": sources(dice)}),
            "flexVolume" => json!({"driver": dice.pick(&["a/b", "c/d", ""])}),
            "hostPath" => json!({"path": "/"}),
            _ => json!({}),
        };
        volume.insert(kind.into(), dice.odd(body));
    }
    let volume = Value::Object(volume);
    dice.odd(volume)
}

/// What the API server mounts into every pod, often with one thing changed.
fn sources(dice: &mut Dice) -> Value {
    let map = |name: &str, file: &str| json!({"configMap": {"name": name, "items": [{"key": file, "path": file}]}});
    let mut sources = json!([
        {"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}},
        map("kube-root-ca.crt", "ca.crt"),
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
        map("openshift-service-ca.crt", "service-ca.crt"),
    ]);
    let changes: [(&str, Value); 18] = [
        ("", json!(null)),
        ("/0/serviceAccountToken/path", json!("other")),
        ("/0/serviceAccountToken/expirationSeconds", json!(60)),
        ("/0/serviceAccountToken", json!({"path": "token", "audience": "vault"})),
        ("/0/serviceAccountToken", json!({"path": "token", "audience": ""})),
        ("/0", json!({"secret": {"name": "s"}})),
        ("/0", json!({})),
        ("/1/configMap/name", json!("other")),
        ("/1/configMap/name", json!("openshift-service-ca.crt")),
        ("/1/configMap/items/0/key", json!("other")),
        ("/3/configMap/items/0/path", json!("other")),
        ("/3/configMap/items", json!([])),
        ("/3/configMap/items", json!([{"key": "service-ca.crt", "path": "service-ca.crt"}, {"key": "a", "path": "b"}])),
        ("/2/downwardAPI/items", json!([])),
        ("/2/downwardAPI/items/0/path", json!("other")),
        ("/2/downwardAPI/items/0/fieldRef", json!(null)),
        ("/2/downwardAPI/items/0/fieldRef", json!({"fieldPath": "metadata.namespace"})),
        ("/2/downwardAPI/items/0/fieldRef/fieldPath", json!("metadata.name")),
    ];
    let (path, value) = dice.pick(&changes);
    if let Some(place) = sources.pointer_mut(path).filter(|_| !path.is_empty()) {
        *place = value.clone();
    }
    sources
}
