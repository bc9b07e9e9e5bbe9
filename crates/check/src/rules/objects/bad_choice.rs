//! Texts that are none of those allowed.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api::{self, Fault};
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "bad-choice",
    group: Group::Objects,
    severity: Severity::Error,
    title: "A field with a fixed set of values has one of them",
    why: "The API server refuses the object, and names the values that it supports. They are case-sensitive: `always` is not \
          `Always`.",
    fix: "Write one of the values that the message names, and list them in the schema of the value that it comes from.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          containers:
            - name: a
              image: a:1
              imagePullPolicy: always  # wrong
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
              imagePullPolicy: Always
    "}),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Choice)),
};
