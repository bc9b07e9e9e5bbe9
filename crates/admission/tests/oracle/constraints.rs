//! Random constraints and namespaces: what no default cluster has, but the library knows.

use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// One to three constraints.
pub(crate) fn constraints(dice: &mut Dice) -> Vec<Value> {
    let number = 1 + dice.below(3);
    ["own-a", "own-b", "own-c"][..number].iter().map(|name| constraint(dice, name)).collect()
}

fn constraint(dice: &mut Dice, name: &str) -> Value {
    let mut scc = Map::new();
    scc.insert("metadata".into(), json!({"name": name}));
    scc.insert("priority".into(), dice.pick(&[Value::Null, json!(0), json!(5), json!(-5)]).clone());
    for key in [
        "allowPrivilegedContainer",
        "allowHostDirVolumePlugin",
        "allowHostNetwork",
        "allowHostPorts",
        "allowHostPID",
        "allowHostIPC",
        "readOnlyRootFilesystem",
    ] {
        scc.insert(key.into(), json!(dice.happens(500)));
    }
    for key in ["allowPrivilegeEscalation", "defaultAllowPrivilegeEscalation"] {
        scc.insert(key.into(), dice.pick(&[Value::Null, json!(true), json!(false)]).clone());
    }
    let names = ["ALL", "NET_BIND_SERVICE", "CHOWN", "NET_RAW", "CAP_SYS_ADMIN", "MKNOD", "*"];
    for (key, chance) in
        [("defaultAddCapabilities", 200), ("requiredDropCapabilities", 600), ("allowedCapabilities", 600)]
    {
        let known = 6 + dice.below(2);
        let list = if dice.happens(chance) { json!(dice.some(&names[..known])) } else { Value::Null };
        scc.insert(key.into(), list);
    }
    let kinds = ["secret", "configMap", "emptyDir", "hostPath", "flexVolume", "cephFS", "vsphere", "csi", "none"];
    let volumes = match dice.below(4) {
        0 => Value::Null,
        1 => json!(["*"]),
        _ => json!(dice.some(&kinds)),
    };
    scc.insert("volumes".into(), volumes);
    if dice.happens(700) {
        scc.insert("allowedFlexVolumes".into(), json!([{"driver": "a/b"}]));
    }
    let profiles = ["runtime/default", "docker/default", "localhost/a.json", "unconfined", "odd", "*"];
    scc.insert("seccompProfiles".into(), json!(dice.some(&profiles)));
    let patterns = ["kernel.*", "net.core.somaxconn", "vm.max_map_count", "net.ipv4.tcp_*", "*"];
    scc.insert("allowedUnsafeSysctls".into(), json!(dice.some(&patterns)));
    scc.insert("forbiddenSysctls".into(), if dice.happens(300) { json!(dice.some(&patterns)) } else { Value::Null });
    if dice.happens(300) {
        scc.insert("userNamespaceLevel".into(), json!(dice.pick(&["RequirePodLevel", "AllowHostLevel"])));
    }
    strategies(dice, &mut scc);
    Value::Object(scc)
}

fn strategies(dice: &mut Dice, scc: &mut Map<String, Value>) {
    let user = match dice.below(6) {
        0 => json!({"type": "RunAsAny"}),
        1 => json!({"type": "MustRunAsNonRoot"}),
        2 => json!({"type": "MustRunAsRange"}),
        3 => json!({"type": "MustRunAs", "uid": dice.pick(&[0, 185, 1000])}),
        _ => json!({"type": "MustRunAsRange", "uidRangeMin": dice.pick(&[0, 185]), "uidRangeMax": 1000}),
    };
    scc.insert("runAsUser".into(), user);
    let se_linux = match dice.below(4) {
        0 => json!({"type": "RunAsAny"}),
        1 => json!({"type": "MustRunAs"}),
        2 => json!({"type": "MustRunAs", "seLinuxOptions": {"level": "s0:c1,c0"}}),
        _ => json!({"type": "MustRunAs", "seLinuxOptions": {"type": "container_t", "user": dice.pick(&["u", ""])}}),
    };
    scc.insert("seLinuxContext".into(), se_linux);
    for key in ["fsGroup", "supplementalGroups"] {
        let rule = match dice.below(5) {
            0 => json!({}),
            1 => json!({"type": "RunAsAny"}),
            2 => json!({"type": "MustRunAs"}),
            _ => json!({"type": "MustRunAs", "ranges": [{"min": 1000, "max": 1001}, {"min": 185, "max": 65_534}]}),
        };
        scc.insert(key.into(), rule);
    }
}

/// The annotations of a namespace, all that a cluster demands.
pub(crate) fn namespace(dice: &mut Dice) -> Value {
    let blocks = ["1000680000/10000", "1000680000/10000", "1000680000-1000689999", "185/1", "1000/1000"];
    let mut annotations = Map::new();
    annotations.insert("openshift.io/sa.scc.uid-range".into(), json!(dice.pick(&blocks)));
    if dice.happens(700) {
        let groups = [blocks[0], blocks[0], "185/1,1000680000/10000", "2000-2000"];
        annotations.insert("openshift.io/sa.scc.supplemental-groups".into(), json!(dice.pick(&groups)));
    }
    annotations
        .insert("openshift.io/sa.scc.mcs".into(), json!(dice.pick(&["s0:c26,c15", "s0:c26,c15", "s0:c1,c0", "s0"])));
    Value::Object(annotations)
}
