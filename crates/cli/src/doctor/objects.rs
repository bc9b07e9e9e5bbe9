//! Whether the objects of a stack find their place: kinds that are served, names and ports that are free, storage classes.

use serde_json::{Value, json};
use sparkyard_check::items;
use sparkyard_diagnose::is_default_class;

use super::Report;
use crate::cluster::Cluster;
use crate::stack::Wanted;

pub(super) fn examine(cluster: &Cluster, api_versions: &[String], wanted: &Wanted, report: &mut Report) {
    let objects = || wanted.made.stack.objects().iter().filter(|object| object.hook.is_empty());
    let mut strange: Vec<String> = objects()
        .filter(|object| !api_versions.iter().any(|api| api == object.api_version()))
        .map(|object| format!("{} {}", object.api_version(), object.kind()))
        .collect();
    strange.sort();
    strange.dedup();
    match strange.is_empty() {
        true => report.pass("kinds", "the cluster serves every kind that the charts make"),
        false => report.fail(
            "kinds",
            format!("the cluster does not serve {}", strange.join(", ")),
            "install the operator that serves it first: docs/operator.md",
        ),
    }
    names(cluster, wanted, report);
    node_ports(cluster, wanted, report);
    storage(cluster, wanted, report);
}

/// Objects that are there already and belong to somebody else.
fn names(cluster: &Cluster, wanted: &Wanted, report: &mut Report) {
    let ours: Vec<String> = wanted.releases().into_iter().map(|(_, name)| name).collect();
    let own = wanted.made.stack.objects().iter().filter(|object| object.hook.is_empty());
    let list = json!({"apiVersion": "v1", "kind": "List", "items": own.map(|object| object.value.clone()).collect::<Vec<_>>()});
    let Ok(text) = cluster.kubectl_with(&["get", "-f", "-", "--ignore-not-found", "-o", "json"], &list) else {
        return report.warn(
            "names",
            "whether the objects' names are free cannot be asked",
            "helm says so when it installs",
        );
    };
    let found: Vec<Value> = serde_json::from_str::<Value>(&text)
        .map(|mut list| match list["items"].take() {
            Value::Array(items) => items,
            _ => vec![list],
        })
        .unwrap_or_default();
    let foreign: Vec<String> = found
        .iter()
        .filter(|object| object["metadata"]["name"].is_string())
        .filter(|object| {
            !ours.iter().any(|name| object["metadata"]["annotations"]["meta.helm.sh/release-name"] == name.as_str())
        })
        .map(|object| {
            format!(
                "{}/{}",
                object["kind"].as_str().unwrap_or_default(),
                object["metadata"]["name"].as_str().unwrap_or_default()
            )
        })
        .collect();
    match foreign.is_empty() {
        true => report.pass("names", "no object of these names belongs to somebody else"),
        false => report.fail(
            "names",
            format!("there already, and not of this stack: {}", foreign.join(", ")),
            "take another namespace, or name the stack otherwise in `global.stack`",
        ),
    }
}

/// NodePorts exist once in a cluster.
fn node_ports(cluster: &Cluster, wanted: &Wanted, report: &mut Report) {
    let ports = |service: &Value| -> Vec<u64> {
        items(&service["spec"]["ports"]).filter_map(|port| port["nodePort"].as_u64()).collect()
    };
    let asked: Vec<(u64, &str)> = wanted
        .made
        .stack
        .of_kind("Service")
        .flat_map(|(_, object)| ports(&object.value).into_iter().map(|port| (port, object.name())))
        .collect();
    if asked.is_empty() {
        return report.pass("ports", "no port of the nodes is asked for");
    }
    let Ok(all) = cluster.json(&["get", "services", "--all-namespaces"]) else {
        return report.warn(
            "ports",
            "the Services of other namespaces may not be listed",
            "helm says so when a NodePort is taken",
        );
    };
    for (port, name) in asked {
        let other = items(&all["items"]).find(|service| {
            ports(service).contains(&port)
                && !(service["metadata"]["name"] == name
                    && service["metadata"]["namespace"] == cluster.namespace.as_str())
        });
        match other {
            Some(other) => {
                let owner = format!(
                    "{}/{}",
                    other["metadata"]["namespace"].as_str().unwrap_or_default(),
                    other["metadata"]["name"].as_str().unwrap_or_default()
                );
                report.fail(
                    "ports",
                    format!("the NodePort {port} of {name} belongs to the Service {owner}"),
                    "let the cluster choose the number, or leave `service.type` as it is",
                );
            }
            None => report.pass("ports", format!("the NodePort {port} is free")),
        }
    }
}

fn storage(cluster: &Cluster, wanted: &Wanted, report: &mut Report) {
    let mut classes: Vec<Option<String>> = Vec::new();
    for object in wanted.made.stack.objects() {
        let templates = items(&object.value["spec"]["volumeClaimTemplates"]);
        let own = Some(&object.value).filter(|_| object.kind() == "PersistentVolumeClaim");
        classes.extend(templates.chain(own).map(|claim| claim["spec"]["storageClassName"].as_str().map(str::to_owned)));
    }
    classes.sort();
    classes.dedup();
    if classes.is_empty() {
        return report.pass("storage", "no volume is asked for");
    }
    let found = match cluster.json(&["get", "storageclasses"]) {
        Ok(found) => found,
        Err(why) => {
            return report.warn("storage", why.message, "ask whoever runs the cluster which storage classes there are");
        }
    };
    let names: Vec<&str> = items(&found["items"]).filter_map(|class| class["metadata"]["name"].as_str()).collect();
    let default = items(&found["items"]).find(|class| is_default_class(class));
    let there = if names.is_empty() { "there is none".to_owned() } else { format!("there is {}", names.join(", ")) };
    for class in classes {
        match (class, default) {
            (Some(class), _) if names.contains(&class.as_str()) => report.pass("storage", format!("the storage class {class} exists")),
            (Some(class), _) => report.fail("storage", format!("the storage class `{class}` does not exist; {there}"), "set `persistence.storageClass` to one that does"),
            (None, Some(class)) => report.pass("storage", format!("the default storage class is {}", class["metadata"]["name"].as_str().unwrap_or_default())),
            (None, None) => report.fail("storage", format!("the cluster has no default storage class; {there}"), "set `persistence.storageClass` of each brick, make a class the default, or try without disks: `persistence.enabled: false`"),
        }
    }
}
