//! Random pods: every field that some check reads, mostly with values that are allowed somewhere.

use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::volumes;

/// How wild a pod is: of a thousand fields, how many say something that some policy dislikes.
const WILDNESS: [usize; 4] = [0, 15, 60, 300];

const SECCOMP: [&str; 9] = [
    "runtime/default",
    "docker/default",
    "unconfined",
    "localhost/a.json",
    "localhost/",
    "localhost",
    "localhost/b/c.json",
    "odd",
    "",
];

/// Makes one pod.
pub(crate) struct Pods<'d> {
    pub(crate) dice: &'d mut Dice,
    pub(crate) wild: usize,
    /// A pod that fits Pod Security restricted where it is not wild.
    pub(crate) hardened: bool,
}

impl<'d> Pods<'d> {
    pub(crate) fn new(dice: &'d mut Dice) -> Self {
        let wild = *dice.pick(&WILDNESS);
        let hardened = dice.happens(600);
        Pods { dice, wild, hardened }
    }

    /// A pod, with `metadata` and `spec`.
    pub(crate) fn pod(&mut self) -> Value {
        let mut spec = Map::new();
        let names = self.containers(&mut spec);
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            self.maybe(&mut spec, key, |dice| json!(dice.happens(700)));
        }
        if self.dice.happens(120 + self.wild) {
            let value = json!(self.dice.happens(300));
            spec.insert("hostUsers".into(), self.dice.odd(value));
        }
        if self.dice.happens(30) {
            let name = *self.dice.pick(&["windows", "windows", "linux", "Windows", ""]);
            let os = json!({"name": self.dice.odd(json!(name))});
            spec.insert("os".into(), self.dice.odd(os));
        }
        if self.hardened || self.dice.happens(500) {
            let context = self.pod_context();
            spec.insert("securityContext".into(), self.dice.odd(context));
        }
        if self.dice.happens(600) {
            let volumes: Vec<Value> = (0..self.dice.below(4)).map(|_| volumes::volume(self.dice, self.wild)).collect();
            spec.insert("volumes".into(), self.dice.odd(json!(volumes)));
        }
        let metadata = self.metadata(&names);
        json!({"metadata": self.dice.odd(metadata), "spec": self.dice.odd(Value::Object(spec))})
    }

    pub(crate) fn is_wild(&mut self) -> bool {
        let wild = self.wild;
        self.dice.happens(wild)
    }

    pub(crate) fn maybe(&mut self, into: &mut Map<String, Value>, key: &str, value: impl FnOnce(&mut Dice) -> Value) {
        if self.is_wild() {
            let value = value(self.dice);
            into.insert(key.to_owned(), self.dice.odd(value));
        }
    }

    fn containers(&mut self, spec: &mut Map<String, Value>) -> Vec<&'static str> {
        let mut names = Vec::new();
        for (list, most, chance) in [("initContainers", 2, 300), ("containers", 3, 970), ("ephemeralContainers", 2, 60)]
        {
            if !self.dice.happens(chance) {
                continue;
            }
            let number = 1 + self.dice.below(most);
            let mut containers = Vec::new();
            for _ in 0..number {
                let name = *self.dice.pick(&["a", "b", "c", "d"]);
                names.push(name);
                let container = self.container(name);
                containers.push(self.dice.odd(container));
            }
            spec.insert(list.into(), self.dice.odd(json!(containers)));
        }
        names
    }

    fn container(&mut self, name: &str) -> Value {
        let mut container = Map::new();
        container.insert("name".into(), self.dice.odd(json!(name)));
        container.insert("image".into(), json!("registry/image:1"));
        if self.hardened || self.dice.happens(400) {
            let context = self.container_context();
            container.insert("securityContext".into(), self.dice.odd(context));
        }
        if self.dice.happens(300) {
            let mut ports = Vec::new();
            for _ in 0..1 + self.dice.below(2) {
                let mut port = Map::new();
                let number = *self.dice.pick(&[80, 8080, 0]);
                port.insert("containerPort".into(), self.dice.odd(json!(number)));
                self.maybe(&mut port, "hostPort", |dice| json!(dice.pick(&[0, 80, 8080, -1])));
                ports.push(self.dice.odd(Value::Object(port)));
            }
            container.insert("ports".into(), self.dice.odd(json!(ports)));
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            if self.dice.happens(100) {
                let handler = self.handler();
                container.insert(probe.into(), self.dice.odd(handler));
            }
        }
        if self.dice.happens(100) {
            let mut lifecycle = Map::new();
            for hook in ["postStart", "preStop"] {
                if self.dice.happens(600) {
                    let handler = self.handler();
                    lifecycle.insert(hook.into(), self.dice.odd(handler));
                }
            }
            container.insert("lifecycle".into(), self.dice.odd(Value::Object(lifecycle)));
        }
        Value::Object(container)
    }

    fn handler(&mut self) -> Value {
        let mut handler = Map::new();
        for action in ["httpGet", "tcpSocket"] {
            if self.dice.happens(500) {
                let mut target = Map::new();
                target.insert("port".into(), json!(8080));
                if self.is_wild() || self.dice.happens(20) {
                    let host = *self.dice.pick(&["127.0.0.1", "other", ""]);
                    target.insert("host".into(), self.dice.odd(json!(host)));
                }
                handler.insert(action.into(), self.dice.odd(Value::Object(target)));
            }
        }
        Value::Object(handler)
    }

    fn metadata(&mut self, names: &[&str]) -> Value {
        let mut annotations = Map::new();
        if self.is_wild() || self.dice.happens(20) {
            annotations.insert("seccomp.security.alpha.kubernetes.io/pod".into(), self.dice.odd_pick(&SECCOMP));
        }
        for name in names {
            if self.is_wild() || self.dice.happens(10) {
                let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
                annotations.insert(key, self.dice.odd_pick(&SECCOMP));
            }
            let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
            self.maybe(&mut annotations, &key, |dice| {
                json!(dice.pick(&["runtime/default", "localhost/a", "localhost/", "localhost", "unconfined", ""]))
            });
        }
        if self.dice.happens(30) {
            let wanted = ["restricted-v2", "restricted", "nonroot-v2", "restricted-v3", "privileged", "missing", ""];
            annotations.insert("openshift.io/required-scc".into(), self.dice.odd_pick(&wanted));
        }
        let mut metadata = Map::new();
        metadata.insert("name".into(), json!("pod"));
        if !annotations.is_empty() || self.dice.happens(50) {
            metadata.insert("annotations".into(), self.dice.odd(Value::Object(annotations)));
        }
        if self.dice.happens(50) { Value::Null } else { Value::Object(metadata) }
    }
}
