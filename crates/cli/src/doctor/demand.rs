//! What the pods of a stack ask for, executors that Spark itself makes among them.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_check::{Object, items, quantity, spark_memory, spark_pod_memory};

use super::placement::Placement;

const MIB: f64 = 1_048_576.0;

/// Amounts by the names that a ResourceQuota uses: `requests.cpu`, `limits.memory`, `pods`, ... CPUs and bytes.
pub(crate) type Amounts = BTreeMap<String, f64>;

/// What quotas want every container to say, when they bound it.
const OF_CONTAINER: [&str; 4] = ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

/// All that a stack asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Demand {
    pub(super) pods: Vec<Pods>,
    pub(super) claims: Vec<Claims>,
}

/// Pods that are all alike.
#[derive(Debug, Clone)]
pub(super) struct Pods {
    /// Who makes them: `Deployment/spark-connect`, `executors of ConfigMap/spark-connect`.
    pub(super) of: String,
    number: f64,
    pub(super) main: Vec<Container>,
    pub(super) init: Vec<Container>,
    /// Where they may run.
    pub(super) placement: Placement,
}

/// What one container asks for; what it does not say is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) asks: Amounts,
}

/// Claims that are all alike.
#[derive(Debug, Clone)]
pub(super) struct Claims {
    /// Who makes them.
    pub(super) of: String,
    number: f64,
    /// Bytes of one.
    pub(super) storage: f64,
}

impl Demand {
    /// What the objects of a stack ask for.
    pub(crate) fn of(objects: &[Object]) -> Self {
        let mut demand = Self::default();
        for object in objects.iter().filter(|object| object.hook.is_empty()) {
            let spec = &object.value["spec"];
            let number = spec["replicas"].as_f64().unwrap_or(1.0);
            match object.kind() {
                "Deployment" | "StatefulSet" | "Job" => {
                    demand.pods.push(Pods::of(object, number, &spec["template"]["spec"]));
                }
                "ConfigMap" => demand.pods.extend(Pods::executors(object)),
                _ => {}
            }
            demand.claims.extend(items(&spec["volumeClaimTemplates"]).map(|claim| {
                let storage = quantity(&claim["spec"]["resources"]["requests"]["storage"]).unwrap_or_default();
                Claims { of: object.id(), number, storage }
            }));
        }
        demand
    }

    /// All of it together.
    pub(crate) fn sums(&self) -> Amounts {
        let mut sums = Amounts::new();
        let mut add = |key: &str, more: f64| *sums.entry(key.to_owned()).or_default() += more;
        for pods in &self.pods {
            add("pods", pods.number);
            for key in OF_CONTAINER {
                add(key, pods.number * pods.together(key).unwrap_or_default());
            }
        }
        for claims in &self.claims {
            add("requests.storage", claims.number * claims.storage);
            add("persistentvolumeclaims", claims.number);
        }
        sums
    }

    /// Whether some container says nothing of this.
    pub(super) fn leaves_out(&self, key: &str) -> bool {
        OF_CONTAINER.contains(&key) && self.pods.iter().flat_map(Pods::all).any(|one| !one.asks.contains_key(key))
    }
}

impl Pods {
    fn of(object: &Object, number: f64, spec: &Value) -> Self {
        let all = |list: &str| items(&spec[list]).map(Container::of).collect();
        let (main, init) = (all("containers"), all("initContainers"));
        Self { of: object.id(), number, main, init, placement: Placement::of(spec) }
    }

    /// Those that Spark makes by the settings in a ConfigMap: their memory is request and limit.
    fn executors(object: &Object) -> Option<Self> {
        let settings = object.value["data"]["spark-defaults.conf"].as_str()?;
        let settings: BTreeMap<&str, &str> = settings.lines().filter_map(|line| line.split_once('=')).collect();
        let get = |key: &str| settings.get(key).copied();
        if !get("spark.master")?.starts_with("k8s://") {
            return None;
        }
        let number = get("spark.executor.instances").and_then(|text| text.parse().ok()).unwrap_or(2.0);
        let heap = get("spark.executor.memory").and_then(spark_memory).unwrap_or(1024.0);
        let overhead = get("spark.executor.memoryOverhead").and_then(spark_memory);
        let memory = spark_pod_memory(heap, overhead, 0.1) * MIB;
        let cores = get("spark.kubernetes.executor.request.cores").or(get("spark.executor.cores")).unwrap_or("1");
        let mut asks = Amounts::from([("requests.memory".to_owned(), memory), ("limits.memory".to_owned(), memory)]);
        for (key, cores) in
            [("requests.cpu", Some(cores)), ("limits.cpu", get("spark.kubernetes.executor.limit.cores"))]
        {
            asks.extend(cores.and_then(|cores| quantity(&cores.into())).map(|cores| (key.to_owned(), cores)));
        }
        let main = vec![Container { name: "spark-kubernetes-executor".to_owned(), asks }];
        // Their pod template lies beside the settings.
        let mut placement = object.pods(0).first().map(|pod| Placement::of(pod.spec)).unwrap_or_default();
        for (key, value) in &settings {
            let key = key.strip_prefix("spark.kubernetes.").map(|key| key.strip_prefix("executor.").unwrap_or(key));
            if let Some(label) = key.and_then(|key| key.strip_prefix("node.selector.")) {
                placement.select(label, value);
            }
        }
        Some(Self { of: format!("executors of {}", object.id()), number, main, init: Vec::new(), placement })
    }

