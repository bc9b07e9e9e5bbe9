//! Encryption for which nobody has a secret.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-encryption",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Who encrypts between Spark's processes lets them authenticate",
    why: "The keys of a connection come from the secret of `spark.authenticate`. Without it Spark does not start: \
          `spark.authenticate must be enabled when enabling encryption`. Encryption of disks alone starts, and sends \
          its key to the executors in clear.",
    fix: "Set `spark.authenticate: true` and `spark.network.crypto.enabled: true`. On Kubernetes Spark makes the \
          secret itself, a new one for each application.",
    covers: &[],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.network.crypto.enabled: "true"  # wrong
        ---
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: b
        spec:
          sparkConf:
            spark.authenticate: "true"
            spark.io.encryption.enabled: "true"  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          sparkConf:
            spark.authenticate: "true"
            spark.network.crypto.enabled: "true"
            spark.io.encryption.enabled: "true"
    "#}),
    check: Check::Spark(check),
};

/// Settings that encrypt what is sent, and need a secret.
const NETWORK: [&str; 2] = ["spark.network.crypto.enabled", "spark.authenticate.enableSaslEncryption"];

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        if !set.is_on("spark.authenticate") {
            for on in NETWORK.iter().filter_map(|key| set.get(key)).filter(|on| on.is_true()) {
                on.wrong(report, "Spark does not start: there is no encryption without `spark.authenticate`");
            }
        }
        let sent = NETWORK.iter().chain(&["spark.ssl.rpc.enabled"]).any(|key| set.is_on(key));
        if let Some(on) = set.get("spark.io.encryption.enabled").filter(|on| on.is_true() && !sent) {
            on.wrong(report, "the key of the disks is sent to executors in clear: nothing encrypts the network");
        }
    }
}
