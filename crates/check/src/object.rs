//! Kubernetes objects, and the pods inside them.

use std::rc::Rc;

use serde_json::Value;
use sparkyard_model::{Finding, SourceText};
use sparkyard_yaml::Places;
use sparkyard_yaml::node::{self, Kind, Node};

use crate::path::{Here, Path};

/// An object that a chart makes.
#[derive(Debug, Clone)]
pub struct Object {
    /// All of it.
    pub value: Value,
    /// Where it is written: the template as helm prints it, or the file.
    pub source: String,
    /// Its text.
    pub text: String,
    /// The text, read.
    pub node: Node,
    /// Events, for a hook.
    pub hook: Vec<String>,
    /// Index of the chart that made it.
    pub chart: usize,
    /// Byte of the template's output where the text starts.
    pub offset: usize,
    /// The file that holds it, if a person wrote it; then the offset is one of this file.
    pub file: Option<Rc<SourceText>>,
    /// The template that printed it, if another program did the rendering.
    pub template: Option<Rc<SourceText>>,
    /// Documents among the data of a ConfigMap.
    pub embedded: Vec<Embedded>,
    // What nearly every rule asks for.
    api_version: String,
    kind: String,
    name: String,
    namespace: Option<String>,
}

/// A YAML document among the data of a ConfigMap: Spark makes executors of such ones.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// Its key.
    pub key: String,
    /// All of it.
    pub value: Value,
    /// Its text.
    pub text: String,
    /// The text, read.
    pub node: Node,
}

/// A pod, wherever it is described.
#[derive(Debug, Clone)]
pub struct Pod<'o> {
    /// The object that it is found in.
    pub object: &'o Object,
    /// Index of that object.
    pub index: usize,
    /// Key of the ConfigMap, if it is one of its documents.
    pub embedded: Option<&'o Embedded>,
    /// Where in the object or document it lies: `spec.template`, nothing for a Pod.
    pub path: Path,
    /// Its metadata.
    pub metadata: &'o Value,
    /// Its spec.
    pub spec: &'o Value,
    containers: Rc<[Place]>,
}

/// Where a pod lies in an object.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// Index of the document that is the pod.
    embedded: Option<usize>,
    path: Path,
    containers: Rc<[Place]>,
}

/// Where a container lies in the spec of its pod.
#[derive(Debug)]
struct Place {
    list: &'static str,
    index: usize,
    role: Role,
    /// From the object or document.
    path: Path,
}

/// A container of a pod.
#[derive(Debug, Clone)]
pub struct Container<'o> {
    /// All of it.
    pub value: &'o Value,
    /// Where in the object or document it lies.
    pub path: Path,
    /// Which list it is in.
    pub role: Role,
}

/// Lists of containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Runs before the others.
    Init,
    /// An init container that goes on: `restartPolicy: Always`.
    Sidecar,
    /// Lives as long as the pod.
    Main,
    /// For debugging.
    Ephemeral,
}

static NOTHING: Value = Value::Null;

fn events(annotation: &str) -> Vec<String> {
    annotation.split(',').map(|event| event.trim().to_lowercase()).collect()
}

