//! Values of the wrong type.

use indoc::indoc;
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
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          annotations:
            example.com/scrape: true  # wrong
        spec:
          containers:
            - name: a
              image: a:1
              env:
                - name: PORT
                  value: 8080  # wrong
              resources:
                limits:
                  memory: 1GB  # wrong
              ports:
                - containerPort: "80"  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          annotations:
            example.com/scrape: "true"
        spec:
          containers:
            - name: a
              image: a:1
              env:
                - name: PORT
                  value: "8080"
              resources:
                limits:
                  memory: 1Gi
                  cpu: 2
              ports:
                - containerPort: 80
    "#}),
    check: Check::Stack(|stack, report| api::report(stack, report, Fault::Type)),
};
