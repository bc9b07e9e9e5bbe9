//! Custom resources against the schemas that their definitions give to a cluster.
//!
//! A cluster drops a field that the schema does not know, without a word; here it is an error. Pod templates that a schema
//! leaves open are held against Kubernetes' own types.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use jsonschema::Validator;
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Value, json};

use crate::strict::typed;

/// The packed schemas, by apiVersion and kind.
const PACKED: [(&str, &str, &[u8]); 5] = [
    (
        "sparkoperator.k8s.io/v1beta2",
        "SparkApplication",
        include_bytes!("../crds/sparkoperator.k8s.io_v1beta2_SparkApplication.json.gz"),
    ),
    (
        "sparkoperator.k8s.io/v1beta2",
        "ScheduledSparkApplication",
        include_bytes!("../crds/sparkoperator.k8s.io_v1beta2_ScheduledSparkApplication.json.gz"),
    ),
    (
        "sparkoperator.k8s.io/v1alpha1",
        "SparkConnect",
        include_bytes!("../crds/sparkoperator.k8s.io_v1alpha1_SparkConnect.json.gz"),
    ),
    ("spark.apache.org/v1", "SparkApplication", include_bytes!("../crds/spark.apache.org_v1_SparkApplication.json.gz")),
    ("spark.apache.org/v1", "SparkCluster", include_bytes!("../crds/spark.apache.org_v1_SparkCluster.json.gz")),
];

/// Where pod templates lie.
const TEMPLATES: [&str; 9] = [
    "/spec/server/template",
    "/spec/driver/template",
    "/spec/executor/template",
    "/spec/template/driver/template",
    "/spec/template/executor/template",
    "/spec/driverSpec/podTemplateSpec",
    "/spec/executorSpec/podTemplateSpec",
    "/spec/masterSpec/statefulSetSpec/template",
    "/spec/workerSpec/statefulSetSpec/template",
];

static SCHEMAS: LazyLock<BTreeMap<(&str, &str), Validator>> = LazyLock::new(|| {
    let read = |(api, kind, packed): (&'static str, &'static str, &[u8])| {
        let mut text = String::new();
        GzDecoder::new(packed).read_to_string(&mut text).expect("a packed schema");
        let mut schema: Value = serde_json::from_str(&text).expect("a schema");
        close(&mut schema);
        // What every object has, whether the schema says so or not; there are types of the server's own for it.
        for key in ["apiVersion", "kind", "metadata"] {
            schema["properties"][key] = json!(true);
        }
        ((api, kind), jsonschema::draft7::new(&schema).expect("a schema that can be read"))
    };
    PACKED.into_iter().map(read).collect()
});

/// What is wrong with a custom resource; `None` when there is no schema for it.
pub fn check(object: &Value) -> Option<Vec<String>> {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    let schema = SCHEMAS.get(&(text("apiVersion"), text("kind")))?;
    let mut errors: Vec<String> =
        schema.iter_errors(object).map(|error| format!("{}: {error}", error.instance_path())).collect();
    errors.extend(typed::<ObjectMeta>(&object["metadata"]).into_iter().map(|error| format!("metadata: {error}")));
    for (path, template) in TEMPLATES.iter().filter_map(|path| Some((path, object.pointer(path)?))) {
        errors.extend(typed::<PodTemplateSpec>(template).into_iter().map(|error| format!("{path}: {error}")));
    }
    Some(errors)
}

/// Says of every object of a structural schema that it has no other fields, unless the schema keeps them.
fn close(schema: &mut Value) {
    let Value::Object(map) = schema else {
        if let Value::Array(items) = schema {
            items.iter_mut().for_each(close);
        }
        return;
    };
    let keeps = map.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(true));
    if map.get("properties").is_some_and(Value::is_object) && !keeps && !map.contains_key("additionalProperties") {
        map.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            // Names of fields, not words of the schema.
            ("properties", Value::Object(fields)) => fields.values_mut().for_each(close),
            ("items" | "additionalProperties" | "allOf" | "anyOf" | "oneOf" | "not", value) => close(value),
            _ => {}
        }
    }
}
