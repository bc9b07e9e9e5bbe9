//! Two items of a list with the same name.

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
    bad: Example::Manifests(
        "apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
           name: a\n\
         spec:\n  \
           containers:\n    \
             - name: a\n      \
               image: a:1\n      \
               env:\n        \
                 - name: HOME\n          \
                   value: /tmp\n        \
                 - name: HOME  # wrong\n          \
                   value: /home/spark\n      \
               ports:\n        \
                 - containerPort: 80\n        \
                 - containerPort: 80  # wrong\n          \
                   protocol: TCP\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
           name: a\n\
         spec:\n  \
           containers:\n    \
             - name: a\n      \
               image: a:1\n      \
               ports:\n        \
                 - containerPort: 53\n        \
                 - containerPort: 53\n          \
                   protocol: UDP\n",
    ),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Duplicate)),
};
