//! Variables that Kubernetes makes of Services.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "service-links",
    group: Group::Security,
    severity: Severity::Warning,
    title: "Pods take no variables from Services of the namespace",
    why: "A Service called `s3` sets `S3_PORT=tcp://10.96.37.132:8333` in every pod of the namespace, one called \
          `spark-master` sets SPARK_MASTER_PORT. Programs read these as settings of their own and stop, in the namespace of \
          somebody else who chose another release name.",
    fix: "Set `enableServiceLinks: false` in every pod. Hosts are found by DNS.",
    covers: &[],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: s3}
        spec: {}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:  # wrong
          containers: [{name: a}]
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: s3}
        spec: {}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          enableServiceLinks: false
          containers: [{name: a}]
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    // A stack without Services makes no variables for itself.
    if stack.of_kind("Service").next().is_none() {
        return;
    }
    for pod in stack.pods().into_iter().filter(|pod| !pod.is_template() || pod.embedded.is_some()) {
        if pod.spec["enableServiceLinks"] != false {
            let path = pod.spec_path().key("enableServiceLinks");
            report.pod(&pod, path, "every Service of the namespace sets variables in the pod");
        }
    }
}