impl Object {
    /// The objects of a file of manifests, and what cannot be read in it. A `List` is what it holds.
    pub fn all_of(file: &Rc<SourceText>) -> (Vec<Object>, Vec<Finding>) {
        let (mut objects, mut findings) = (Vec::new(), Vec::new());
        let place = |at: usize| Places::of_nodes(file, &[]).place(at..at + 1);
        let source = |text: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix("# Source: "));
            line.map_or_else(|| file.name.clone(), str::to_owned)
        };
        for (offset, text) in sparkyard_render::documents(&file.text) {
            let node = match node::document(text) {
                Ok(Some(node)) => node,
                Ok(None) => continue,
                Err(error) => {
                    let finding = Finding::error("bad-manifest", format!("this is no YAML: {}", error.message));
                    findings.push(finding.at(Some(place(offset + error.at))));
                    continue;
                }
            };
            let nodes = match (node.get("kind").map(|kind| &kind.kind), node.get("items").map(|items| &items.kind)) {
                (Some(Kind::Str(kind)), Some(Kind::Seq(items))) if kind.ends_with("List") => items.clone(),
                _ => vec![node],
            };
            for node in nodes {
                if !matches!(node.kind, Kind::Map(_)) {
                    let at = Some(place(offset + node.span.start));
                    findings.push(
                        Finding::error("bad-manifest", "this is no object")
                            .at(at)
                            .help("an object has apiVersion, kind and metadata"),
                    );
                    continue;
                }
                let mut object = Object::of(node, text.to_owned(), source(text));
                object.chart = usize::MAX;
                object.offset = offset;
                object.hook = object.annotation("helm.sh/hook").map(events).unwrap_or_default();
                object.file = Some(Rc::clone(file));
                objects.push(object);
            }
        }
        (objects, findings)
    }

    /// Reads a document.
    pub fn of(node: Node, text: String, source: String) -> Self {
        let value = sparkyard_yaml::json(&node);
        let word = |text: &Value| text.as_str().unwrap_or_default().to_owned();
        let mut object = Self {
            api_version: word(&value["apiVersion"]),
            kind: word(&value["kind"]),
            name: word(&value["metadata"]["name"]),
            namespace: value["metadata"]["namespace"].as_str().map(str::to_owned),
            value,
            source,
            text,
            node,
            hook: Vec::new(),
            chart: 0,
            offset: 0,
            file: None,
            template: None,
            embedded: Vec::new(),
        };
        object.embedded = object.documents();
        object
    }

    /// Documents of a ConfigMap that describe objects.
    fn documents(&self) -> Vec<Embedded> {
        let Some(data) = self.value["data"].as_object().filter(|_| self.kind() == "ConfigMap") else {
            return Vec::new();
        };
        let files = data.iter().filter(|(key, _)| key.ends_with(".yaml") || key.ends_with(".yml"));
        files
            .filter_map(|(key, text)| {
                let text = text.as_str()?;
                let node = node::document(text).ok()??;
                let value = sparkyard_yaml::json(&node);
                value["kind"].is_string().then(|| Embedded { key: key.clone(), value, text: text.to_owned(), node })
            })
            .collect()
    }

    /// `apiVersion`.
    pub fn api_version(&self) -> &str {
        &self.api_version
    }

    /// The group of its API; empty for the core.
    pub fn group(&self) -> &str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// `kind`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// `metadata.name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `metadata.namespace`, as it is written.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// `Kind/name`, for messages.
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind(), self.name())
    }

    /// `metadata.labels`.
    pub fn labels(&self) -> &Value {
        &self.value["metadata"]["labels"]
    }

    /// An annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.value["metadata"]["annotations"][key].as_str()
    }

    /// Whether it is made for `helm test`.
    pub fn is_test(&self) -> bool {
        self.hook.iter().any(|event| event.starts_with("test"))
    }

    /// The value at a path of keys: `metadata.namespace`.
    pub fn at(&self, path: &str) -> &Value {
        path.split('.').fold(&self.value, |value, key| &value[key])
    }

    /// The pods that it makes or describes.
    pub fn pods(&self, index: usize) -> Vec<Pod<'_>> {
        self.sites().iter().map(|site| self.pod(index, site)).collect()
    }

    /// The pod of a site.
    pub(crate) fn pod(&self, index: usize, site: &Site) -> Pod<'_> {
        let embedded = site.embedded.and_then(|at| self.embedded.get(at));
        let template = site.path.value(embedded.map_or(&self.value, |document| &document.value));
        let part = |key: &str| template.and_then(|template| template.get(key)).unwrap_or(&NOTHING);
        let (metadata, spec) = (part("metadata"), part("spec"));
        let (path, containers) = (site.path.clone(), Rc::clone(&site.containers));
        Pod { object: self, index, embedded, path, metadata, spec, containers }
    }

    /// Where its pods lie.
    pub(crate) fn sites(&self) -> Vec<Site> {
        let paths: &[&str] = match self.kind() {
            "Pod" if self.group().is_empty() => &[""],
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" if self.group() == "apps" => &["spec.template"],
            "Job" if self.group() == "batch" => &["spec.template"],
            "ReplicationController" if self.group().is_empty() => &["spec.template"],
            "CronJob" if self.group() == "batch" => &["spec.jobTemplate.spec.template"],
            // A forked operator has a group of its own.
            "SparkApplication" => &[
                "spec.driver.template",
                "spec.executor.template",
                "spec.driverSpec.podTemplateSpec",
                "spec.executorSpec.podTemplateSpec",
            ],
            "ScheduledSparkApplication" => &["spec.template.driver.template", "spec.template.executor.template"],
            "SparkConnect" => &["spec.server.template", "spec.executor.template"],
            "SparkCluster" => &["spec.masterSpec.statefulSetSpec.template", "spec.workerSpec.statefulSetSpec.template"],
            _ => &[],
        };
        let own =
            paths.iter().map(|path| Path::of(path)).filter_map(|path| Site::of(path.value(&self.value)?, None, path));
        let embedded = self.embedded.iter().enumerate().filter_map(|(at, document)| {
            Site::of(&document.value, Some(at), Path::root()).filter(|_| document.value["kind"] == "Pod")
        });
        own.chain(embedded).collect()
    }
}

