//! Who talks to whom: the Services that pods name in their environment, arguments and configuration.

use std::rc::Rc;

use serde_json::Value;

use crate::address::{Address, Host, addresses, may_name_a_host, resolve};
use crate::context::Stack;
use crate::object::{Object, Pod, items};
use crate::path::Path;
use crate::related::{find, namespace};

/// The hosts that the pods and ConfigMaps of an install name, read once for all rules.
pub struct Network<'s> {
    /// Every pod.
    pub(crate) pods: Vec<Caller<'s>>,
    /// The texts of ConfigMaps that name hosts.
    pub(crate) config: Vec<ConfigText<'s>>,
    /// Every pod with every Service that it names, each once.
    pub(crate) wires: Vec<Wire<'s>>,
}

/// A pod with what it names by itself.
pub(crate) struct Caller<'s> {
    /// The pod.
    pub(crate) pod: Pod<'s>,
    /// The texts of its variables, commands and arguments that name hosts.
    pub(crate) own: Vec<(Path, Rc<[Address]>)>,
}

/// A text of a ConfigMap with the hosts that it names.
pub(crate) struct ConfigText<'s> {
    /// Index of the ConfigMap.
    pub(crate) index: usize,
    /// Its key.
    pub(crate) key: &'s str,
    /// The hosts.
    pub(crate) hosts: Rc<[Address]>,
}

/// A pod that names a Service.
#[derive(Debug)]
pub(crate) struct Wire<'s> {
    /// Who connects.
    pub(crate) pod: Pod<'s>,
    /// Index of the Service.
    pub(crate) service: usize,
    /// The Service's port, if it is named.
    pub(crate) port: Option<u16>,
}

impl<'s> Network<'s> {
    /// Reads the texts of an install.
    pub(crate) fn of(stack: &'s Stack) -> Self {
        let own = |pod: &Pod<'s>| {
            let texts = own_texts(pod).into_iter().map(|(path, text)| (path, addresses(text)));
            texts.filter(|(_, hosts)| !hosts.is_empty()).collect()
        };
        let pods = stack.pods().into_iter().map(|pod| Caller { own: own(&pod), pod }).collect();
        let texts = stack.of_kind("ConfigMap").flat_map(|(index, object)| {
            config_texts(object).map(move |(key, text)| ConfigText { index, key, hosts: addresses(text) })
        });
        let config = texts.filter(|text| !text.hosts.is_empty()).collect();
        let mut network = Self { pods, config, wires: Vec::new() };
        network.wires = network.pods.iter().flat_map(|caller| network.wires_of(stack, caller)).collect();
        network
    }

    /// The Services that a pod names.
    fn wires_of(&self, stack: &'s Stack, caller: &Caller<'s>) -> Vec<Wire<'s>> {
        let pod = &caller.pod;
        let maps = read_maps(stack, pod);
        let reads = |text: &&ConfigText<'_>| {
            maps.iter().any(|(index, key)| *index == text.index && key.is_none_or(|key| key == text.key))
        };
        let own = caller.own.iter().flat_map(|(_, hosts)| hosts.iter().cloned());
        let read = self.config.iter().filter(reads).flat_map(|text| text.hosts.iter().cloned());
        let executors = executor_texts(pod).into_iter().flat_map(|text| addresses(text).to_vec());
        let mut wires: Vec<Wire<'s>> = Vec::new();
        for address in own.chain(read).chain(executors).filter(Address::is_machine) {
            let Host::Service(service) = resolve(stack, namespace(stack, pod.object), &address.host) else { continue };
            let port = address.port.or(match address.scheme.as_deref() {
                Some("http" | "ws") => Some(80),
                Some("https" | "wss") => Some(443),
                _ => None,
            });
            if !wires.iter().any(|wire| wire.service == service && wire.port == port) {
                wires.push(Wire { pod: pod.clone(), service, port });
            }
        }
        wires
    }
}

