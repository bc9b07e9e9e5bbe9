//! Random security contexts.

use serde_json::{Map, Value, json};

use crate::pods::Pods;

const IDS: [i64; 14] =
    [0, 1, 185, 999, 1000, 1001, 65_534, 65_535, 1_000_680_000, 1_000_680_001, 1_000_689_999, 1_000_690_000, -1, 2000];

const SYSCTLS: [&str; 18] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_notsent_lowat",
    "vm.max_map_count",
    "kernel.msgmax",
    "net.core.somaxconn",
    "",
];

const CAPABILITIES: [&str; 20] = [
    "ALL",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SYS_ADMIN",
    "CAP_SYS_ADMIN",
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
    "all",
    "CAP_CHOWN",
    "",
];

impl Pods<'_> {
    pub(crate) fn pod_context(&mut self) -> Value {
        let mut context = Map::new();
        if self.hardened && !self.is_wild() {
            context.insert("runAsNonRoot".into(), json!(true));
            context.insert("seccompProfile".into(), json!({"type": "RuntimeDefault"}));
        }
        self.common(&mut context);
        if self.is_wild() || self.dice.happens(80) {
            context.insert("fsGroup".into(), self.id());
        }
        if self.is_wild() || self.dice.happens(80) {
            let groups: Vec<Value> = (0..self.dice.below(3)).map(|_| self.id()).collect();
            context.insert("supplementalGroups".into(), self.dice.odd(json!(groups)));
        }
        if self.is_wild() || self.dice.happens(80) {
            let mut sysctls = Vec::new();
            for _ in 0..1 + self.dice.below(2) {
                let known = if self.wild > 0 { SYSCTLS.len() } else { 5 };
                let name = *self.dice.pick(&SYSCTLS[..known]);
                let sysctl = json!({"name": self.dice.odd(json!(name)), "value": "1"});
                sysctls.push(self.dice.odd(sysctl));
            }
            context.insert("sysctls".into(), self.dice.odd(json!(sysctls)));
        }
        Value::Object(context)
    }

    pub(crate) fn container_context(&mut self) -> Value {
        let mut context = Map::new();
        if self.hardened && !self.is_wild() {
            context.insert("allowPrivilegeEscalation".into(), json!(false));
            context.insert("capabilities".into(), json!({"drop": ["ALL"]}));
        }
        self.common(&mut context);
        for (key, likely) in [("privileged", 500), ("allowPrivilegeEscalation", 500), ("readOnlyRootFilesystem", 700)] {
            self.maybe(&mut context, key, |dice| json!(dice.happens(likely)));
        }
        self.maybe(&mut context, "procMount", |dice| json!(dice.pick(&["Default", "Unmasked", ""])));
        if self.is_wild() || self.dice.happens(50) {
            let mut capabilities = Map::new();
            for key in ["add", "drop"] {
                if self.dice.happens(700) {
                    let length = self.dice.below(4);
                    let list: Vec<Value> = (0..length).map(|_| self.dice.odd_pick(&CAPABILITIES)).collect();
                    capabilities.insert(key.into(), self.dice.odd(json!(list)));
                }
            }
            context.insert("capabilities".into(), self.dice.odd(Value::Object(capabilities)));
        }
        Value::Object(context)
    }

    /// What pods and containers both can say.
    fn common(&mut self, context: &mut Map<String, Value>) {
        if self.is_wild() || self.dice.happens(50) {
            context.insert("runAsUser".into(), self.id());
        }
        self.maybe(context, "runAsNonRoot", |dice| json!(dice.happens(600)));
        if self.is_wild() {
            let mut options = Map::new();
            let levels = ["s0:c26,c15", "s0:c15,c26", "s0:c1,c0", "s0", ""];
            let types = ["container_t", "container_engine_t", "container_init_t", "container_kvm_t", "spc_t", ""];
            for (key, values) in [("level", &levels[..]), ("type", &types), ("user", &["u", ""]), ("role", &["r", ""])]
            {
                if self.dice.happens(400) {
                    options.insert(key.into(), self.dice.odd_pick(values));
                }
            }
            context.insert("seLinuxOptions".into(), self.dice.odd(Value::Object(options)));
        }
        if self.is_wild() || self.dice.happens(30) {
            let kind = *self.dice.pick(&["RuntimeDefault", "RuntimeDefault", "Localhost", "Unconfined", "odd", ""]);
            let mut profile = Map::new();
            profile.insert("type".into(), self.dice.odd(json!(kind)));
            if kind == "Localhost" && self.dice.happens(800) || self.dice.happens(20) {
                profile.insert("localhostProfile".into(), self.dice.odd_pick(&["a.json", "b/c.json", ""]));
            }
            context.insert("seccompProfile".into(), self.dice.odd(Value::Object(profile)));
        }
        self.maybe(
            context,
            "appArmorProfile",
            |dice| json!({"type": dice.odd_pick(&["RuntimeDefault", "Localhost", "Unconfined", ""])}),
        );
        self.maybe(context, "windowsOptions", |dice| {
            let process = json!(dice.happens(500));
            json!({"hostProcess": dice.odd(process)})
        });
    }

    fn id(&mut self) -> Value {
        let id = *self.dice.pick(&IDS);
        self.dice.odd(json!(id))
    }
}
