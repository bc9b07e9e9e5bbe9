//! Whether the nodes have room for what a stack asks for: all of them together, and one of them for each pod.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_check::{items, quantity};

use super::Report;
use super::demand::{Demand, Pods, words};
use crate::cluster::Cluster;
use crate::table;

const WHAT: &str = "nodes";
const RESOURCES: [&str; 2] = ["cpu", "memory"];
/// The node of pods that have none yet.
const WAITING: &str = "";

/// `asks` says what the stack asks for, where what the nodes have left may not be asked.
pub(super) fn examine(cluster: &Cluster, demand: &Demand, asks: &str, report: &mut Report) {
    // Nothing but custom resources: their operator makes the pods, and asks then.
    if demand.pods.is_empty() {
        return;
    }
    let running = "--field-selector=status.phase!=Succeeded,status.phase!=Failed";
    match (cluster.json(&["get", "nodes"]), cluster.json(&["get", "pods", "--all-namespaces", running])) {
        (Ok(nodes), Ok(pods)) => {
            let taken = taken(&pods);
            judge(&Node::all_of(&nodes, &taken), taken[WAITING], demand, report);
        }
        _ => report.warn(WHAT, "what the nodes have left may not be asked", asks.to_owned()),
    }
}

/// CPUs and bytes.
type Room = [f64; RESOURCES.len()];

/// A node, and what the pods on it leave.
struct Node<'n> {
    name: &'n str,
    object: &'n Value,
    all: Room,
    left: Room,
}

impl<'n> Node<'n> {
    fn all_of(nodes: &'n Value, taken: &BTreeMap<&str, Room>) -> Vec<Self> {
        let of = |object: &'n Value| {
            let name = object["metadata"]["name"].as_str().unwrap_or_default();
            let all = amounts(&object["status"]["allocatable"]);
            Self { name, object, all, left: less(all, taken.get(name).copied().unwrap_or_default()) }
        };
        items(&nodes["items"]).map(of).collect()
    }

    fn takes(&self, pods: &Pods) -> bool {
        pods.placement.refusal(self.object).is_none()
    }
}

/// How many such pods a room holds, in parts of one.
fn holds(room: Room, asks: Room) -> f64 {
    let parts = room.into_iter().zip(asks).map(|(left, asks)| if asks > 0.0 { left / asks } else { f64::INFINITY });
    parts.fold(f64::INFINITY, f64::min)
}

/// What pods take, by node; once through them, since a large cluster has thousands on hundreds of nodes.
fn taken(pods: &Value) -> BTreeMap<&str, Room> {
    let mut taken = BTreeMap::from([(WAITING, Room::default())]);
    for pod in items(&pods["items"]) {
        let on = taken.entry(pod["spec"]["nodeName"].as_str().unwrap_or(WAITING)).or_default();
        *on = sum([*on, requests(pod)].into_iter());
    }
    taken
}

