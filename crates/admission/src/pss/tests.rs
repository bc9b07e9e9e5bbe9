use serde_json::{Value, json};

use super::*;

/// Where a pod is wrong, as `check path`.
fn wrong(level: Level, version: &str, spec: &Value) -> Vec<String> {
    wrong_with(level, version, &Value::Null, spec)
}

fn wrong_with(level: Level, version: &str, metadata: &Value, spec: &Value) -> Vec<String> {
    let version = version.parse().expect("a version");
    match check(level, version, PodRef { metadata, spec }) {
        Ok(()) => Vec::new(),
        Err(violations) => {
            violations.into_iter().map(|violation| format!("{} {}", violation.check, violation.path)).collect()
        }
    }
}

fn pod(change: impl FnOnce(&mut Value)) -> Value {
    let mut spec = json!({
        "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "a", "securityContext": {
            "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]},
        }}],
    });
    change(&mut spec);
    spec
}

/// A check that holds, or stops to hold, from a minor on.
fn changes_at(level: Level, minor: u16, before: &[&str], after: &[&str], spec: &Value) {
    assert_eq!(wrong(level, &format!("1.{}", minor - 1), spec), before, "before 1.{minor}");
    assert_eq!(wrong(level, &format!("1.{minor}"), spec), after, "from 1.{minor} on");
    assert_eq!(wrong(level, "latest", spec), after, "today");
}

#[test]
fn a_hardened_pod_passes_every_version() {
    for version in PssVersion::all() {
        for level in [Level::Baseline, Level::Restricted] {
            assert_eq!(wrong(level, &version.to_string(), &pod(|_| {})), Vec::<String>::new());
        }
    }
}

#[test]
fn every_container_counts() {
    let spec = json!({
        "ephemeralContainers": [{"name": "e"}],
        "containers": [{"name": "c"}],
        "initContainers": [{"name": "i"}],
    });
    let found = wrong(Level::Restricted, "latest", &spec);
    let escalation: Vec<&str> = found.iter().filter_map(|at| at.strip_prefix("allowPrivilegeEscalation ")).collect();
    let path = "securityContext.allowPrivilegeEscalation";
    let lists = ["initContainers", "containers", "ephemeralContainers"].map(|list| format!("spec.{list}[0].{path}"));
    assert_eq!(escalation, lists);
}

#[test]
fn a_violation_says_where_what_and_how() {
    let spec = pod(|spec| spec["initContainers"] = json!([{"name": "setup", "securityContext": {"privileged": true}}]));
    let violations = check(Level::Baseline, PssVersion::LATEST, PodRef { metadata: &Value::Null, spec: &spec });
    let expected = Violation {
        check: "privileged".to_owned(),
        path: "spec.initContainers[0].securityContext.privileged".to_owned(),
        container: Some("setup".to_owned()),
        message: "privileged is true, it must be false or absent".to_owned(),
        help: "remove `privileged`".to_owned(),
    };
    assert_eq!(violations, Err(vec![expected]));
}

#[test]
fn probe_hosts_from_1_34() {
    let spec = pod(|spec| {
        spec["containers"][0]["livenessProbe"] = json!({"httpGet": {"port": 1, "host": "127.0.0.1"}});
        spec["containers"][0]["lifecycle"] = json!({"preStop": {"tcpSocket": {"port": 1, "host": "x"}}});
    });
    let found = [
        "hostProbesAndHostLifecycle spec.containers[0].livenessProbe.httpGet.host",
        "hostProbesAndHostLifecycle spec.containers[0].lifecycle.preStop.tcpSocket.host",
    ];
    changes_at(Level::Baseline, 34, &[], &found, &spec);
}

#[test]
fn user_namespaces_relax_from_1_35() {
    let spec = pod(|spec| {
        spec["hostUsers"] = json!(false);
        spec["securityContext"]["runAsNonRoot"] = json!(false);
        spec["securityContext"]["runAsUser"] = json!(0);
        spec["containers"][0]["securityContext"]["procMount"] = json!("Unmasked");
    });
    let proc_mount = "spec.containers[0].securityContext.procMount";
    let user = ["runAsNonRoot spec.securityContext.runAsNonRoot", "runAsUser spec.securityContext.runAsUser"];
    let before = [&format!("procMount {proc_mount}"), user[0], user[1]];
    changes_at(Level::Restricted, 35, &before, &[&format!("procMount_restricted {proc_mount}")], &spec);
    changes_at(Level::Baseline, 35, &[&format!("procMount {proc_mount}")], &[], &spec);
}

#[test]
fn sysctls_become_safe() {
    for (name, since) in [
        ("net.ipv4.ip_local_reserved_ports", 27),
        ("net.ipv4.tcp_fin_timeout", 29),
        ("net.ipv4.tcp_rmem", 32),
        ("net.ipv4.tcp_notsent_lowat", 37),
    ] {
        let spec = pod(|spec| spec["securityContext"]["sysctls"] = json!([{"name": name, "value": "1"}]));
        changes_at(Level::Baseline, since, &["sysctls spec.securityContext.sysctls[0].name"], &[], &spec);
    }
}

#[test]
fn se_linux_types_grow_at_1_31() {
    let spec = pod(|spec| spec["securityContext"]["seLinuxOptions"] = json!({"type": "container_engine_t"}));
    changes_at(Level::Baseline, 31, &["seLinuxOptions spec.securityContext.seLinuxOptions.type"], &[], &spec);
}

#[test]
fn windows_needs_no_linux_hardening() {
    let spec = json!({"os": {"name": "windows"}, "containers": [{"name": "a"}]});
    assert_eq!(
        wrong(Level::Restricted, "1.25", &spec),
        ["runAsNonRoot spec.containers[0].securityContext.runAsNonRoot"]
    );
}

#[test]
fn restricted_replaces_checks_of_baseline() {
    let spec = pod(|spec| spec["volumes"] = json!([{"name": "v", "hostPath": {"path": "/"}}, {"name": "w"}]));
    assert_eq!(wrong(Level::Baseline, "latest", &spec), ["hostPathVolumes spec.volumes[0].hostPath"]);
    assert_eq!(wrong(Level::Restricted, "latest", &spec), ["restrictedVolumes spec.volumes[0].hostPath"]);
    assert_eq!(ids(Level::Baseline, PssVersion::LATEST).count(), 12);
    assert_eq!(ids(Level::Restricted, PssVersion::LATEST).count(), 15);
    assert_eq!(ids(Level::Restricted, PssVersion::of_minor(33).expect("known")).count(), 14);
}

#[test]
fn annotations_of_old_still_count_for_app_armor_only() {
    let metadata = json!({"annotations": {
        "container.apparmor.security.beta.kubernetes.io/a": "unconfined",
        "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
    }});
    let path = "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]";
    let found = wrong_with(Level::Restricted, "latest", &metadata, &pod(|_| {}));
    assert_eq!(found, [format!("appArmorProfile {path}")]);
}

#[test]
fn what_cannot_be_decoded_is_not_judged() {
    let spec = pod(|spec| {
        spec["hostNetwork"] = json!(true);
        spec["securityContext"]["runAsNonRoot"] = json!("true");
    });
    assert_eq!(wrong(Level::Restricted, "latest", &spec), ["decode spec.securityContext.runAsNonRoot"]);
}
