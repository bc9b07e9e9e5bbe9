//! Custom resources that make applications.

use serde_json::Value;

use crate::object::{Container, Object, Pod};
use crate::path::Path;
use crate::spark::{At, Program, Property, image};

/// The version of Spark that a custom resource names.
pub(crate) fn version_of(object: &Object) -> Option<(u32, u32)> {
    let named = ["spec.sparkVersion", "spec.runtimeVersions.sparkVersion", "spec.template.sparkVersion"];
    named.iter().find_map(|path| image::version(object.at(path).as_str()?))
}

/// What a container of a SparkCluster runs: its operator puts the command into the one of this name.
pub(crate) fn program(pod: &Pod<'_>, container: &Container<'_>) -> Option<Program> {
    let is_of = |spec: &str| pod.path == Path::of(spec).keys("statefulSetSpec.template");
    match container.name() {
        _ if pod.object.kind() != "SparkCluster" => None,
        "master" if is_of("spec.masterSpec") => Some(Program::Master),
        "worker" if is_of("spec.workerSpec") => Some(Program::Worker),
        _ => None,
    }
}

/// Settings of a custom resource.
pub(crate) fn of_resource(index: usize, object: &Object) -> Vec<Property> {
    // By kind: a forked operator has a group of its own.
    if !matches!(object.kind(), "SparkApplication" | "ScheduledSparkApplication" | "SparkConnect" | "SparkCluster") {
        return Vec::new();
    }
    let root = if object.kind() == "ScheduledSparkApplication" { "spec.template" } else { "spec" };
    let spec = object.at(root);
    let mut found = Vec::new();
    let mut add = |path: Path, key: &str, value: &Value| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => return,
        };
        found.push(Property { key: key.to_owned(), value: text, at: At::object(index, path) });
    };
    for map in ["sparkConf", "hadoopConf"] {
        for (key, value) in spec[map].as_object().into_iter().flatten() {
            let name = if map == "hadoopConf" { format!("spark.hadoop.{key}") } else { key.clone() };
            add(Path::of(root).key(map).key(key), &name, value);
        }
    }
    for role in ["driver", "executor", "server"] {
        let of = if role == "executor" { "executor" } else { "driver" };
        for field in ["memory", "memoryOverhead"] {
            add(Path::of(root).key(role).key(field), &format!("spark.{of}.{field}"), &spec[role][field]);
        }
    }
    found
}
