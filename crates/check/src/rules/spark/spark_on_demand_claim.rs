//! Volumes on demand that nobody makes.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-on-demand-claim",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A volume on demand has a storage class and a size",
    why: "Spark makes the claim only if both are set. Otherwise the executor pod names a claim that does not \
          exist, and is pending for ever.",
    fix: "Set `options.storageClass` and `options.sizeLimit` of the same volume.",
    covers: &["S6"],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.kubernetes.executor.volumes.persistentVolumeClaim.scratch.options.claimName: OnDemand  # wrong
            spark.kubernetes.executor.volumes.persistentVolumeClaim.scratch.options.sizeLimit: 10Gi
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.kubernetes.executor.volumes.persistentVolumeClaim.scratch.options.claimName: OnDemand
            spark.kubernetes.executor.volumes.persistentVolumeClaim.scratch.options.storageClass: standard
            spark.kubernetes.executor.volumes.persistentVolumeClaim.scratch.options.sizeLimit: 10Gi
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        // Newer versions fall back to the default class of the cluster.
        let wanted: &[&str] = if set.version >= Some((4, 2)) { &["sizeLimit"] } else { &["storageClass", "sizeLimit"] };
        for claim in set.properties.iter().filter(|property| property.value == "OnDemand") {
            let Some(volume) =
                claim.key.strip_suffix("claimName").filter(|volume| volume.contains(".volumes.persistentVolumeClaim."))
            else {
                continue;
            };
            let missing: Vec<&str> =
                wanted.iter().copied().filter(|option| set.get(&format!("{volume}{option}")).is_none()).collect();
            if !missing.is_empty() {
                claim.wrong(report, format!("Spark makes no claim without {}", missing.join(" and ")));
            }
        }
    }
}
