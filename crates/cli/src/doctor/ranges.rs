//! Whether the limit ranges of a namespace take what a stack asks for, and what they set where it says nothing. As the
//! admission plugin LimitRanger does: first the defaults of all ranges, then their bounds.

use std::fmt;

use serde_json::Value;
use sparkyard_check::{items, quantity};

use super::Report;
use super::demand::{Demand, words};
use crate::cluster::Cluster;
use crate::table::count;

const WHAT: &str = "limits";
const SMALLER: &str = "ask for a wider limit range, or make the pods fit it: `resources`, `executor.memory`";

pub(super) fn examine(cluster: &Cluster, demand: &mut Demand, report: &mut Report) {
    let ranges = match cluster.json(&["get", "limitranges"]) {
        Ok(ranges) => ranges,
        Err(why) => return report.warn(WHAT, why.message, why.help.unwrap_or_default()),
    };
    let limits: Vec<Limit<'_>> = items(&ranges["items"]).flat_map(Limit::all_of).collect();
    if limits.is_empty() {
        return report.pass(WHAT, "there is no limit range");
    }
    let slowed = default_all(&limits, demand);
    let refused: Vec<Refusal> = limits.iter().flat_map(|limit| limit.refusals(demand)).chain(over(demand)).collect();
    for (index, refusal) in refused.iter().enumerate() {
        // What one bound refuses is said once.
        if !refused[..index].iter().any(|before| before.bound == refusal.bound) {
            let others = refused.iter().filter(|other| other.bound == refusal.bound).count() - 1;
            let more = if others == 0 { String::new() } else { format!(", and {others} more") };
            report.fail(WHAT, format!("{refusal}{more}"), SMALLER);
        }
    }
    if refused.is_empty() && slowed.is_empty() {
        report.pass(WHAT, format!("the pods fit {}", count(items(&ranges["items"]).count(), "limit range")));
    }
    for Slowed { range, cpus, containers } in slowed.iter().filter(|_| refused.is_empty()) {
        report.warn(
            WHAT,
            format!(
                "the limit range {range} limits {} to {} CPU, because they set no limit",
                count(*containers, "container"),
                words("limits.cpu", *cpus)
            ),
            "Spark and the JVM are slow to start and to answer below a core or two: set `resources.limits.cpu` and \
             `executor.limitCores`, or ask for a limit range without a default for CPU",
        );
    }
}

/// An entry of a limit range.
struct Limit<'r> {
    range: &'r str,
    kind: &'r str,
    value: &'r Value,
}

/// Something that is refused, and by what.
#[derive(Debug)]
struct Refusal {
    of: String,
    asked: String,
    bound: String,
}

/// Containers that get a CPU limit which they did not ask for.
#[derive(Debug, PartialEq)]
struct Slowed {
    range: String,
    cpus: f64,
    containers: usize,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; refused: {} ({})", self.bound, self.of, self.asked)
    }
}

