//! What was seen of a cluster: objects as its API gives them, and logs.

use serde_json::Value;

use crate::words::component;

/// What one container printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Its last lines.
    pub text: String,
}

/// A log that would tell more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// That of the run before this one.
    pub previous: bool,
}

/// Objects of a namespace, what of the cluster matters to them (its storage classes), and logs.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// The stack that is looked at.
    pub stack: String,
    /// The objects.
    pub objects: Vec<Value>,
    /// The logs.
    pub logs: Vec<Log>,
}

/// Kinds that belong to nobody, or to the whole namespace.
const OF_ALL: &[&str] = &["Event", "Namespace", "ResourceQuota", "LimitRange", "StorageClass", "Node"];

impl Observed {
    /// What belongs to one stack, and what belongs to all.
    pub fn of_stack(stack: &str, objects: Vec<Value>) -> Self {
        let ours = |object: &Value| {
            let kind = object["kind"].as_str().unwrap_or_default();
            OF_ALL.contains(&kind) || object["metadata"]["labels"]["app.kubernetes.io/part-of"] == stack
        };
        let mut objects: Vec<Value> = objects.into_iter().filter(ours).collect();
        // Events come in no order of time.
        objects.sort_by_key(|object| {
            let times = [&object["lastTimestamp"], &object["eventTime"], &object["metadata"]["creationTimestamp"]];
            times.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned()
        });
        Self { stack: stack.to_owned(), objects, logs: Vec::new() }
    }

    /// Objects of a kind.
    pub fn kind<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Value> {
        self.objects.iter().filter(move |object| object["kind"] == kind)
    }

    /// The object of a kind and name.
    pub fn find(&self, kind: &str, name: &str) -> Option<&Value> {
        self.objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
    }

    /// Pods that are meant to live or to end well: none that is going away, none of `helm test`.
    pub fn pods(&self) -> impl Iterator<Item = &Value> {
        let gone =
            |pod: &Value| !pod["metadata"]["deletionTimestamp"].is_null() || pod["status"]["phase"] == "Succeeded";
        self.kind("Pod").filter(move |pod| !gone(pod) && component(pod) != "test")
    }

    /// Events of an object with this reason, the newest last.
    pub fn events<'s>(&'s self, object: &Value, reason: &'s str) -> impl Iterator<Item = &'s Value> {
        let (kind, name) = (object["kind"].clone(), object["metadata"]["name"].clone());
        let uid = object["metadata"]["uid"].clone();
        self.kind("Event").filter(move |event| {
            let about = &event["involvedObject"];
            // Another pod of the same name has lived before: a StatefulSet's.
            let same = uid.is_null() || about["uid"].is_null() || about["uid"] == uid;
            event["reason"] == reason && about["kind"] == kind && about["name"] == name && same
        })
    }

    /// The newest message of such an event.
    pub fn said<'s>(&'s self, object: &Value, reason: &'s str) -> Option<&'s str> {
        self.events(object, reason).last().and_then(|event| event["message"].as_str())
    }

    /// What the pod's containers printed, with the pod.
    pub fn read(&self) -> impl Iterator<Item = (&Value, &Log)> {
        self.logs
            .iter()
            .filter_map(|log| Some((self.pods().find(|pod| pod["metadata"]["name"] == log.pod.as_str())?, log)))
    }

    /// Objects that make pods and have fewer than they want, with the newest reason that the cluster gave.
    pub fn refused(&self) -> impl Iterator<Item = (&Value, &str)> {
        let makers = ["ReplicaSet", "StatefulSet", "Job"].into_iter().flat_map(|kind| self.kind(kind));
        makers.filter(|maker| lacks_pods(maker)).filter_map(|maker| Some((maker, self.said(maker, "FailedCreate")?)))
    }
}

fn lacks_pods(maker: &Value) -> bool {
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let (spec, status) = (&maker["spec"], &maker["status"]);
    match maker["kind"].as_str() {
        Some("Job") => number(&status["active"]) + number(&status["succeeded"]) + number(&status["failed"]) == 0,
        _ => number(&status["replicas"]) < number(&spec["replicas"]),
    }
}

/// Statuses of a pod's containers, init containers first.
pub(crate) fn statuses(pod: &Value) -> impl Iterator<Item = &Value> {
    ["initContainerStatuses", "containerStatuses"]
        .into_iter()
        .flat_map(|list| pod["status"][list].as_array().into_iter().flatten())
}

/// Whether claims that name no storage class get this one.
pub fn is_default_class(class: &Value) -> bool {
    class["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
}

/// Whether all containers of a pod answer.
pub(crate) fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    conditions.into_iter().flatten().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}

/// The logs that tell why: of containers that failed, that wait, or that start executors.
pub fn wanted_logs(observed: &Observed) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for pod in observed.pods() {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        for status in statuses(pod) {
            let container = status["name"].as_str().unwrap_or_default();
            let mut want = |previous| {
                wanted.push(Wanted { pod: name.to_owned(), container: container.to_owned(), previous });
            };
            let state = &status["state"];
            let running = !state["running"].is_null();
            let failed = state["terminated"]["exitCode"].as_i64().is_some_and(|code| code != 0);
            // A driver that is ready may still get no executors.
            if failed || running && (status["ready"] != true || is_driver(pod, container)) {
                want(false);
            }
            if !failed && status["ready"] != true && !status["lastState"]["terminated"].is_null() {
                want(true);
            }
        }
    }
    wanted
}

/// Whether executors connect to this container.
fn is_driver(pod: &Value, container: &str) -> bool {
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let ports = containers.filter(|one| one["name"] == container).flat_map(|one| one["ports"].as_array()).flatten();
    pod["metadata"]["labels"]["spark-role"] != "executor" && ports.into_iter().any(|port| port["name"] == "driver")
}
