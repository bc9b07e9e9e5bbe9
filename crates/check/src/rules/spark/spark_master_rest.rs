//! Masters that take jobs from everybody.

use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{fits, items};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-master-rest",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The REST server of a master is off",
    why: "Since Spark 4.1 a master listens on port 6066 by default and starts whatever is sent to it, without \
          asking who sends it: code of anybody who reaches the port, under the account of the cluster.",
    fix: "Set `spark.master.rest.enabled=false`, or keep the port in by a NetworkPolicy.",
    covers: &["S13"],
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.master.Master]  # wrong\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu\n      \
         command: [/opt/spark/bin/spark-class, -Dspark.master.rest.enabled=false, org.apache.spark.deploy.master.Master]\n",
    ),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in spark.running(Program::Master) {
        let set = process.get("spark.master.rest.enabled");
        let is_on = match set {
            Some(rest) => rest.is_true(),
            None => process.version() >= Some((4, 1)) && !process.is_open,
        };
        let filtered = process.get("spark.master.rest.filters").is_some();
        // A policy that names ports and not this one keeps it in.
        let kept_in = stack.of_kind("NetworkPolicy").any(|(_, policy)| {
            let selected = fits(policy.at("spec.podSelector"), process.pod.labels());
            let ingress = policy.at("spec.ingress");
            let open = items(ingress)
                .any(|rule| !rule["ports"].is_array() || items(&rule["ports"]).any(|port| port["port"] == 6066));
            selected && !open
        });
        if !is_on || filtered || kept_in {
            continue;
        }
        let message = "everybody who reaches port 6066 starts jobs here";
        match set {
            Some(rest) => rest.wrong(report, message),
            None => process.wrong_word(report, "aster", message),
        };
    }
}