fn judge(nodes: &[Node<'_>], waiting: Room, demand: &Demand, report: &mut Report) {
    if let Some((pods, of)) = first(demand, |pods| !nodes.iter().any(|node| node.takes(pods))) {
        report.warn(
            WHAT,
            format!("no node takes the pods of {of}: {}", refusals(nodes, pods)),
            "change `nodeSelector`, `affinity` or `tolerations` of these pods in your values, or label a node for them",
        );
    }
    // A node that takes none of the pods does not help.
    let useful: Vec<_> = nodes.iter().filter(|node| demand.pods.iter().any(|pods| node.takes(pods))).collect();
    if useful.is_empty() {
        return;
    }
    let left = less(sum(useful.iter().map(|node| node.left)), waiting).map(|left| left.max(0.0));
    let sums = demand.sums();
    let mut fits = true;
    for (what, left) in RESOURCES.into_iter().zip(left) {
        let key = format!("requests.{what}");
        let need = sums.get(&key).copied().unwrap_or_default();
        if need > left {
            fits = false;
            // A cluster that grows by itself has more than it shows.
            report.warn(
                WHAT,
                format!(
                    "the nodes have {} of {what} left, the stack asks for {}",
                    words(&key, left),
                    words(&key, need)
                ),
                "pods will wait unless the cluster adds nodes; ask for less, or take the preset `minikube`",
            );
        } else {
            report.pass(WHAT, format!("{} of {what} left", words(&key, left)));
        }
    }
    if let Some(Without { asks, of, nearest }) = without(nodes, |node| node.all, demand) {
        report.warn(
            WHAT,
            format!("no node is large enough for {of}: a pod asks for {}", said(asks)),
            format!(
                "{} comes nearest with {} in all: add a larger node, or make the pod smaller (`resources`, \
                 `executor.memory`, `executor.requestCores`)",
                nearest.name,
                said(nearest.all)
            ),
        );
    } else if let Some(Without { asks, of, nearest }) = without(nodes, |node| node.left, demand).filter(|_| fits) {
        report.warn(
            WHAT,
            format!("no node has room left for {of}: a pod asks for {}", said(asks)),
            format!(
                "{} comes nearest with {}: the pod will wait until others go or the cluster adds a node",
                nearest.name,
                said(nearest.left)
            ),
        );
    }
}

/// The first pods of a stack with which something is wrong, and how to name them and the others.
fn first(demand: &Demand, wrong: impl Fn(&Pods) -> bool) -> Option<(&Pods, String)> {
    let mut all = demand.pods.iter().filter(|pods| wrong(pods));
    let first = all.next()?;
    let of = match all.count() {
        0 => first.of.clone(),
        others => format!("{} (and {others} more)", first.of),
    };
    Some((first, of))
}

/// Why no node takes these pods: `no label `for=spark` (2 nodes), cordoned (1 node)`.
fn refusals(nodes: &[Node<'_>], pods: &Pods) -> String {
    let mut reasons = BTreeMap::<String, usize>::new();
    for reason in nodes.iter().filter_map(|node| pods.placement.refusal(node.object)) {
        *reasons.entry(reason).or_default() += 1;
    }
    let said = reasons.iter().map(|(reason, nodes)| format!("{reason} ({})", table::count(*nodes, "node")));
    said.collect::<Vec<_>>().join(", ")
}

/// Pods that no node has room for.
struct Without<'w> {
    asks: Room,
    of: String,
    nearest: &'w Node<'w>,
}

/// The first pods of a stack that some nodes take and none of these holds.
fn without<'w>(nodes: &'w [Node<'w>], room: impl Fn(&Node<'_>) -> Room, demand: &Demand) -> Option<Without<'w>> {
    let asks = |pods: &Pods| RESOURCES.map(|what| pods.together(&format!("requests.{what}")).unwrap_or_default());
    let nearest = |pods: &Pods| {
        let taking = nodes.iter().filter(|node| node.takes(pods));
        taking.max_by(|a, b| holds(room(a), asks(pods)).total_cmp(&holds(room(b), asks(pods))))
    };
    let (pods, of) = first(demand, |pods| nearest(pods).is_some_and(|node| holds(room(node), asks(pods)) < 1.0))?;
    Some(Without { asks: asks(pods), of, nearest: nearest(pods)? })
}

fn said([cpu, memory]: Room) -> String {
    format!("{} CPU and {}", words("requests.cpu", cpu), words("requests.memory", memory))
}

fn requests(pod: &Value) -> Room {
    sum(items(&pod["spec"]["containers"]).map(|container| amounts(&container["resources"]["requests"])))
}

fn amounts(of: &Value) -> Room {
    RESOURCES.map(|what| quantity(&of[what]).unwrap_or_default())
}

fn sum(rooms: impl Iterator<Item = Room>) -> Room {
    rooms.fold(Room::default(), |[cpu, memory], more| [cpu + more[0], memory + more[1]])
}

fn less([cpu, memory]: Room, taken: Room) -> Room {
    [cpu - taken[0], memory - taken[1]]
}