/// The texts of a pod's own that may name hosts: values of variables, commands and arguments, each with its path.
fn own_texts<'s>(pod: &Pod<'s>) -> Vec<(Path, &'s str)> {
    let mut texts = Vec::new();
    for container in pod.containers() {
        for (at, entry) in items(&container.value["env"]).enumerate() {
            if let Some(text) = entry["value"].as_str().filter(|text| may_name_a_host(text)) {
                texts.push((container.path.key("env").index(at).key("value"), text));
            }
        }
        for list in ["command", "args"] {
            for (at, word) in items(&container.value[list]).enumerate() {
                if let Some(text) = word.as_str().filter(|text| may_name_a_host(text)) {
                    texts.push((container.path.key(list).index(at), text));
                }
            }
        }
    }
    texts
}

/// The texts of a ConfigMap, each with its key. Pages and notebooks are written for people.
pub(crate) fn config_texts(object: &Object) -> impl Iterator<Item = (&str, &str)> {
    let data = object.value["data"].as_object().filter(|_| object.kind() == "ConfigMap");
    data.into_iter()
        .flatten()
        .filter(|(key, _)| ![".md", ".ipynb", ".html"].iter().any(|end| key.ends_with(end)))
        .filter_map(|(key, text)| Some((key.as_str(), text.as_str()?)))
}

/// The ConfigMaps that a pod reads: indexes, each with the only key that it reads of it, or `None` for all.
fn read_maps<'s>(stack: &'s Stack, pod: &Pod<'s>) -> Vec<(usize, Option<&'s str>)> {
    let mut wanted: Vec<(&str, Option<&str>)> = Vec::new();
    for volume in items(&pod.spec["volumes"]) {
        let sources = items(&volume["projected"]["sources"]).map(|source| &source["configMap"]);
        for map in sources.chain([&volume["configMap"]]) {
            let Some(name) = map["name"].as_str() else { continue };
            let only: Vec<&str> = items(&map["items"]).filter_map(|item| item["key"].as_str()).collect();
            match only.is_empty() {
                true => wanted.push((name, None)),
                false => wanted.extend(only.into_iter().map(|key| (name, Some(key)))),
            }
        }
    }
    for container in pod.containers() {
        for source in items(&container.value["envFrom"]) {
            wanted.extend(source["configMapRef"]["name"].as_str().map(|name| (name, None)));
        }
        for entry in items(&container.value["env"]) {
            let from = &entry["valueFrom"]["configMapKeyRef"];
            wanted.extend(from["name"].as_str().map(|name| (name, from["key"].as_str())));
        }
    }
    let space = namespace(stack, pod.object);
    let found = wanted.into_iter().map(|(name, key)| Some((find(stack, "ConfigMap", name, space)?.0, key)));
    found.flatten().collect()
}

/// What executors made of a template connect to: their driver, and the object store.
fn executor_texts<'s>(pod: &Pod<'s>) -> Vec<&'s str> {
    if pod.embedded.is_none() {
        return Vec::new();
    }
    let is_theirs = |line: &&str| {
        let key = line.split(['=', ' ', '\t']).next().unwrap_or_default();
        key == "spark.driver.host" || key.starts_with("spark.hadoop.fs.") && key.ends_with(".endpoint")
    };
    config_texts(pod.object).flat_map(|(_, text)| text.lines().map(str::trim)).filter(is_theirs).collect()
}

/// Whether two are the same pod of the same object.
pub(crate) fn same(a: &Pod<'_>, b: &Pod<'_>) -> bool {
    a.index == b.index && a.path == b.path && a.embedded.map(|e| &e.key) == b.embedded.map(|e| &e.key)
}

/// The ports of a pod that a Service's port leads to.
pub(crate) fn target_ports(port: &Value, pod: &Pod<'_>) -> Vec<u64> {
    let target = port.get("targetPort").filter(|target| !target.is_null()).unwrap_or(&port["port"]);
    match target.as_str() {
        Some(name) => match name.parse() {
            Ok(number) => vec![number],
            Err(_) => {
                crate::related::ports(pod).into_iter().filter(|(n, _)| *n == name).map(|(_, port)| port).collect()
            }
        },
        None => target.as_u64().into_iter().collect(),
    }
}
