//! Whether quotas, limit ranges and nodes leave what a stack asks for.

use serde_json::Value;
use sparkyard_check::{items, quantity};

use super::demand::{Demand, words};
use super::{Report, nodes, ranges};
use crate::cluster::{Cluster, installed};
use crate::stack::Wanted;

pub(super) fn examine(cluster: &Cluster, wanted: &Wanted, report: &mut Report) {
    let mut demand = Demand::of(wanted.made.stack.objects());
    // What they set where nothing is said counts for the quotas.
    ranges::examine(cluster, &mut demand, report);
    let sums = demand.sums();
    // What runs already has taken its part.
    let is_there = installed(cluster).is_ok_and(|all| all.iter().any(|release| release.stack == wanted.name));
    let quotas = match cluster.json(&["get", "resourcequotas"]) {
        Ok(quotas) => quotas,
        Err(why) => return report.warn("quota", why.message, why.help.unwrap_or_default()),
    };
    let mut narrow = false;
    for quota in items(&quotas["items"]).filter(|_| !is_there) {
        let name = quota["metadata"]["name"].as_str().unwrap_or_default();
        for (key, hard) in quota["status"]["hard"].as_object().into_iter().flatten() {
            // `cpu` and `memory` are the old names of requests.
            let asked = if key == "cpu" || key == "memory" { format!("requests.{key}") } else { key.clone() };
            let left = amount(hard) - amount(&quota["status"]["used"][key]);
            if demand.leaves_out(&asked) {
                narrow = true;
                report.fail(
                    "quota",
                    format!("the quota {name} limits {key}, and containers that do not say it are refused"),
                    format!("have a LimitRange that sets a default for {asked}, or the quota without {key}"),
                );
            } else if let Some(need) = sums.get(&asked).filter(|need| **need > left + 1e-6) {
                narrow = true;
                report.fail(
                    "quota",
                    format!(
                        "the quota {name} leaves {} of {key}, the stack asks for {}",
                        words(key, left),
                        words(key, *need)
                    ),
                    "ask for a larger quota, or make the stack smaller; the preset `minikube` is the smallest",
                );
            }
        }
    }
    let sum = |key: &str| words(key, sums.get(key).copied().unwrap_or_default());
    let asks = format!(
        "the stack asks for {} CPU, {} of memory, {} of disk in {} pods",
        sum("requests.cpu"),
        sum("requests.memory"),
        sum("requests.storage"),
        sum("pods")
    );
    if !narrow {
        let quotas = items(&quotas["items"]).count();
        report.pass(
            "quota",
            format!("{asks}; {}", if quotas == 0 { "there is no quota" } else { "the quota leaves it" }),
        );
    }
    if !is_there {
        nodes::examine(cluster, &demand, &asks, report);
    }
}

/// A quantity; nothing for what is none.
fn amount(value: &Value) -> f64 {
    quantity(value).unwrap_or_default()
}
