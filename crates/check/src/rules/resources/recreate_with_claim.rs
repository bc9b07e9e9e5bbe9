//! Deployments with a volume that one node can mount.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::object::{items, name};
use crate::path::Path;
use crate::replicas::replicas;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "recreate-with-claim",
    group: Group::Resources,
    severity: Severity::Warning,
    title: "A Deployment on a ReadWriteOnce volume has one replica and is recreated",
    why: "A rolling update starts the new pod first, on another node perhaps. There it waits for the volume, the old one waits for \
          the new one, and the upgrade never ends. On the same node two programs write the same files.",
    fix: "Set `strategy: {type: Recreate}`, or use a StatefulSet with a claim for each replica.",
    covers: &["Q28"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: data
        spec:
          accessModes: [ReadWriteOnce]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:  # wrong
          template:
            spec:
              volumes:
                - name: data
                  persistentVolumeClaim: {claimName: data}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: data
        spec:
          accessModes: [ReadWriteOnce]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          strategy: {type: Recreate}
          template:
            spec:
              volumes:
                - name: data
                  persistentVolumeClaim: {claimName: data}
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in api::of(stack, "apps", "Deployment") {
        for volume in items(object.at("spec.template.spec.volumes")) {
            let claim = volume["persistentVolumeClaim"]["claimName"].as_str();
            let read_only = volume["persistentVolumeClaim"]["readOnly"] == true;
            let Some(claim) = claim.and_then(|claim| stack.find("PersistentVolumeClaim", claim)).filter(|_| !read_only)
            else {
                continue;
            };
            let modes: Vec<&str> = items(claim.at("spec.accessModes")).filter_map(Value::as_str).collect();
            if modes.is_empty() || modes.iter().any(|mode| !matches!(*mode, "ReadWriteOnce" | "ReadWriteOncePod")) {
                continue;
            }
            let strategy = object.at("spec.strategy");
            // Without a surge the old pod goes first, which is as good.
            let no_surge = strategy["rollingUpdate"]["maxSurge"] == 0 || strategy["rollingUpdate"]["maxSurge"] == "0%";
            if strategy["type"] != "Recreate" && !no_surge {
                let message = format!(
                    "volume {} is ReadWriteOnce, and the new pod starts before the old one is gone",
                    name(volume)
                );
                report.object(index, Path::of("spec.strategy.type"), message);
            } else if replicas(stack, object).is_some_and(|count| count > 1) {
                let message = format!("volume {} is ReadWriteOnce, and several replicas mount it", name(volume));
                report.object(index, Path::of("spec.replicas"), message);
            }
        }
    }
}
