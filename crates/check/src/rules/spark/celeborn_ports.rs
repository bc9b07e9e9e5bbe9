//! Celeborn workers on random ports.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::fits;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Spark, file, mounted};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "celeborn-ports",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Ports of Celeborn workers are fixed where a NetworkPolicy stands before them",
    why: "Four ports of a worker are 0 by default, others at each start. The policy lets none of them in, and \
          every shuffle times out.",
    fix: "Set `celeborn.worker.rpc.port`, `.push.port`, `.fetch.port` and `.replicate.port`, and allow them.",
    covers: &["S16"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: celeborn
        data:
          celeborn-defaults.conf: |
            celeborn.worker.rpc.port=0
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: celeborn
        spec:
          podSelector: {matchLabels: {app: a}}
          policyTypes: [Ingress]
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: celeborn}
          containers:
            - name: a
              image: apache/celeborn:0.7.0
              command: [/opt/celeborn/sbin/start-worker.sh]  # wrong
              env:
                - name: CELEBORN_NO_DAEMONIZE
                  value: "1"
              volumeMounts:
                - {name: conf, mountPath: /opt/celeborn/conf}
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: celeborn
        data:
          celeborn-defaults.conf: |
            celeborn.worker.rpc.port=9094
            celeborn.worker.push.port=9095
            celeborn.worker.fetch.port=9092
            celeborn.worker.replicate.port=9093
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: celeborn
        spec:
          podSelector: {matchLabels: {app: a}}
          policyTypes: [Ingress]
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: celeborn}
          containers:
            - name: a
              image: apache/celeborn:0.7.0
              command: [/opt/celeborn/sbin/start-worker.sh]
              env:
                - name: CELEBORN_NO_DAEMONIZE
                  value: "1"
              volumeMounts:
                - {name: conf, mountPath: /opt/celeborn/conf}
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, stack: &Stack, report: &mut Report) {
    for all in spark.main_words() {
        let is_worker = all.text.contains("celeborn")
            && (all.text.contains("start-worker.sh") || all.text.contains("worker.Worker"));
        let guarded = || {
            stack.of_kind("NetworkPolicy").any(|(_, policy)| {
                policy.at("spec.podSelector").is_object() && fits(policy.at("spec.podSelector"), all.pod.labels())
            })
        };
        if !is_worker || !guarded() {
            continue;
        }
        let files = mounted(stack, &all.pod, &all.container);
        let confs: Vec<_> =
            files.iter().filter(|file| file.key.starts_with("celeborn") && file.key.ends_with(".conf")).collect();
        if confs.is_empty() {
            continue;
        }
        let lines: Vec<_> = confs.iter().flat_map(|conf| file::lines(conf.text)).collect();
        let is_fixed = |key: &str| lines.iter().any(|line| line.key == key && line.value != "0");
        let loose: Vec<String> = ["rpc", "push", "fetch", "replicate"]
            .into_iter()
            .map(|kind| format!("celeborn.worker.{kind}.port"))
            .filter(|key| !is_fixed(key))
            .collect();
        if !loose.is_empty() {
            all.wrong(
                report,
                "orker",
                format!("a NetworkPolicy guards ports that are others at each start: {}", loose.join(", ")),
            );
        }
    }
}
