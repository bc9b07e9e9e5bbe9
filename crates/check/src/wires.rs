//! Who talks to whom: the Services that pods name in their environment, arguments and configuration.

use serde_json::Value;

use crate::context::Stack;
use crate::object::{Object, Pod, items};
use crate::path::Path;
use crate::related::{find, namespace};

/// A host that some text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `http`, `jdbc:postgresql`; nothing for `host:port`.
    pub(crate) scheme: Option<String>,
    /// The host, in lower case.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: Option<u16>,
}

/// What a host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// The Service of this index.
    Service(usize),
    /// A Service of this name in a namespace of the install; there is none.
    Missing(String),
    /// `name.svc`: nothing resolves it, because the namespace is left out.
    NoNamespace,
    /// A single word that is no Service; it may be one by mistake.
    Word,
    /// Outside of what can be judged.
    Elsewhere,
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

/// Schemes whose "host" is a bucket, a cluster or an image.
const NO_HOSTS: [&str; 14] =
    ["s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "hdfs", "viewfs", "file", "local", "oci", "docker"];

impl Address {
    /// Whether its scheme says that its host is a machine.
    pub(crate) fn is_machine(&self) -> bool {
        self.scheme.as_deref().is_none_or(|scheme| !NO_HOSTS.contains(&scheme))
    }

    fn of(token: &str) -> Option<Self> {
        let (scheme, rest) = match token.rsplit_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, token),
        };
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0)?)),
            None => (authority, None),
        };
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let is_name = is_host(&host) && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let is_whole = scheme.is_some() || port.is_some() || is_in_cluster(&host);
        (is_name && is_whole).then_some(Self { scheme, host, port })
    }
}

fn is_host(host: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    host.split('.').all(|label| {
        let bytes = label.as_bytes();
        edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
    })
}

/// Whether a bare word is a host of the cluster: `a.b.svc`, `a.b.svc.cluster.local`.
fn is_in_cluster(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let svc = labels.iter().position(|label| *label == "svc");
    svc.is_some_and(|at| at >= 2 && labels.get(at + 1).is_none_or(|next| *next == "cluster"))
}

/// The hosts that a text names. What is put together from variables is no host yet.
pub(crate) fn addresses(text: &str) -> Vec<Address> {
    let lines = text.lines().filter(|line| !is_comment(line.trim_start()));
    let between = |c: char| c.is_whitespace() || "\"'`,;<>|=()[]!".contains(c);
    lines.flat_map(|line| line.split(between)).filter_map(Address::of).collect()
}

fn is_comment(line: &str) -> bool {
    ["#", "//", "-- ", ";", "<!--", "* "].iter().any(|mark| line.starts_with(mark))
}

/// What a host is, seen from a namespace.
pub(crate) fn resolve(stack: &Stack, from: &str, host: &str) -> Host {
    let labels: Vec<&str> = host.split('.').collect();
    let svc = labels.iter().position(|label| *label == "svc");
    let service = |name: &str, namespace: &str| find(stack, "Service", name, namespace).map(|(index, _)| index);
    match (labels.as_slice(), svc) {
        ([name], _) => service(name, from).map_or(Host::Word, Host::Service),
        ([name, namespace], None) => service(name, namespace).map_or(Host::Elsewhere, Host::Service),
        ([_, "svc", rest @ ..], Some(1)) if rest.is_empty() || rest == ["cluster", "local"] => Host::NoNamespace,
        // `name.namespace.svc`, or a pod of a headless Service before it.
        ([name, namespace, ..], Some(2)) | ([_, name, namespace, ..], Some(3)) => match service(name, namespace) {
            Some(index) => Host::Service(index),
            None if *namespace == from => Host::Missing((*name).to_owned()),
            None => Host::Elsewhere,
        },
        _ => Host::Elsewhere,
    }
}

/// The texts of a pod's own: values of variables, commands and arguments, each with its path.
pub(crate) fn own_texts<'s>(pod: &Pod<'s>) -> Vec<(Path, &'s str)> {
    let mut texts = Vec::new();
    for container in pod.containers() {
        for (at, entry) in items(&container.value["env"]).enumerate() {
            if let Some(text) = entry["value"].as_str() {
                texts.push((container.path.key("env").index(at).key("value"), text));
            }
        }
        for list in ["command", "args"] {
            for (at, word) in items(&container.value[list]).enumerate() {
                if let Some(text) = word.as_str() {
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

/// The texts of the ConfigMaps that a pod reads.
fn read_texts<'s>(stack: &'s Stack, pod: &Pod<'s>) -> Vec<&'s str> {
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
    let mut texts = Vec::new();
    for (name, key) in wanted {
        let Some((_, map)) = find(stack, "ConfigMap", name, namespace(stack, pod.object)) else { continue };
        texts.extend(config_texts(map).filter(|(found, _)| key.is_none_or(|key| key == *found)).map(|(_, text)| text));
    }
    texts
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

/// Every pod with every Service that it names, each once.
pub(crate) fn wires(stack: &Stack) -> Vec<Wire<'_>> {
    let mut wires: Vec<Wire<'_>> = Vec::new();
    for pod in stack.pods() {
        let from = namespace(stack, pod.object);
        let mut texts: Vec<&str> = own_texts(&pod).into_iter().map(|(_, text)| text).collect();
        texts.extend(read_texts(stack, &pod));
        texts.extend(executor_texts(&pod));
        for address in texts.into_iter().flat_map(addresses).filter(Address::is_machine) {
            let Host::Service(service) = resolve(stack, from, &address.host) else { continue };
            let port = address.port.or(match address.scheme.as_deref() {
                Some("http" | "ws") => Some(80),
                Some("https" | "wss") => Some(443),
                _ => None,
            });
            let known = |wire: &Wire<'_>| same(&wire.pod, &pod) && wire.service == service && wire.port == port;
            if !wires.iter().any(known) {
                wires.push(Wire { pod: pod.clone(), service, port });
            }
        }
    }
    wires
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<String> {
        let show = |a: Address| a.port.map_or(a.host.clone(), |port| format!("{}:{port}", a.host));
        addresses(text).into_iter().map(show).collect()
    }

    #[test]
    fn hosts_are_found_in_text() {
        assert_eq!(hosts("http://demo-s3:8333/x"), ["demo-s3:8333"]);
        assert_eq!(hosts("jdbc:postgresql://db.spark.svc:5432/m?user=a"), ["db.spark.svc:5432"]);
        assert_eq!(hosts("--master=spark://m1:7077,m2:7077"), ["m1:7077", "m2:7077"]);
        assert_eq!(hosts("<value>http://a.b.svc.cluster.local</value>"), ["a.b.svc.cluster.local"]);
        assert_eq!(hosts("spark.driver.host a-driver.spark.svc"), ["a-driver.spark.svc"]);
        assert_eq!(hosts("k8s://https://kubernetes.default.svc:443"), ["kubernetes.default.svc:443"]);
        assert_eq!(hosts("postgres://u:p@db:5432/x"), ["db:5432"]);
    }

    #[test]
    fn what_is_no_host_yet_is_left() {
        for text in [
            "http://$(HOST):80",
            "$(NAME)-s3.spark.svc:80",
            "http://${S3}.spark.svc",
            "f\"{host}:{port}\"",
            "10.0.0.1:80",
            "# http://demo-s3:8333",
            "http://%s:%d",
            "a b.c d:e",
            "http://",
            "://:",
            "é://ü:1",
        ] {
            assert!(hosts(text).is_empty(), "{text}: {:?}", hosts(text));
        }
    }
}
