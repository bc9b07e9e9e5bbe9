//! Fields that Kubernetes does not know.

use sparkyard_model::Severity;

use crate::api::{self, Fault};
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-field",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Every field is one that Kubernetes knows",
    why: "The API server drops a field that it does not know, with a warning that nobody sees, or refuses the object, as \
          helm 4 and Argo CD ask it to. A probe, a limit or a security setting that is misspelled is not there.",
    fix: "Correct the name, or move the field to the level where it belongs.",
    covers: &["Q54"],
    bad: Example::Manifests(
        "apiVersion: v1\n\
         kind: Service\n\
         metadata:\n  \
           name: a\n\
         spec:\n  \
           ports:\n    \
             - port: 80\n      \
               targetport: 8080  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\n\
         kind: Service\n\
         metadata:\n  \
           name: a\n\
         spec:\n  \
           ports:\n    \
             - port: 80\n      \
               targetPort: 8080\n\
         ---\n\
         apiVersion: example.com/v1\n\
         kind: Unknown\n\
         metadata:\n  \
           name: a\n\
         anything: goes\n",
    ),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Unknown)),
};
