//! No node takes a pod.

use serde_json::Value;

use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "unschedulable",
    symptom: "A pod stays `Pending`; its events say `FailedScheduling`",
    cause: "No node has the CPU or memory that the pod asks for, or none has the labels, zone or tolerations that it needs",
    cure: "Add a node or room; ask for less (`resources.requests`, `spark-connect.executor.requestCores`, `executor.memory`); the preset \
           `minikube` is the smallest stack that runs",
    check: "kubectl -n NS describe pod POD; kubectl describe nodes",
    patience: 120,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let mut found = Vec::new();
    for pod in observed.pods() {
        let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
        let mut refused = conditions.filter(|one| one["type"] == "PodScheduled" && one["status"] == "False");
        let Some(said) = refused.find_map(|one| one["message"].as_str()) else { continue };
        // The claim has its own rule; until it is bound, the scheduler says nothing else.
        if said.contains("unbound immediate PersistentVolumeClaims") || said.contains("persistentvolumeclaim") {
            continue;
        }
        let words = [
            ("Insufficient cpu", "no node has enough CPU left"),
            ("Insufficient memory", "no node has enough memory left"),
            ("Insufficient ephemeral-storage", "no node has enough disk left"),
            ("Too many pods", "the nodes take no more pods"),
            (
                "didn't match Pod's node affinity/selector",
                "no node has the labels that the pod's `nodeSelector` or affinity asks for",
            ),
            ("untolerated taint", "the nodes have taints that the pod does not tolerate"),
            ("volume node affinity conflict", "the pod's volume lies on a node or in a zone that cannot run it"),
            ("free ports", "another pod holds the node's port"),
        ];
        let why: Vec<&str> = words.iter().filter(|(word, _)| said.contains(word)).map(|(_, is)| *is).collect();
        let why = if why.is_empty() { "no node takes the pod".to_owned() } else { why.join("; ") };
        found.push(Found::at(pod, format!("{why} (it asks for {})", asked(pod)), said));
    }
    found
}

/// What the containers of a pod ask for.
fn asked(pod: &Value) -> String {
    let of = |key: &str| -> Vec<String> {
        let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
        containers.filter_map(|one| one["resources"]["requests"][key].as_str()).map(str::to_owned).collect()
    };
    format!("cpu {}, memory {}", of("cpu").join(" + "), of("memory").join(" + "))
}
