//! What a preset says that it costs is what its pods ask for.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_check::Object;
use sparkyard_model::{Preset, Request, Shape, SourceText};
use sparkyard_render::{Chart, Options, UserValues, render};
use sparkyard_tests::catalogue;
use sparkyard_tests::report::{Report, counted};

const GIB: f64 = (1_u64 << 30) as f64;

/// Cores, and bytes.
#[derive(Debug, Default)]
struct Cost {
    cpu: f64,
    memory: f64,
    limit: f64,
    disk: f64,
}

impl Cost {
    /// In the words of a preset, in steps of half a core and of a GiB.
    fn words(&self) -> String {
        let half = |cores: f64| (cores * 2.0).round() / 2.0;
        let gib = |bytes: f64| (bytes / GIB).round();
        format!(
            "{} CPU and {} GiB of memory asked for, {} GiB at most; {} GiB of disk",
            half(self.cpu),
            gib(self.memory),
            gib(self.limit),
            gib(self.disk)
        )
    }

    fn pods(&mut self, number: f64, spec: &Value) {
        for container in spec["containers"].as_array().into_iter().flatten() {
            let resources = &container["resources"];
            self.cpu += number * quantity(&resources["requests"]["cpu"]);
            self.memory += number * quantity(&resources["requests"]["memory"]);
            self.limit += number * quantity(&resources["limits"]["memory"]);
        }
    }

    /// Executors that a driver asks Kubernetes for: Spark sets memory as request and limit (spark-facts 13).
    fn executors(&mut self, settings: &str) {
        let settings: BTreeMap<&str, &str> = settings.lines().filter_map(|line| line.split_once('=')).collect();
        let get = |key: &str| settings.get(key).copied();
        if !get("spark.master").is_some_and(|master| master.starts_with("k8s://")) {
            return;
        }
        let number: f64 = get("spark.executor.instances").and_then(|text| text.parse().ok()).unwrap_or(2.0);
        let heap = java(get("spark.executor.memory").unwrap_or("1g"));
        let overhead = get("spark.executor.memoryOverhead").map_or((heap / 10.0).max(384.0 * 1048576.0), java);
        let cores = get("spark.kubernetes.executor.request.cores").or(get("spark.executor.cores")).unwrap_or("1");
        self.spark_pods(number, quantity(&Value::from(cores)), heap + overhead);
    }

    /// What an operator makes of a custom resource of kubeflow.
    fn application(&mut self, spec: &Value) {
        let executors = match &spec["dynamicAllocation"] {
            Value::Null => &spec["executor"]["instances"],
            dynamic => &dynamic["initialExecutors"],
        };
        for (role, number) in [("driver", 1.0), ("executor", executors.as_f64().expect("a number of executors"))] {
            let pod = &spec[role];
            let memory = |field: &str| java(pod[field].as_str().unwrap_or_else(|| panic!("{role} has no {field}")));
            let cores = pod.get("coreRequest").unwrap_or(&pod["cores"]);
            self.spark_pods(number, quantity(cores), memory("memory") + memory("memoryOverhead"));
        }
    }

    fn spark_pods(&mut self, number: f64, cpu: f64, memory: f64) {
        self.cpu += number * cpu;
        self.memory += number * memory;
        self.limit += number * memory;
    }
}

/// `500m`, `2`, `512Mi`.
fn quantity(value: &Value) -> f64 {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return 0.0,
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().unwrap_or_else(|_| panic!("{text} is no quantity"));
    number
        * match &text[end..] {
            "" => 1.0,
            "m" => 0.001,
            "Ki" => 1024.0,
            "Mi" => 1048576.0,
            "Gi" => GIB,
            unit => panic!("the unit {unit} of {text} is not known here"),
        }
}

/// `1g`, `512m`.
fn java(text: &str) -> f64 {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: f64 = number.parse().unwrap_or_else(|_| panic!("{text} is no memory"));
    number * if unit == "g" { GIB } else { 1048576.0 }
}

fn cost(preset: &Preset) -> Cost {
    let catalogue = catalogue::catalogue();
    let line = catalogue.lines.iter().rfind(|line| preset.lines.matches(&line.spark));
    let line = line.unwrap_or_else(|| panic!("no line for {}", preset.id)).id.clone();
    let request = Request {
        line: Some(line),
        shape: Some(Shape::Umbrella),
        preset: Some(preset.clone()),
        examples: true,
        ..Request::default()
    };
    let plan = sparkyard_compose::resolve(catalogue, &request).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let tree = sparkyard_compose::compose(catalogue, &plan).unwrap_or_else(|error| panic!("{error}"));
    let chart = Chart::load(&tree.charts[0].files, "").expect("a chart");
    let options = Options { api_versions: catalogue.apis().collect(), ..Options::default() };
    let rendered = render(&chart, &UserValues::of_files([]), &options).expect("renders");
    let mut cost = Cost::default();
    for manifest in &rendered.manifests {
        let source = std::rc::Rc::new(SourceText { name: manifest.source.clone(), text: manifest.text.clone() });
        for object in Object::all_of(&source).0 {
            let value = &object.value;
            let number = value["spec"]["replicas"].as_f64().unwrap_or(1.0);
            match object.kind() {
                "Deployment" | "StatefulSet" | "Job" => cost.pods(number, &value["spec"]["template"]["spec"]),
                "ConfigMap" => cost.executors(value["data"]["spark-defaults.conf"].as_str().unwrap_or("")),
                "SparkApplication" => cost.application(&value["spec"]),
                "SparkConnect" => cost.pods(1.0, &value["spec"]["server"]["template"]["spec"]),
                _ => {}
            }
            for claim in value["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
                cost.disk += number * quantity(&claim["spec"]["resources"]["requests"]["storage"]);
            }
        }
    }
    cost
}

#[test]
fn presets_cost_what_they_say() {
    let mut report = Report::default();
    let presets = &catalogue::catalogue().presets;
    for preset in presets {
        let is = cost(preset).words();
        // What follows is said for a person.
        report.add(
            "a preset's cost",
            &preset.id,
            (!preset.cost.starts_with(&is)).then(|| format!("it says `{}`, it is `{is}`", preset.cost)),
        );
    }
    counted(&format!("{} presets added up", presets.len()));
    report.finish();
}
