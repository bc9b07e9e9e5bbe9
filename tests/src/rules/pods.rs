//! What every pod has.

use std::sync::LazyLock;

use sparkyard_admission::{Namespace, PodRef, Policy};

use crate::object::{Pod, items, name};
use crate::render::Render;

static RESTRICTED: LazyLock<Policy> = LazyLock::new(|| "pss:restricted".parse().expect("a policy"));

/// Q01.
pub(super) fn restricted(render: &Render) -> Vec<String> {
    each(render, violations)
}

/// Everything that Pod Security `restricted`, version `latest`, forbids about a pod: `id: what`.
fn violations(pod: &Pod) -> Vec<String> {
    let judged = RESTRICTED.judge(PodRef { metadata: &pod.metadata, spec: &pod.spec }, &Namespace::default());
    let violations = judged.err().unwrap_or_default();
    violations.into_iter().map(|violation| format!("{}: {}", violation.check, violation.message)).collect()
}

/// Q06.
pub(super) fn read_only_root(render: &Render) -> Vec<String> {
    each(render, |pod| {
        let bad = pod.containers().filter(|c| c["securityContext"]["readOnlyRootFilesystem"] != true);
        bad.map(|c| format!("container {} may write to its root file system", name(c))).collect()
    })
}

/// Q09.
pub(super) fn token_is_explicit(render: &Render) -> Vec<String> {
    each(render, |pod| match pod.spec["automountServiceAccountToken"].is_boolean() {
        true => Vec::new(),
        false => vec!["automountServiceAccountToken is not set".to_owned()],
    })
}

/// Q10. Spark fills in the account of executors itself, so a template need not name one.
pub(super) fn own_account(render: &Render) -> Vec<String> {
    each(render, |pod| match pod.spec["serviceAccountName"].as_str() {
        None | Some("default" | "") if pod.kind != "ConfigMap" => vec!["it uses the default ServiceAccount".to_owned()],
        _ => Vec::new(),
    })
}

/// Q12.
pub(super) fn high_ports(render: &Render) -> Vec<String> {
    each(render, |pod| {
        let mut found = Vec::new();
        for container in pod.containers() {
            let low = items(&container["ports"]).filter_map(|p| p["containerPort"].as_i64()).filter(|p| *p < 1024);
            found.extend(low.map(|port| format!("container {} listens on {port}", name(container))));
        }
        found
    })
}

/// A Service called `s3` sets `S3_PORT`, which programs read as their own option.
pub(super) fn no_service_links(render: &Render) -> Vec<String> {
    each(render, |pod| match pod.spec["enableServiceLinks"] == false {
        true => Vec::new(),
        false => vec!["enableServiceLinks is not false".to_owned()],
    })
}

fn each(render: &Render, check: impl Fn(&Pod) -> Vec<String>) -> Vec<String> {
    let pods = render.pods();
    pods.iter().flat_map(|pod| check(pod).into_iter().map(|what| format!("{}: {what}", pod.owner))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::sample;

    fn fails(check: fn(&Render) -> Vec<String>, change: fn(&mut Value)) {
        let mut pod = sample::good_pod();
        assert!(check(&sample::render(false, [pod.clone()])).is_empty(), "the good pod passes");
        change(&mut pod);
        let found = check(&sample::render(false, [pod]));
        assert!(!found.is_empty() && found[0].starts_with("Pod/demo-connect: "), "{found:?}");
    }

    #[test]
    fn a_good_pod_passes_every_check() {
        assert_eq!(violations(&sample::pod(|_| {})), Vec::<String>::new());
    }

    #[test]
    fn an_empty_spec_fails() {
        let pod = sample::pod(|pod| pod["spec"] = json!({"containers": [{"name": "a"}]}));
        let ids = ["allowPrivilegeEscalation", "capabilities_restricted", "runAsNonRoot", "seccompProfile_restricted"];
        let found = violations(&pod);
        assert_eq!(found.len(), ids.len(), "{found:?}");
        assert!(found.iter().zip(ids).all(|(found, id)| found.starts_with(id)), "{found:?}");
    }

    #[test]
    fn each_rule_can_fail() {
        fails(restricted, |p| p["spec"]["hostNetwork"] = json!(true));
        fails(read_only_root, |p| {
            p["spec"]["initContainers"][0]["securityContext"]["readOnlyRootFilesystem"] = json!(false);
        });
        fails(token_is_explicit, |p| p["spec"]["automountServiceAccountToken"] = Value::Null);
        fails(own_account, |p| p["spec"]["serviceAccountName"] = json!("default"));
        fails(high_ports, |p| p["spec"]["containers"][0]["ports"] = json!([{"containerPort": 80}]));
        fails(no_service_links, |p| p["spec"]["enableServiceLinks"] = Value::Null);
    }
}
