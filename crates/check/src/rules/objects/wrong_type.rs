//! Values of the wrong type.

use sparkyard_model::Severity;

use crate::api::{self, Fault};
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "wrong-type",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Every value has the type that Kubernetes wants",
    why: "The API server refuses the object: `cannot unmarshal number into Go struct field EnvVar.value of type string`. A \
          port, a version or a yes without quotes is a number or a boolean in YAML; `1GB` is no quantity.",
    fix: "Put quotes around text that looks like something else, take them off numbers, and write sizes as Mi or Gi.",
    covers: &["Q54"],
    bad: Example::Manifests(
        "apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
           name: a\n  \
           annotations:\n    \
             example.com/scrape: true  # wrong\n\
         spec:\n  \
           containers:\n    \
             - name: a\n      \
               image: a:1\n      \
               env:\n        \
                 - name: PORT\n          \
                   value: 8080  # wrong\n      \
               resources:\n        \
                 limits:\n          \
                   memory: 1GB  # wrong\n      \
               ports:\n        \
                 - containerPort: \"80\"  # wrong\n",
    ),
    good: Example::Manifests(
        "apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
           name: a\n  \
           annotations:\n    \
             example.com/scrape: \"true\"\n\
         spec:\n  \
           containers:\n    \
             - name: a\n      \
               image: a:1\n      \
               env:\n        \
                 - name: PORT\n          \
                   value: \"8080\"\n      \
               resources:\n        \
                 limits:\n          \
                   memory: 1Gi\n          \
                   cpu: 2\n      \
               ports:\n        \
                 - containerPort: 80\n",
    ),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Type)),
};
