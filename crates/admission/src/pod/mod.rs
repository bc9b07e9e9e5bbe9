//! A pod as the checks see it: only the fields that some check reads, typed, borrowed from the JSON.

mod context;
mod volume;

pub(crate) use context::{Capabilities, Context, Profile, SeLinux};
pub(crate) use volume::{Source, Volume};

use std::fmt;

use crate::read::{Node, Refusals};
use crate::{PodRef, Violation};

/// A pod.
#[derive(Debug)]
pub(crate) struct Pod<'a> {
    pub(crate) annotations: Vec<(&'a str, &'a str)>,
    pub(crate) os: &'a str,
    pub(crate) host_network: bool,
    pub(crate) host_pid: bool,
    pub(crate) host_ipc: bool,
    pub(crate) host_users: Option<bool>,
    pub(crate) context: Context<'a>,
    pub(crate) groups: Groups,
    pub(crate) sysctls: Vec<&'a str>,
    /// Init containers, containers, ephemeral containers: the order of both upstream evaluators.
    pub(crate) containers: Vec<Container<'a>>,
    pub(crate) volumes: Vec<Volume<'a>>,
}

/// The groups of a pod; containers have none of their own.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Groups {
    pub(crate) fs_group: Option<i64>,
    pub(crate) supplemental: Option<Vec<i64>>,
}

/// A container of any list.
#[derive(Debug)]
pub(crate) struct Container<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) context: Context<'a>,
    pub(crate) ports: Vec<Port>,
    /// The hosts in probes and lifecycle hooks, with the path of each below the container.
    pub(crate) hosts: Vec<(&'static str, &'a str)>,
}

/// A port of a container.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) container: i32,
    pub(crate) host: i32,
}

/// The pod itself or one of its containers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    Pod,
    Container { list: &'static str, index: usize, name: &'a str },
}

impl Place<'_> {
    /// The path of a field.
    pub(crate) fn path(&self, field: &str) -> String {
        match self {
            Place::Pod => format!("spec.{field}"),
            Place::Container { list, index, .. } => format!("spec.{list}[{index}].{field}"),
        }
    }

    /// The path of a field of the security context.
    pub(crate) fn secured(&self, field: &str) -> String {
        self.path(&format!("securityContext.{field}"))
    }

    pub(crate) fn is_ephemeral(&self) -> bool {
        matches!(self, Place::Container { list: "ephemeralContainers", .. })
    }

    pub(crate) fn container(&self) -> Option<String> {
        match self {
            Place::Pod => None,
            Place::Container { name, .. } => Some((*name).to_owned()),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Pod => f.write_str("the pod"),
            Place::Container { name, .. } => write!(f, "container `{name}`"),
        }
    }
}

const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Probes and hooks that can name another host, and how.
const HANDLERS: [(&str, &str, &str, &str); 10] = [
    ("livenessProbe", "", "httpGet", "livenessProbe.httpGet.host"),
    ("livenessProbe", "", "tcpSocket", "livenessProbe.tcpSocket.host"),
    ("readinessProbe", "", "httpGet", "readinessProbe.httpGet.host"),
    ("readinessProbe", "", "tcpSocket", "readinessProbe.tcpSocket.host"),
    ("startupProbe", "", "httpGet", "startupProbe.httpGet.host"),
    ("startupProbe", "", "tcpSocket", "startupProbe.tcpSocket.host"),
    ("lifecycle", "postStart", "httpGet", "lifecycle.postStart.httpGet.host"),
    ("lifecycle", "postStart", "tcpSocket", "lifecycle.postStart.tcpSocket.host"),
    ("lifecycle", "preStop", "httpGet", "lifecycle.preStop.httpGet.host"),
    ("lifecycle", "preStop", "tcpSocket", "lifecycle.preStop.tcpSocket.host"),
];

impl<'a> Pod<'a> {
    /// Reads a pod.
    ///
    /// # Errors
    /// Every field that the API server could not decode.
    pub(crate) fn read(pod: PodRef<'a>) -> Result<Self, Vec<Violation>> {
        let refusals = Refusals::default();
        let metadata = Node::root("metadata", pod.metadata, &refusals);
        let spec = Node::root("spec", pod.spec, &refusals);
        let security = spec.object("securityContext");
        let security = security.as_ref();
        let read = Pod {
            annotations: metadata.object("annotations").map(|annotations| annotations.pairs()).unwrap_or_default(),
            os: spec.object("os").and_then(|os| os.text("name")).unwrap_or_default(),
            host_network: spec.bool("hostNetwork").unwrap_or_default(),
            host_pid: spec.bool("hostPID").unwrap_or_default(),
            host_ipc: spec.bool("hostIPC").unwrap_or_default(),
            host_users: spec.bool("hostUsers"),
            context: security.map(Context::of_pod).unwrap_or_default(),
            groups: security.map(Groups::read).unwrap_or_default(),
            sysctls: security
                .map(|security| {
                    security.objects("sysctls").map(|sysctl| sysctl.text("name").unwrap_or_default()).collect()
                })
                .unwrap_or_default(),
            containers: LISTS
                .iter()
                .flat_map(|list| {
                    spec.objects(list).enumerate().map(|(index, node)| Container::read(list, index, &node))
                })
                .collect(),
            volumes: spec.objects("volumes").map(|volume| Volume::read(&volume)).collect(),
        };
        let refused = refusals.into_vec();
        if refused.is_empty() { Ok(read) } else { Err(refused) }
    }

    /// The value of an annotation.
    pub(crate) fn annotation(&self, key: &str) -> Option<&'a str> {
        self.annotations.iter().find(|(found, _)| *found == key).map(|(_, value)| *value)
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.os == "windows"
    }

    /// The security context of the pod and of each container.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = (Place<'a>, &Context<'a>)> {
        let containers = self.containers.iter().map(|container| (container.place, &container.context));
        std::iter::once((Place::Pod, &self.context)).chain(containers)
    }
}

impl Groups {
    fn read(security: &Node<'_, '_>) -> Self {
        Groups { fs_group: security.int("fsGroup"), supplemental: security.ints("supplementalGroups") }
    }
}

impl<'a> Container<'a> {
    fn read(list: &'static str, index: usize, node: &Node<'a, '_>) -> Self {
        let mut hosts = Vec::new();
        for (key, hook, action, path) in HANDLERS {
            let Some(outer) = node.object(key) else { continue };
            let handler = if hook.is_empty() { Some(outer) } else { outer.object(hook) };
            let host = handler.and_then(|handler| handler.object(action)?.text("host"));
            hosts.extend(host.filter(|host| !host.is_empty()).map(|host| (path, host)));
        }
        Container {
            place: Place::Container { list, index, name: node.text("name").unwrap_or_default() },
            context: node
                .object("securityContext")
                .map(|security| Context::of_container(&security))
                .unwrap_or_default(),
            ports: node
                .objects("ports")
                .map(|port| Port {
                    container: port.int32("containerPort").unwrap_or_default(),
                    host: port.int32("hostPort").unwrap_or_default(),
                })
                .collect(),
            hosts,
        }
    }
}
