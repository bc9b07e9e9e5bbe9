//! How far each component is.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::Observed;
use crate::observed::{is_ready, statuses};
use crate::words::component;

/// How far a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It answers, or has done its work.
    Healthy,
    /// It runs by the clock.
    Waiting,
    /// It is starting.
    Starting,
    /// It is switched off.
    Stopped,
    /// It has failed.
    Failed,
}

impl State {
    /// Nothing more is to come.
    pub fn is_good(self) -> bool {
        matches!(self, State::Healthy | State::Waiting)
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            State::Healthy => "healthy",
            State::Waiting => "waiting",
            State::Starting => "starting",
            State::Stopped => "stopped",
            State::Failed => "failed",
        })
    }
}

/// A component of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Its name: `metastore`.
    pub name: String,
    /// How far it is.
    pub state: State,
    /// In words: `1 of 1 ready`, `init container prepare`.
    pub detail: String,
}

/// The components of a stack, by name.
pub fn components(observed: &Observed) -> Vec<Component> {
    let mut found: BTreeMap<String, (State, String)> = BTreeMap::new();
    let mut add = |name: &str, state: State, detail: String| {
        let worse = found.get(name).is_none_or(|(known, _)| state > *known);
        if !name.is_empty() && worse {
            found.insert(name.to_owned(), (state, detail));
        }
    };
    for kind in ["Deployment", "StatefulSet"] {
        for object in observed.kind(kind) {
            let (state, detail) = serving(observed, object);
            add(component(object), state, detail);
        }
    }
    for object in observed.kind("CronJob") {
        let when = object["spec"]["schedule"].as_str().unwrap_or_default();
        match object["spec"]["suspend"] == true {
            true => add(component(object), State::Waiting, "by hand".to_owned()),
            false => add(component(object), State::Waiting, format!("at {when}")),
        }
    }
    for object in observed.kind("Job") {
        if component(object) == "test" || object["metadata"]["ownerReferences"].is_array() {
            continue;
        }
        let (state, detail) = job(observed, object);
        add(component(object), state, detail);
    }
    // Pods that an operator or Spark itself makes have no object that counts them.
    for pod in observed.pods().filter(|pod| !is_counted(pod)) {
        let (state, detail) = match is_ready(pod) {
            true => (State::Healthy, "1 of 1 ready".to_owned()),
            false => (pod_state(pod), progress(pod)),
        };
        add(component(pod), state, detail);
    }
    found.into_iter().map(|(name, (state, detail))| Component { name, state, detail }).collect()
}

fn is_counted(pod: &Value) -> bool {
    let owners = pod["metadata"]["ownerReferences"].as_array().into_iter().flatten();
    let mut kinds = owners.filter_map(|owner| owner["kind"].as_str());
    kinds.any(|kind| ["ReplicaSet", "StatefulSet", "Job"].contains(&kind))
}

fn serving(observed: &Observed, object: &Value) -> (State, String) {
    let number = |value: &Value, default: i64| value.as_i64().unwrap_or(default);
    let (wanted, ready) = (number(&object["spec"]["replicas"], 1), number(&object["status"]["readyReplicas"], 0));
    let status = &object["status"];
    let observed_all = number(&status["observedGeneration"], 0) >= number(&object["metadata"]["generation"], 0);
    let updated = number(&status["updatedReplicas"], if object["kind"] == "StatefulSet" { ready } else { 0 });
    if wanted == 0 {
        return (State::Stopped, "scaled to zero".to_owned());
    }
    if observed_all && ready >= wanted && updated >= wanted {
        return (State::Healthy, format!("{ready} of {wanted} ready"));
    }
    let pods: Vec<&Value> = observed.pods().filter(|pod| component(pod) == component(object)).collect();
    match pods.iter().filter(|pod| !is_ready(pod)).max_by_key(|pod| pod_state(pod)) {
        Some(pod) => (pod_state(pod), progress(pod)),
        None if ready >= wanted => (State::Starting, "being replaced".to_owned()),
        None => (State::Starting, "no pod yet".to_owned()),
    }
}

fn job(observed: &Observed, object: &Value) -> (State, String) {
    let is = |kind: &str| {
        let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
        conditions.filter(|one| one["status"] == "True").any(|one| one["type"] == kind)
    };
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    if is("Complete") {
        return (State::Healthy, format!("{name} is done"));
    }
    if is("Failed") {
        return (State::Failed, format!("{name} failed"));
    }
    let pod = observed.pods().find(|pod| pod["metadata"]["labels"]["batch.kubernetes.io/job-name"] == name);
    match pod {
        // A job that runs does what it should; it may run for hours.
        Some(pod) if is_ready(pod) => (State::Healthy, format!("{name} runs")),
        Some(pod) => (pod_state(pod), progress(pod)),
        None => (State::Starting, "no pod yet".to_owned()),
    }
}

/// A pod that has to be started again and again has failed, though the cluster goes on trying.
fn pod_state(pod: &Value) -> State {
    let bad = |status: &Value| {
        let waiting = status["state"]["waiting"]["reason"].as_str().unwrap_or_default();
        waiting.contains("BackOff") || waiting.starts_with("Err") || waiting.ends_with("Error")
    };
    match pod["status"]["phase"] == "Failed" || statuses(pod).any(bad) {
        true => State::Failed,
        false => State::Starting,
    }
}

/// What a pod that is not ready is doing.
fn progress(pod: &Value) -> String {
    let init = pod["status"]["initContainerStatuses"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, status) in init.iter().enumerate() {
        if status["state"]["terminated"]["exitCode"] != 0 {
            let name = status["name"].as_str().unwrap_or_default();
            let reason = status["state"]["waiting"]["reason"].as_str().filter(|reason| *reason != "PodInitializing");
            let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            return format!("init container {} of {}, {name}{reason}", at + 1, init.len());
        }
    }
    let reason = statuses(pod).find_map(|status| status["state"]["waiting"]["reason"].as_str());
    match (reason, pod["status"]["phase"].as_str()) {
        (Some("PodInitializing" | "ContainerCreating"), _) => "starting its container".to_owned(),
        (Some(reason), _) => reason.to_owned(),
        (None, Some("Running")) => "runs, does not answer yet".to_owned(),
        (None, Some("Pending")) => "waits for a node".to_owned(),
        (None, phase) => phase.unwrap_or_default().to_owned(),
    }
}