/// Sets what containers leave out, the first range that has a default for it wins.
fn default_all(limits: &[Limit<'_>], demand: &mut Demand) -> Vec<Slowed> {
    let mut slowed = Vec::new();
    for limit in limits.iter().filter(|limit| limit.kind == "Container") {
        let requests = limit.amounts("defaultRequest").map(|(what, amount)| (format!("requests.{what}"), amount));
        let most = limit.amounts("default").map(|(what, amount)| (format!("limits.{what}"), amount));
        for (key, amount) in requests.chain(most) {
            let all = demand.pods.iter_mut().flat_map(|pods| pods.main.iter_mut().chain(&mut pods.init));
            let mut containers = 0;
            for container in all.filter(|container| !container.asks.contains_key(&key)) {
                container.asks.insert(key.clone(), amount);
                containers += 1;
            }
            if key == "limits.cpu" && containers > 0 {
                slowed.push(Slowed { range: limit.range.to_owned(), cpus: amount, containers });
            }
        }
    }
    slowed
}

/// Containers whose request is larger than the limit that they were given.
fn over(demand: &Demand) -> Vec<Refusal> {
    let mut found = Vec::new();
    for pods in &demand.pods {
        for container in pods.all() {
            for what in ["cpu", "memory"] {
                let (request, limit) = (format!("requests.{what}"), format!("limits.{what}"));
                if let (Some(asks), Some(given)) = (container.asks.get(&request), container.asks.get(&limit))
                    && asks > given
                {
                    found.push(Refusal {
                        of: format!("{}, container {}", pods.of, container.name),
                        asked: format!("asks for {}", words(&request, *asks)),
                        bound: format!(
                            "by default the limit range sets a limit of {} of {what}",
                            words(&limit, *given)
                        ),
                    });
                }
            }
        }
    }
    found
}

impl<'r> Limit<'r> {
    fn all_of(range: &'r Value) -> Vec<Self> {
        let name = range["metadata"]["name"].as_str().unwrap_or_default();
        let limit = |value: &'r Value| Self { range: name, kind: value["type"].as_str().unwrap_or_default(), value };
        items(&range["spec"]["limits"]).map(limit).collect()
    }

    /// Amounts of one of its fields, by resource.
    fn amounts(&self, field: &str) -> impl Iterator<Item = (&'r str, f64)> {
        let amounts = self.value[field].as_object().into_iter().flatten();
        amounts.filter_map(|(what, value)| Some((what.as_str(), quantity(value)?)))
    }

    /// What it refuses.
    fn refusals(&self, demand: &Demand) -> Vec<Refusal> {
        let mut found = Vec::new();
        match self.kind {
            "Container" => {
                for pods in &demand.pods {
                    for container in pods.all() {
                        let get = |key: &str| container.asks.get(key).copied();
                        found.extend(self.refused(&format!("{}, container {}", pods.of, container.name), &get));
                    }
                }
            }
            "Pod" => {
                for pods in &demand.pods {
                    found.extend(self.refused(&pods.of, &|key| pods.together(key)));
                }
            }
            "PersistentVolumeClaim" => {
                for claims in &demand.claims {
                    // A claim has no limit: its request is held against both bounds.
                    let get = |key: &str| key.ends_with(".storage").then_some(claims.storage);
                    found.extend(self.refused(&claims.of, &get));
                }
            }
            _ => {}
        }
        found
    }

    fn refused(&self, of: &str, asked: &dyn Fn(&str) -> Option<f64>) -> Vec<Refusal> {
        let mut found = Vec::new();
        let kind = if self.kind == "PersistentVolumeClaim" { "claim" } else { self.kind };
        let mut refuse = |bound: String, asked: String| {
            let bound = format!("the limit range {} allows a {} {bound}", self.range, kind.to_lowercase());
            found.push(Refusal { of: of.to_owned(), asked, bound });
        };
        for (what, most) in self.amounts("max") {
            let limit = format!("limits.{what}");
            let bound = format!("at most {} of {what}", words(&limit, most));
            match asked(&limit) {
                None => refuse(bound, "no limit".to_owned()),
                Some(amount) if amount > most => refuse(bound, format!("up to {}", words(&limit, amount))),
                Some(_) => {}
            }
        }
        for (what, least) in self.amounts("min") {
            let request = format!("requests.{what}");
            let bound = format!("no less than {} of {what}", words(&request, least));
            match asked(&request) {
                None => refuse(bound, "asks for none".to_owned()),
                Some(amount) if amount < least => refuse(bound, format!("asks for {}", words(&request, amount))),
                Some(_) => {}
            }
        }
        for (what, most) in self.amounts("maxLimitRequestRatio") {
            let bound = format!("a limit of {what} of at most {most} times the request");
            let request = asked(&format!("requests.{what}")).filter(|request| *request > 0.0);
            match (asked(&format!("limits.{what}")), request) {
                (Some(limit), Some(request)) if limit / request > most => {
                    refuse(bound, format!("{:.1} times", limit / request));
                }
                (Some(_), Some(_)) => {}
                _ => refuse(bound, "without one of them".to_owned()),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::tests::objects;

    const STACK: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s3}
spec:
  template:
    spec:
      containers: [{name: s3, resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 1Gi}}}]
  volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 10Gi}}}}]