    /// Every container.
    pub(super) fn all(&self) -> impl Iterator<Item = &Container> {
        self.main.iter().chain(&self.init)
    }

    /// What one of the pods asks for, nothing if no container says it. Init containers run before the others, one at a time.
    pub(super) fn together(&self, key: &str) -> Option<f64> {
        let amount = |one: &Container| one.asks.get(key).copied();
        let main = self.main.iter().filter_map(amount).reduce(|a, b| a + b);
        self.init.iter().filter_map(amount).chain(main).reduce(f64::max)
    }
}

impl Container {
    fn of(value: &Value) -> Self {
        let resources = &value["resources"];
        let said =
            |kind: &'static str| resources[kind].as_object().into_iter().flatten().map(move |entry| (kind, entry));
        let mut asks = Amounts::new();
        for (kind, (what, value)) in said("requests").chain(said("limits")) {
            let Some(amount) = quantity(value) else { continue };
            asks.insert(format!("{kind}.{what}"), amount);
            // The API server takes a limit for the request that is missing.
            if kind == "limits" {
                asks.entry(format!("requests.{what}")).or_insert(amount);
            }
        }
        Self { name: sparkyard_check::name(value).to_owned(), asks }
    }
}

/// An amount as values files say it: `0.5` of a CPU, `1408Mi`, `2Gi`. Whole MiB, so that two amounts which differ do not
/// read alike; of what is large a tenth of a GiB.
pub(super) fn words(key: &str, amount: f64) -> String {
    if !key.contains("memory") && !key.contains("storage") {
        return format!("{}", (amount * 100.0).round() / 100.0);
    }
    let (mib, gib) = ((amount / MIB).round(), amount / (1024.0 * MIB));
    if mib == 0.0 {
        // The slip `512m` is half a byte, and must not read as nothing.
        format!("{amount}")
    } else if mib % 1024.0 == 0.0 {
        format!("{}Gi", mib / 1024.0)
    } else if gib < 16.0 {
        format!("{mib}Mi")
    } else {
        format!("{gib:.1}Gi")
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use serde_json::json;

    use super::*;
    use crate::doctor::tests::objects;

    #[test]
    fn pods_and_executors_are_added_up() {
        let demand = Demand::of(&objects(indoc! {"
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a}
            spec:
              replicas: 2
              template:
                spec:
                  initContainers: [{name: i, resources: {limits: {memory: 512Mi}}}]
                  containers: [{name: c, resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}}]
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: b}
            data:
              spark-defaults.conf: |
                spark.master=k8s://x
                spark.executor.instances=3
                spark.executor.memory=1g
                spark.executor.memoryOverhead=1g
                spark.kubernetes.executor.node.selector.for=spark
              executor.yaml: |
                kind: Pod
                spec: {nodeSelector: {disk: ssd}}
        "}));
        let sums = demand.sums();
        let said = |key: &str| words(key, sums[key]);
        assert_eq!(
            [said("pods"), said("requests.cpu"), said("requests.memory"), said("limits.memory")],
            ["5", "4", "8Gi", "10Gi"]
        );
        assert_eq!([1408.0, 1409.0].map(|mib| words("limits.memory", mib * MIB)), ["1408Mi", "1409Mi"]);
        assert_eq!(words("requests.memory", 23.44 * 1024.0 * MIB), "23.4Gi");
        assert!(demand.leaves_out("limits.cpu") && !demand.leaves_out("requests.memory") && !demand.leaves_out("pods"));
        let on = |labels| demand.pods[1].placement.refusal(&json!({"metadata": {"labels": labels}}));
        assert_eq!(on(json!({"disk": "ssd", "for": "spark"})), None);
        assert_eq!(on(json!({"disk": "ssd"})).as_deref(), Some("no label `for=spark`"));
        assert_eq!(on(json!({"for": "spark"})).as_deref(), Some("no label `disk=ssd`"));
        assert_eq!(demand.pods[0].init[0].asks["requests.memory"], 512.0 * MIB);
    }
}