#[cfg(test)]
mod tests {
    use indoc::formatdoc;
    use serde_json::json;

    use super::*;
    use crate::doctor::tests::objects;

    /// What is said of a stack of two pods, 1 CPU and 2 GiB each, on nodes with 3 GiB each and these CPUs.
    fn judged(cpus: &[&str], pods: Value) -> Vec<String> {
        let nodes = cpus.iter().enumerate().map(|(index, cpu)| node(&format!("n{index}"), cpu, json!({})));
        said_of(nodes.collect(), pods, "{}")
    }

    fn node(name: &str, cpu: &str, spec: Value) -> Value {
        let metadata = json!({"name": name, "labels": {"host": name}});
        json!({"metadata": metadata, "spec": spec, "status": {"allocatable": {"cpu": cpu, "memory": "3Gi"}}})
    }

    /// `selector` says which nodes the pods of the stack want.
    fn said_of(nodes: Vec<Value>, pods: Value, selector: &str) -> Vec<String> {
        let (nodes, pods) = (json!({ "items": nodes }), json!({ "items": pods }));
        let demand = Demand::of(&objects(&formatdoc! {"
            apiVersion: apps/v1
            kind: Deployment
            metadata: {{name: a}}
            spec:
              replicas: 2
              template:
                spec:
                  nodeSelector: {selector}
                  containers: [{{name: c, resources: {{requests: {{cpu: '1', memory: 2Gi}}}}}}]
        "}));
        let mut report = Report::default();
        let taken = taken(&pods);
        judge(&Node::all_of(&nodes, &taken), taken[WAITING], &demand, &mut report);
        report.0.into_iter().map(|seen| seen.said).collect()
    }

    fn pod(node: Value, cpu: &str) -> Value {
        json!({"spec": {"nodeName": node, "containers": [{"resources": {"requests": {"cpu": cpu}}}]}})
    }

    #[test]
    fn what_fits_is_said_to_fit() {
        assert_eq!(judged(&["2", "2"], json!([])), ["4 of cpu left", "6Gi of memory left"]);
    }

    #[test]
    fn all_pods_together_need_room() {
        assert_eq!(
            judged(&["2", "1"], json!([pod(json!("n0"), "500m"), pod(Value::Null, "750m")])),
            ["the nodes have 1.75 of cpu left, the stack asks for 2", "6Gi of memory left"]
        );
    }

    #[test]
    fn each_pod_needs_one_node() {
        assert_eq!(
            judged(&["1", "1", "700m"], json!([pod(json!("n0"), "100m"), pod(json!("n1"), "200m")])),
            [
                "2.4 of cpu left",
                "9Gi of memory left",
                "no node has room left for Deployment/a: a pod asks for 1 CPU and 2Gi",
            ]
        );
    }

    #[test]
    fn more_nodes_do_not_help_where_all_are_too_small() {
        assert_eq!(
            judged(&["900m", "800m"], json!([])),
            [
                "the nodes have 1.7 of cpu left, the stack asks for 2",
                "6Gi of memory left",
                "no node is large enough for Deployment/a: a pod asks for 1 CPU and 2Gi",
            ]
        );
    }

    #[test]
    fn nodes_that_take_nothing_do_not_count() {
        let taint = |effect: &str| json!({"taints": [{"key": "a", "effect": effect}]});
        let nodes = vec![
            node("n0", "4", json!({"unschedulable": true})),
            node("n1", "4", taint("NoSchedule")),
            node("n2", "2", taint("PreferNoSchedule")),
        ];
        assert_eq!(
            said_of(nodes.clone(), json!([]), "{}"),
            ["2 of cpu left", "the nodes have 3Gi of memory left, the stack asks for 4Gi"]
        );
        assert_eq!(
            said_of(nodes, json!([]), "{host: n1}"),
            [
                "no node takes the pods of Deployment/a: cordoned (1 node), no label `host=n1` (1 node), taint `a:NoSchedule` (1 node)"
            ]
        );
    }
}
