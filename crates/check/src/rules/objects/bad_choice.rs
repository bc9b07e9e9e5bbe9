//! Texts that are none of those allowed.

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
    bad: Example::Manifests(
        "apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
           name: a\n\
         spec:\n  \
           containers:\n    \
             - name: a\n      \
               image: a:1\n      \
               imagePullPolicy: always  # wrong\n",
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
               imagePullPolicy: Always\n",
    ),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Choice)),
};
