//! Whether the user may do what an install does.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Report;
use crate::cluster::Cluster;
use crate::stack::Wanted;

/// What helm does with each kind.
const VERBS: &[&str] = &["get", "create", "patch", "delete"];

pub(super) fn examine(cluster: &Cluster, makes_namespace: bool, wanted: &Wanted, report: &mut Report) {
    let mut asked: BTreeSet<(String, String, &str)> = BTreeSet::new();
    for object in wanted.made.stack.objects().iter().filter(|object| !object.is_test()) {
        asked.extend(VERBS.iter().map(|verb| (object.group().to_owned(), plural(object.kind()), *verb)));
    }
    // helm keeps its releases in Secrets; `up` and `status` read these.
    asked.extend(["get", "list", "create", "update", "delete"].map(|verb| (String::new(), "secrets".to_owned(), verb)));
    asked.extend(
        ["pods", "pods/log", "events"]
            .map(|what| (String::new(), what.to_owned(), if what == "pods/log" { "get" } else { "list" })),
    );
    let mut reviews: Vec<Value> =
        asked.iter().map(|(group, what, verb)| review(&cluster.namespace, group, what, verb)).collect();
    if makes_namespace {
        reviews.push(review("", "", "namespaces", "create"));
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": reviews});
    let text = match cluster.kubectl_with(&["create", "-f", "-", "-o", "json"], &list) {
        Ok(text) => text,
        Err(why) => return report.warn("rights", why.message, why.help.unwrap_or_default()),
    };
    // One review is printed as it is, several as documents or as a list.
    let answers: Vec<Value> = serde_json::Deserializer::from_str(&text).into_iter::<Value>().flatten().collect();
    let each = answers.iter().flat_map(|answer| match answer["items"].as_array() {
        Some(items) => items.clone(),
        None => vec![answer.clone()],
    });
    let (mut denied, mut answered) = (Vec::new(), 0);
    for answer in each {
        answered += 1;
        if answer["status"]["allowed"] != true {
            let about = &answer["spec"]["resourceAttributes"];
            denied.push(format!("{} {}", about["verb"].as_str().unwrap_or_default(), name(about)));
        }
    }
    if answered < reviews.len() {
        report.warn(
            "rights",
            format!("of {} questions {answered} were answered", reviews.len()),
            "`kubectl auth can-i --list` says what you may do",
        );
    } else if denied.is_empty() {
        report.pass("rights", format!("{answered} asked for, all granted"));
    } else {
        let who = format!("you may not: {}", denied.join(", "));
        report.fail(
            "rights",
            who,
            format!(
                "ask whoever runs the cluster for them in the namespace {}; the ClusterRole `admin` has them",
                cluster.namespace
            ),
        );
    }
}

fn name(about: &Value) -> String {
    let text = |key: &str| about[key].as_str().unwrap_or_default();
    let group = if text("group").is_empty() { String::new() } else { format!(".{}", text("group")) };
    format!("{}{group}", text("resource"))
}

fn review(namespace: &str, group: &str, what: &str, verb: &str) -> Value {
    let (resource, sub) = what.split_once('/').unwrap_or((what, ""));
    json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"namespace": namespace, "group": group, "resource": resource, "subresource": sub, "verb": verb}},
    })
}

/// The name of a kind in the API's paths.
fn plural(kind: &str) -> String {
    let word = kind.to_lowercase();
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if word.ends_with('s') => format!("{word}es"),
        None => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals() {
        assert_eq!(
            ["NetworkPolicy", "Ingress", "Deployment"].map(plural),
            ["networkpolicies", "ingresses", "deployments"]
        );
    }
}