impl Site {
    /// Of a template, if it has a spec.
    fn of(template: &Value, embedded: Option<usize>, path: Path) -> Option<Self> {
        let spec = template.get("spec").filter(|spec| spec.is_object())?;
        let lists =
            [("initContainers", Role::Init), ("containers", Role::Main), ("ephemeralContainers", Role::Ephemeral)];
        let mut containers = Vec::new();
        for (list, role) in lists {
            let above = path.key("spec").key(list);
            for (index, value) in items(&spec[list]).enumerate() {
                let role = if role == Role::Init && value["restartPolicy"] == "Always" { Role::Sidecar } else { role };
                containers.push(Place { list, index, role, path: above.index(index) });
            }
        }
        Some(Self { embedded, path, containers: containers.into() })
    }
}

impl<'o> Pod<'o> {
    /// What it is, for messages: `Deployment/spark-connect`, `ConfigMap/spark-connect[executor.yaml]`.
    pub fn id(&self) -> String {
        match self.embedded {
            Some(document) => format!("{}[{}]", self.object.id(), document.key),
            None => self.object.id(),
        }
    }

    /// Where its spec lies.
    pub fn spec_path(&self) -> Path {
        self.path.key("spec")
    }

    /// All of its containers.
    pub fn containers(&self) -> Vec<Container<'o>> {
        let container = |place: &Place| {
            let value = &self.spec[place.list][place.index];
            Container { value, path: place.path.clone(), role: place.role }
        };
        self.containers.iter().map(container).collect()
    }

    /// The containers that live as long as it does.
    pub fn main_containers(&self) -> Vec<Container<'o>> {
        self.containers().into_iter().filter(|container| container.role == Role::Main).collect()
    }

    /// Its labels.
    pub fn labels(&self) -> &'o Value {
        &self.metadata["labels"]
    }

    /// Whether a controller keeps it running, as opposed to a Job, a hook or a test.
    pub fn serves(&self) -> bool {
        matches!(self.object.kind(), "Deployment" | "StatefulSet" | "DaemonSet") && self.object.hook.is_empty()
    }

    /// Whether Spark or an operator fills in what is missing: image, command, resources.
    pub fn is_template(&self) -> bool {
        self.embedded.is_some() || !self.object.group().is_empty() && !matches!(self.object.group(), "apps" | "batch")
    }
}

