//! Fields that Kubernetes does not know.

use indoc::indoc;
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
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: a
        spec:
          ports:
            - port: 80
              targetport: 8080  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata:
          name: a
        spec:
          ports:
            - port: 80
              targetPort: 8080
        ---
        apiVersion: example.com/v1
        kind: Unknown
        metadata:
          name: a
        anything: goes
    "}),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Unknown)),
};