";

    /// What is refused and slowed by one entry of a limit range.
    fn judged(limit: Value) -> (Vec<String>, Vec<Slowed>) {
        let range = json!({"metadata": {"name": "r"}, "spec": {"limits": [limit]}});
        let limits = Limit::all_of(&range);
        let mut demand = Demand::of(&objects(STACK));
        let slowed = default_all(&limits, &mut demand);
        let refused = limits.iter().flat_map(|limit| limit.refusals(&demand)).chain(over(&demand));
        (refused.map(|refusal| refusal.to_string()).collect(), slowed)
    }

    #[test]
    fn bounds_refuse() {
        for (limit, said) in [
            (
                json!({"type": "Container", "max": {"memory": "512Mi"}}),
                "the limit range r allows a container at most 512Mi of memory; refused: StatefulSet/s3, container s3 (up to 1Gi)",
            ),
            (
                json!({"type": "Container", "max": {"cpu": "2"}}),
                "the limit range r allows a container at most 2 of cpu; refused: StatefulSet/s3, container s3 (no limit)",
            ),
            (
                json!({"type": "Pod", "min": {"cpu": "1"}}),
                "the limit range r allows a pod no less than 1 of cpu; refused: StatefulSet/s3 (asks for 0.5)",
            ),
            (
                json!({"type": "Container", "maxLimitRequestRatio": {"memory": "1"}}),
                "the limit range r allows a container a limit of memory of at most 1 times the request; \
                 refused: StatefulSet/s3, container s3 (2.0 times)",
            ),
            (
                json!({"type": "PersistentVolumeClaim", "max": {"storage": "5Gi"}}),
                "the limit range r allows a claim at most 5Gi of storage; refused: StatefulSet/s3 (up to 10Gi)",
            ),
            (
                json!({"type": "Container", "default": {"cpu": "100m"}}),
                "by default the limit range sets a limit of 0.1 of cpu; refused: StatefulSet/s3, container s3 (asks for 0.5)",
            ),
        ] {
            assert_eq!(judged(limit).0, [said]);
        }
    }

    #[test]
    fn every_resource_counts() {
        let range = json!({"metadata": {"name": "r"}, "spec": {"limits": [{"type": "Container", "max": {"ephemeral-storage": "2Gi"}}]}});
        let limits = Limit::all_of(&range);
        let refused = |stack: &str| limits[0].refusals(&Demand::of(&objects(stack))).len();
        assert_eq!(refused(STACK), 1);
        assert_eq!(refused(&STACK.replace("{memory: 1Gi}", "{memory: 1Gi, ephemeral-storage: 2Gi}")), 0);
    }

    #[test]
    fn what_fits_is_taken_and_what_is_slowed_is_seen() {
        for limit in [
            json!({"type": "Container", "max": {"memory": "1Gi"}, "min": {"cpu": "500m", "memory": "1Mi"}}),
            json!({"type": "Container", "maxLimitRequestRatio": {"memory": "2"}}),
            json!({"type": "PersistentVolumeClaim", "max": {"storage": "10Gi"}, "min": {"storage": "1Gi"}}),
        ] {
            assert_eq!(judged(limit), (Vec::new(), Vec::new()));
        }
        let (refused, slowed) = judged(
            json!({"type": "Container", "max": {"cpu": "2"}, "default": {"cpu": "1"}, "defaultRequest": {"cpu": "9"}}),
        );
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(slowed, [Slowed { range: "r".into(), cpus: 1.0, containers: 1 }]);
    }
}
