//! Kubernetes objects as they are rendered, and the pods inside them.

use serde_json::Value;

/// One rendered object.
#[derive(Debug, Clone)]
pub struct Object {
    /// The whole object.
    pub value: Value,
}

/// A pod, wherever it was found.
#[derive(Debug, Clone)]
pub struct Pod {
    /// Where it was found: `Deployment/spark-connect`, `ConfigMap/spark-connect[executor.yaml]`.
    pub owner: String,
    /// Kind of the object it was found in.
    pub kind: String,
    /// Its metadata.
    pub metadata: Value,
    /// Its spec.
    pub spec: Value,
}

impl Object {
    /// `apiVersion`.
    pub fn api_version(&self) -> &str {
        self.value["apiVersion"].as_str().unwrap_or_default()
    }

    /// `kind`.
    pub fn kind(&self) -> &str {
        self.value["kind"].as_str().unwrap_or_default()
    }

    /// `metadata.name`.
    pub fn name(&self) -> &str {
        self.value["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// `Kind/name`, for messages.
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind(), self.name())
    }

    /// The pods that it makes or describes. A pod template inside a ConfigMap is one: Spark makes
    /// executors of it, and nobody but us sees it before.
    pub fn pods(&self) -> Vec<Pod> {
        let pod = |owner: String, template: &Value| Pod {
            owner,
            kind: self.kind().to_owned(),
            metadata: template["metadata"].clone(),
            spec: template["spec"].clone(),
        };
        match self.kind() {
            "Pod" => vec![pod(self.id(), &self.value)],
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => {
                vec![pod(self.id(), &self.value["spec"]["template"])]
            }
            "CronJob" => vec![pod(self.id(), &self.value["spec"]["jobTemplate"]["spec"]["template"])],
            "ConfigMap" => {
                let embedded = self.embedded().into_iter();
                embedded.map(|(key, template)| pod(format!("{}[{key}]", self.id()), &template)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Pod templates among the data of a ConfigMap: key and document.
    pub fn embedded(&self) -> Vec<(String, Value)> {
        let Some(data) = self.value["data"].as_object().filter(|_| self.kind() == "ConfigMap") else {
            return Vec::new();
        };
        let files = data.iter().filter(|(key, _)| key.ends_with(".yaml") || key.ends_with(".yml"));
        files
            .filter_map(|(key, text)| Some((key.clone(), crate::render::parse(text.as_str()?).ok()?)))
            .filter(|(_, document)| document["kind"] == "Pod")
            .collect()
    }
}

impl Pod {
    /// All containers: init, main and ephemeral.
    pub fn containers(&self) -> impl Iterator<Item = &Value> {
        ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(|list| items(&self.spec[list]))
    }

    /// The containers that live as long as the pod.
    pub fn main_containers(&self) -> impl Iterator<Item = &Value> {
        items(&self.spec["containers"])
    }

    /// Its labels.
    pub fn labels(&self) -> &Value {
        &self.metadata["labels"]
    }
}

/// The items of a list; none if it is absent.
pub fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The name of a container, volume or port.
pub fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or("(no name)")
}

/// Whether every label of `selector` is among `labels`.
pub fn selects(selector: &Value, labels: &Value) -> bool {
    selector.as_object().is_some_and(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
}

/// Calls `visit` for every value below `value` with its path: `spec.containers[0].image`.
pub fn walk(value: &Value, path: &str, visit: &mut dyn FnMut(&str, &Value)) {
    visit(path, value);
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                walk(inner, &format!("{path}.{key}"), visit);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                walk(inner, &format!("{path}[{index}]"), visit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_are_found_everywhere() {
        let spec = json!({"spec": {"containers": [{"name": "a"}]}});
        let template = json!({"template": spec});
        for (kind, spec) in [
            ("Deployment", template.clone()),
            ("Job", template.clone()),
            ("CronJob", json!({"jobTemplate": {"spec": template}})),
            ("Pod", spec["spec"].clone()),
        ] {
            let object = Object { value: json!({"kind": kind, "metadata": {"name": "x"}, "spec": spec}) };
            assert_eq!(object.pods().iter().flat_map(Pod::containers).count(), 1, "{kind}");
        }
        let text = "kind: Pod\nspec:\n  containers:\n    - name: a\n";
        let data = json!({"executor.yaml": text, "other.yaml": "kind: X\n", "spark.conf": "kind: Pod"});
        let object = Object { value: json!({"kind": "ConfigMap", "metadata": {"name": "x"}, "data": data}) };
        assert_eq!(object.pods().len(), 1);
        assert_eq!(object.pods()[0].owner, "ConfigMap/x[executor.yaml]");
    }

    #[test]
    fn selectors_need_every_label() {
        assert!(selects(&json!({"a": "1"}), &json!({"a": "1", "b": "2"})));
        assert!(!selects(&json!({"a": "1", "c": "3"}), &json!({"a": "1"})));
        assert!(!selects(&Value::Null, &json!({"a": "1"})), "no selector selects nothing");
    }
}
