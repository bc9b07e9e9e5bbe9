//! Two items of a list with the same name.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api::{self, Fault};
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "duplicate-item",
    group: Group::Objects,
    severity: Severity::Error,
    title: "No list holds the same container, volume, mount path, port or variable twice",
    why: "These lists are maps by name to Kubernetes. Server-side apply, which helm 4 and Argo CD use, refuses the second \
          item. Client-side apply merges both into one at the next upgrade, and may drop the wrong one.",
    fix: "Take one out. When a chart adds `extraEnv` or `extraVolumes`, refuse there what the chart sets itself.",
    covers: &["Q55"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: a:1
              env:
                - name: HOME
                  value: /tmp
                - name: HOME  # wrong
                  value: /home/spark
              ports:
                - containerPort: 80
                - containerPort: 80  # wrong
                  protocol: TCP
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: a:1
              ports:
                - containerPort: 53
                - containerPort: 53
                  protocol: UDP
    "}),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Duplicate)),
};