impl<'o> Container<'o> {
    /// Its name.
    pub fn name(&self) -> &'o str {
        name(self.value)
    }

    /// The value of an environment variable that is written out.
    pub fn env(&self, key: &str) -> Option<&'o str> {
        items(&self.value["env"]).find(|entry| entry["name"] == key).and_then(|entry| entry["value"].as_str())
    }

    /// Words of its command and arguments.
    pub fn words(&self) -> impl Iterator<Item = &'o str> {
        ["command", "args"].into_iter().flat_map(|list| items(&self.value[list])).filter_map(Value::as_str)
    }
}

/// The items of a list; none if it is no list.
pub fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The name of a container, volume or port.
pub fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or("(no name)")
}

/// Whether labels carry every label of `selector`; no selector selects nothing.
pub fn selects(selector: &Value, labels: &Value) -> bool {
    selector.as_object().is_some_and(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
}

/// Whether labels fit a label selector: `matchLabels` and `matchExpressions`. An empty selector fits all.
pub fn fits(selector: &Value, labels: &Value) -> bool {
    let by_labels = selector["matchLabels"].is_null() || selects(&selector["matchLabels"], labels);
    let by_expressions = items(&selector["matchExpressions"]).all(|expression| {
        let label = expression["key"].as_str().and_then(|key| labels.get(key));
        let among = || items(&expression["values"]).any(|value| Some(value) == label);
        match expression["operator"].as_str() {
            Some("In") => label.is_some() && among(),
            Some("NotIn") => !among(),
            Some("Exists") => label.is_some(),
            Some("DoesNotExist") => label.is_none(),
            _ => false,
        }
    });
    by_labels && by_expressions
}

/// Calls `visit` for every value below `value`, itself included, with where it lies.
pub fn walk(value: &Value, start: &Path, visit: &mut dyn FnMut(&Here<'_>, &Value)) {
    walk_on(value, &Here::Start(start), visit);
}

fn walk_on(value: &Value, here: &Here<'_>, visit: &mut dyn FnMut(&Here<'_>, &Value)) {
    visit(here, value);
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| walk_on(inner, &Here::Key(here, key), visit)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, inner)| walk_on(inner, &Here::Index(here, at), visit));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use serde_json::json;

    use super::*;

    fn object(text: &str) -> Object {
        Object::of(node::document(text).expect("yaml").expect("a document"), text.to_owned(), "test".to_owned())
    }

    #[test]
    fn pods_are_found_everywhere() {
        for (text, number) in [
            ("apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a}]}}}\n", 1),
            ("apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n", 1),
            ("apiVersion: v1\nkind: Pod\nspec: {}\n", 1),
            (
                indoc! {"
                    apiVersion: v1
                    kind: ConfigMap
                    data:
                      executor.yaml: |
                        kind: Pod
                        spec: {}
                      x.conf: 'kind: Pod'
                "},
                1,
            ),
            (
                "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nspec: {driver: {template: {spec: {}}}, executor: {template: {spec: {}}}}\n",
                2,
            ),
            ("apiVersion: v1\nkind: Service\nspec: {}\n", 0),
        ] {
            assert_eq!(object(text).pods(0).len(), number, "{text}");
        }
        let map = object(indoc! {"
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: x}
            data:
              e.yaml: |
                kind: Pod
                spec: {}
        "});
        assert_eq!(map.pods(0)[0].id(), "ConfigMap/x[e.yaml]");
    }

    #[test]
    fn selectors_need_every_label() {
        assert!(selects(&json!({"a": "1"}), &json!({"a": "1", "b": "2"})));
        assert!(!selects(&json!({"a": "1", "c": "3"}), &json!({"a": "1"})));
        assert!(!selects(&Value::Null, &json!({"a": "1"})));
        let selector = json!({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]});
        assert!(fits(&selector, &json!({"a": "2"})) && !fits(&selector, &json!({"a": "3"})));
        assert!(fits(&json!({}), &json!({"x": "y"})));
    }
}
