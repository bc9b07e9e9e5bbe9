//! Which nodes take a pod, as the scheduler sees it: node selector, required affinity, taints and tolerations.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_check::items;

/// What a pod says of the nodes it may run on.
#[derive(Debug, Clone, Default)]
pub(super) struct Placement {
    selector: BTreeMap<String, String>,
    /// Required terms of node affinity: one of them must match.
    terms: Option<Vec<Value>>,
    tolerations: Vec<Value>,
}

impl Placement {
    /// Of the spec of a pod.
    pub(super) fn of(spec: &Value) -> Self {
        let list = |value: &Value| items(value).cloned().collect::<Vec<_>>();
        let labels = spec["nodeSelector"].as_object().into_iter().flatten();
        let required = &spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
        Self {
            selector: labels.map(|(key, value)| (key.clone(), text(value).to_owned())).collect(),
            terms: required.is_object().then(|| list(&required["nodeSelectorTerms"])),
            tolerations: list(&spec["tolerations"]),
        }
    }

    /// One more label that a node must have.
    pub(super) fn select(&mut self, key: &str, value: &str) {
        self.selector.insert(key.to_owned(), value.to_owned());
    }

    /// Why a node does not take the pod; nothing if it does.
    pub(super) fn refusal(&self, node: &Value) -> Option<String> {
        let (labels, spec) = (&node["metadata"]["labels"], &node["spec"]);
        if spec["unschedulable"] == true {
            return Some("cordoned".to_owned());
        }
        if let Some((key, value)) = self.selector.iter().find(|(key, value)| labels[key.as_str()] != value.as_str()) {
            return Some(format!("no label `{key}={value}`"));
        }
        if self.terms.as_ref().is_some_and(|terms| !terms.iter().any(|term| matches(term, node))) {
            return Some("not what the node affinity requires".to_owned());
        }
        let bars = |taint: &&Value| {
            taint["effect"] != "PreferNoSchedule" && !self.tolerations.iter().any(|one| tolerates(one, taint))
        };
        items(&spec["taints"]).find(bars).map(|taint| {
            let [key, value, effect] = ["key", "value", "effect"].map(|part| text(&taint[part]));
            format!("taint `{key}{}{value}:{effect}`", if value.is_empty() { "" } else { "=" })
        })
    }
}

/// A term with nothing in it matches no node.
fn matches(term: &Value, node: &Value) -> bool {
    let labels = |key: &str| node["metadata"]["labels"][key].as_str();
    // The only field that the API server allows.
    let fields = |key: &str| if key == "metadata.name" { node["metadata"]["name"].as_str() } else { None };
    let (by_label, by_field) = (&term["matchExpressions"], &term["matchFields"]);
    items(by_label).chain(items(by_field)).next().is_some()
        && items(by_label).all(|one| holds(one, labels(text(&one["key"]))))
        && items(by_field).all(|one| holds(one, fields(text(&one["key"]))))
}

/// Whether an expression holds for the value that a node has.
fn holds(expression: &Value, is: Option<&str>) -> bool {
    let listed = |is: &str| items(&expression["values"]).any(|value| value == is);
    let number = |text: &str| text.parse::<i64>().ok();
    let bound = || items(&expression["values"]).next().and_then(|value| number(text(value)));
    match text(&expression["operator"]) {
        "In" => is.is_some_and(listed),
        "NotIn" => !is.is_some_and(listed),
        "Exists" => is.is_some(),
        "DoesNotExist" => is.is_none(),
        "Gt" => is.and_then(number).zip(bound()).is_some_and(|(is, bound)| is > bound),
        "Lt" => is.and_then(number).zip(bound()).is_some_and(|(is, bound)| is < bound),
        _ => false,
    }
}

/// No key with `Exists` tolerates every taint, no effect every effect.
fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let [key, effect] = ["key", "effect"].map(|part| text(&toleration[part]));
    let exists = toleration["operator"] == "Exists";
    (effect.is_empty() || taint["effect"] == effect)
        && (taint["key"] == key || key.is_empty() && exists)
        && (exists || text(&toleration["value"]) == text(&taint["value"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(pod: Value, node: Value) -> Option<String> {
        Placement::of(&pod).refusal(&node)
    }

    #[test]
    fn labels_are_wanted() {
        let node = json!({"metadata": {"labels": {"disk": "ssd"}}});
        assert_eq!(refusal(json!({}), node.clone()), None);
        assert_eq!(refusal(json!({"nodeSelector": {"disk": "ssd"}}), node.clone()), None);
        assert_eq!(refusal(json!({"nodeSelector": {"disk": "hdd"}}), node).as_deref(), Some("no label `disk=hdd`"));
    }

    #[test]
    fn taints_want_a_toleration() {
        let node = |effect: &str| json!({"spec": {"taints": [{"key": "for", "value": "spark", "effect": effect}]}});
        let tolerates = |toleration: Value| refusal(json!({"tolerations": [toleration]}), node("NoSchedule")).is_none();
        assert_eq!(refusal(json!({}), node("NoSchedule")).as_deref(), Some("taint `for=spark:NoSchedule`"));
        assert_eq!(refusal(json!({}), node("PreferNoSchedule")), None);
        assert!(tolerates(json!({"operator": "Exists"})));
        assert!(tolerates(json!({"key": "for", "operator": "Exists"})));
        assert!(tolerates(json!({"key": "for", "value": "spark", "effect": "NoSchedule"})));
        assert!(!tolerates(json!({"key": "for", "value": "other"})));
        assert!(!tolerates(json!({"key": "for", "value": "spark", "effect": "NoExecute"})));
        assert!(!tolerates(json!({"value": "spark"})));
        assert_eq!(
            refusal(json!({"tolerations": [{"operator": "Exists"}]}), json!({"spec": {"unschedulable": true}}))
                .as_deref(),
            Some("cordoned")
        );
    }

    #[test]
    fn one_term_of_affinity_must_match() {
        let node = json!({"metadata": {"name": "n", "labels": {"zone": "a", "cores": "8"}}});
        let takes = |terms: Value| {
            let required = json!({"nodeSelectorTerms": terms});
            let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}});
            refusal(json!({ "affinity": affinity }), node.clone()).is_none()
        };
        let by =
            |key: &str, operator: &str, values: &[&str]| json!({"key": key, "operator": operator, "values": values});
        for (expression, holds) in [
            (by("zone", "In", &["a", "b"]), true),
            (by("zone", "In", &["b"]), false),
            (by("none", "In", &["a"]), false),
            (by("zone", "NotIn", &["a"]), false),
            (by("none", "NotIn", &["a"]), true),
            (by("zone", "Exists", &[]), true),
            (by("zone", "DoesNotExist", &[]), false),
            (by("cores", "Gt", &["7"]), true),
            (by("cores", "Gt", &["8"]), false),
            (by("cores", "Lt", &["9"]), true),
            (by("zone", "Lt", &["9"]), false),
        ] {
            assert_eq!(takes(json!([{ "matchExpressions": [expression] }])), holds, "{expression}");
        }
        let (right, wrong) = (by("zone", "In", &["a"]), by("zone", "In", &["b"]));
        assert!(takes(json!([{ "matchExpressions": [wrong] }, { "matchExpressions": [right] }])));
        assert!(!takes(json!([{ "matchExpressions": [wrong, right] }])));
        assert!(takes(json!([{ "matchFields": [by("metadata.name", "In", &["n"])] }])));
        assert!(!takes(json!([{}])));
        assert!(!takes(json!([])));
    }
}
