//! Celeborn workers on random ports.

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
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: celeborn\n\
         data:\n  \
         celeborn-defaults.conf: |\n    \
         celeborn.worker.rpc.port=0\n\
         ---\n\
         apiVersion: networking.k8s.io/v1\n\
         kind: NetworkPolicy\n\
         metadata:\n  \
         name: celeborn\n\
         spec:\n  \
         podSelector: {matchLabels: {app: a}}\n  \
         policyTypes: [Ingress]\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: celeborn}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/celeborn:0.7.0\n      \
         command: [/opt/celeborn/sbin/start-worker.sh]  # wrong\n      \
         env:\n        \
         - name: CELEBORN_NO_DAEMONIZE\n          \
         value: \"1\"\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/celeborn/conf}\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: celeborn\n\
         data:\n  \
         celeborn-defaults.conf: |\n    \
         celeborn.worker.rpc.port=9094\n    \
         celeborn.worker.push.port=9095\n    \
         celeborn.worker.fetch.port=9092\n    \
         celeborn.worker.replicate.port=9093\n\
         ---\n\
         apiVersion: networking.k8s.io/v1\n\
         kind: NetworkPolicy\n\
         metadata:\n  \
         name: celeborn\n\
         spec:\n  \
         podSelector: {matchLabels: {app: a}}\n  \
         policyTypes: [Ingress]\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: celeborn}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/celeborn:0.7.0\n      \
         command: [/opt/celeborn/sbin/start-worker.sh]\n      \
         env:\n        \
         - name: CELEBORN_NO_DAEMONIZE\n          \
         value: \"1\"\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/celeborn/conf}\n",
    ),
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
