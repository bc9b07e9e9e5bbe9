//! What the pods of a stack ask for, executors that Spark itself makes among them.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_check::{Stack, items};

const MIB: f64 = 1_048_576.0;

/// Sums by the names that a ResourceQuota uses: `requests.cpu`, `limits.memory`, `pods`, ...
pub(crate) type Sums = BTreeMap<String, f64>;

/// What a stack asks for, and the names of limits that some container does not set.
pub(crate) fn of(stack: &Stack) -> (Sums, Vec<String>) {
    let (mut sums, mut unset) = (Sums::new(), Vec::new());
    for object in stack.objects().iter().filter(|object| object.hook.is_empty()) {
        let spec = &object.value["spec"];
        let number = spec["replicas"].as_f64().unwrap_or(1.0);
        match object.kind() {
            "Deployment" | "StatefulSet" | "Job" => pods(&mut sums, &mut unset, number, &spec["template"]["spec"]),
            "ConfigMap" => executors(&mut sums, object.value["data"]["spark-defaults.conf"].as_str().unwrap_or("")),
            _ => {}
        }
        for claim in items(&spec["volumeClaimTemplates"]) {
            add(&mut sums, "requests.storage", number * quantity(&claim["spec"]["resources"]["requests"]["storage"]));
            add(&mut sums, "persistentvolumeclaims", number);
        }
    }
    unset.sort();
    unset.dedup();
    (sums, unset)
}

fn add(sums: &mut Sums, key: &str, more: f64) {
    *sums.entry(key.to_owned()).or_default() += more;
}

fn pods(sums: &mut Sums, unset: &mut Vec<String>, number: f64, spec: &Value) {
    add(sums, "pods", number);
    for (kind, what) in [("requests", "cpu"), ("requests", "memory"), ("limits", "cpu"), ("limits", "memory")] {
        let key = format!("{kind}.{what}");
        let of = |list: &str| -> Vec<f64> {
            items(&spec[list]).map(|one| quantity(&one["resources"][kind][what])).collect()
        };
        let (main, init) = (of("containers"), of("initContainers"));
        if main.iter().chain(&init).any(|value| *value == 0.0) {
            unset.push(key.clone());
        }
        // Init containers run before the others, one at a time.
        add(sums, &key, number * main.iter().sum::<f64>().max(init.into_iter().fold(0.0, f64::max)));
    }
}

/// Spark sets the memory of an executor as request and limit.
fn executors(sums: &mut Sums, settings: &str) {
    let settings: BTreeMap<&str, &str> = settings.lines().filter_map(|line| line.split_once('=')).collect();
    let get = |key: &str| settings.get(key).copied();
    if !get("spark.master").is_some_and(|master| master.starts_with("k8s://")) {
        return;
    }
    let number: f64 = get("spark.executor.instances").and_then(|text| text.parse().ok()).unwrap_or(2.0);
    let heap = java(get("spark.executor.memory").unwrap_or("1g"));
    let memory = heap + get("spark.executor.memoryOverhead").map_or((heap / 10.0).max(384.0 * MIB), java);
    let cores = get("spark.kubernetes.executor.request.cores").or(get("spark.executor.cores")).unwrap_or("1");
    add(sums, "pods", number);
    add(sums, "requests.cpu", number * quantity(&Value::from(cores)));
    add(sums, "requests.memory", number * memory);
    add(sums, "limits.memory", number * memory);
}

/// `1g`, `512m`.
fn java(text: &str) -> f64 {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: f64 = text[..end].parse().unwrap_or_default();
    match text[end..].to_lowercase().as_str() {
        "g" => number * 1024.0 * MIB,
        "k" => number * 1024.0,
        "" => number,
        _ => number * MIB,
    }
}

/// `500m`, `2`, `512Mi`; nothing for what is none.
pub(super) fn quantity(value: &Value) -> f64 {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return 0.0,
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().unwrap_or_default();
    let units = [
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("Ki", 1024.0),
        ("Mi", MIB),
        ("Gi", 1024.0 * MIB),
        ("Ti", MIB * MIB),
    ];
    units.iter().find(|(unit, _)| *unit == &text[end..]).map_or(number, |(_, factor)| number * factor)
}

/// An amount as people read it.
pub(super) fn words(key: &str, amount: f64) -> String {
    if key.contains("memory") || key.contains("storage") {
        return format!("{:.1} GiB", amount / (1024.0 * MIB));
    }
    format!("{}", (amount * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quantities() {
        for (value, is) in [
            (json!("500m"), 0.5),
            (json!(2), 2.0),
            (json!("1Gi"), 1_073_741_824.0),
            (json!("1G"), 1e9),
            (json!(null), 0.0),
        ] {
            assert!((quantity(&value) - is).abs() < 1e-9, "{value}");
        }
        assert!((java("512m") - 512.0 * MIB).abs() < 1.0 && (java("1g") - 1024.0 * MIB).abs() < 1.0);
    }

    #[test]
    fn pods_and_executors_are_added_up() {
        let mut sums = Sums::new();
        let mut unset = Vec::new();
        let spec = json!({"containers": [{"resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}}]});
        pods(&mut sums, &mut unset, 2.0, &spec);
        executors(
            &mut sums,
            "spark.master=k8s://x\nspark.executor.instances=3\nspark.executor.memory=1g\nspark.executor.memoryOverhead=1g\n",
        );
        assert_eq!(
            (words("requests.cpu", sums["requests.cpu"]), words("requests.memory", sums["requests.memory"])),
            ("5".to_owned(), "8.0 GiB".to_owned())
        );
        assert_eq!(unset, ["limits.cpu"]);
    }
}
