//! Secrets of a type that wants certain keys.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "secret-type",
    group: Group::Objects,
    severity: Severity::Error,
    title: "A Secret has the keys that its type wants",
    why: "The API server refuses the Secret: `data[tls.crt]: Required value`. Pods that need it wait, with an event that it is \
          not found.",
    fix: "Add the key, or leave the type out.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Secret
        metadata:
          name: a
        type: kubernetes.io/tls
        stringData:  # wrong
          tls.crt: a
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Secret
        metadata:
          name: a
        type: kubernetes.io/tls
        data:
          tls.key: ""
        stringData:
          tls.crt: a
    "#}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, secret) in api::of(stack, "", "Secret") {
        let wanted: &[&str] = match secret.value["type"].as_str() {
            Some("kubernetes.io/tls") => &["tls.crt", "tls.key"],
            Some("kubernetes.io/dockerconfigjson") => &[".dockerconfigjson"],
            Some("kubernetes.io/dockercfg") => &[".dockercfg"],
            Some("kubernetes.io/ssh-auth") => &["ssh-privatekey"],
            Some("kubernetes.io/service-account-token") => {
                if secret.annotation("kubernetes.io/service-account.name").is_none_or(str::is_empty) {
                    let message = "it needs the annotation kubernetes.io/service-account.name";
                    report.object(index, Path::of("metadata.annotations"), message);
                }
                continue;
            }
            _ => continue,
        };
        let has = |key: &str| ["data", "stringData"].iter().any(|list| secret.value[*list].get(key).is_some());
        for key in wanted.iter().filter(|key| !has(key)) {
            let list = if secret.value["stringData"].is_object() { "stringData" } else { "data" };
            report.object(index, Path::of(list).key(key), format!("its type wants the key {key}"));
        }
    }
}
