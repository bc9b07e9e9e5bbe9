//! The table of openshift-and-chart-quality A2, "What happens to a pod under restricted-v2": what was measured
//! with the real libraries, row by row.

use serde_json::{Value, json};

use crate::{Admission, Namespace, PodRef, Policy, Violation};

/// What Pod Security restricted says of the pod as written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pss {
    Passes,
    Fails,
}

use Pss::{Fails, Passes};

/// A pod that passes Pod Security restricted and names no ids.
fn portable() -> Value {
    json!({
        "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "a", "securityContext": {
            "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]},
        }}],
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut spec = portable();
    change(&mut spec);
    spec
}

fn pod_says(key: &str, value: Value) -> Value {
    with(|spec| spec["securityContext"][key] = value)
}

fn container_says(key: &str, value: Value) -> Value {
    with(|spec| spec["containers"][0]["securityContext"][key] = value)
}

fn has_volume(volume: Value) -> Value {
    with(|spec| spec["volumes"] = json!([volume]))
}

fn judge<'p>(policy: &str, spec: &'p Value) -> Result<Admission<'p>, Vec<Violation>> {
    let policy: Policy = policy.parse().expect("a policy");
    policy.judge(PodRef { metadata: &Value::Null, spec }, &Namespace::default())
}

fn pss(spec: &Value) -> Pss {
    if judge("pss:restricted", spec).is_ok() { Passes } else { Fails }
}

/// The constraint refuses the pod, for these reasons and no others.
fn refused(policy: &str, spec: &Value, pss_says: Pss, paths: &[&str]) {
    assert_eq!(pss(spec), pss_says, "{spec}");
    let violations = judge(policy, spec).expect_err("refused");
    let found: Vec<&str> = violations.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(found, paths, "{policy}: {spec}");
}

/// The constraint admits the pod, which Pod Security then judges.
fn admitted(policy: &str, spec: &Value, pss_before: Pss, pss_after: Pss) -> Value {
    assert_eq!(pss(spec), pss_before, "{spec}");
    let admission = judge(policy, spec).unwrap_or_else(|reasons| panic!("{policy} refuses {spec}: {reasons:?}"));
    assert!(policy.contains(&admission.by), "{policy}: admitted by {}", admission.by);
    assert_eq!(pss(&admission.spec), pss_after, "{}", admission.spec);
    admission.spec.into_owned()
}

const V2: &str = "scc:restricted-v2";
const FIRST: i64 = 1_000_680_000;

#[test]
fn what_is_missing_is_filled_in() {
    let nothing = json!({"containers": [{"name": "a"}]});
    let reasons = judge("pss:restricted", &nothing).expect_err("nothing is hardened");
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    for (spec, before) in [(nothing, Fails), (portable(), Passes)] {
        let after = admitted(V2, &spec, before, Passes);
        assert_eq!(after["containers"][0]["securityContext"]["runAsUser"], FIRST);
        assert_eq!(after["securityContext"]["fsGroup"], FIRST);
        assert_eq!(after["securityContext"]["seLinuxOptions"], json!({"level": "s0:c26,c15"}));
        assert_eq!(after["securityContext"]["seccompProfile"], json!({"type": "RuntimeDefault"}));
    }
}

#[test]
fn fixed_ids_are_refused() {
    for user in [185, 999, 1000, 1001, 472, 65_534] {
        let path = ["spec.securityContext.runAsUser"];
        refused(V2, &pod_says("runAsUser", json!(user)), Passes, &path);
        let path = ["spec.containers[0].securityContext.runAsUser"];
        refused(V2, &container_says("runAsUser", json!(user)), Passes, &path);
    }
    for group in [1001, 185, 100, 0, FIRST + 1] {
        refused(V2, &pod_says("fsGroup", json!(group)), Passes, &["spec.securityContext.fsGroup"]);
    }
    let init = with(|spec| {
        spec["initContainers"] = json!([{"name": "chown", "securityContext": {"runAsUser": 0}}]);
    });
    refused(V2, &init, Fails, &["spec.initContainers[0].securityContext.runAsUser"]);
}

#[test]
fn the_ids_of_the_namespace_are_admitted() {
    let ids = with(|spec| {
        spec["securityContext"]["runAsUser"] = json!(FIRST);
        spec["securityContext"]["fsGroup"] = json!(FIRST);
    });
    admitted(V2, &ids, Passes, Passes);
    let groups = with(|spec| {
        spec["securityContext"]["runAsGroup"] = json!(185);
        spec["securityContext"]["supplementalGroups"] = json!([185]);
    });
    let after = admitted(V2, &groups, Passes, Passes);
    assert_eq!(
        (&after["securityContext"]["runAsGroup"], &after["securityContext"]["supplementalGroups"]),
        (&json!(185), &json!([185]))
    );
}

#[test]
fn hardening_is_added_but_never_taken_back() {
    admitted(V2, &pod_says("runAsNonRoot", json!(false)), Fails, Fails);
    for drop in ["NET_RAW", "all"] {
        let after = admitted(V2, &container_says("capabilities", json!({"drop": [drop]})), Fails, Passes);
        assert_eq!(after["containers"][0]["securityContext"]["capabilities"]["drop"], json!(["ALL", drop]));
    }
    let bind = json!({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]});
    admitted(V2, &container_says("capabilities", bind), Passes, Passes);
    let own = with(|spec| {
        spec["securityContext"] = json!({"runAsNonRoot": true});
        spec["containers"][0]["securityContext"]["seccompProfile"] = json!({"type": "RuntimeDefault"});
    });
    admitted(V2, &own, Passes, Passes);
}

#[test]
fn profiles_are_refused() {
    let seccomp = ["spec.securityContext.seccompProfile"];
    refused(V2, &pod_says("seccompProfile", json!({"type": "Unconfined"})), Fails, &seccomp);
    let localhost = json!({"type": "Localhost", "localhostProfile": "a.json"});
    refused(V2, &pod_says("seccompProfile", localhost), Passes, &seccomp);
    let level = "spec.securityContext.seLinuxOptions.level";
    refused(V2, &pod_says("seLinuxOptions", json!({})), Passes, &[level]);
    let kind = "spec.securityContext.seLinuxOptions.type";
    refused(V2, &pod_says("seLinuxOptions", json!({"type": "spc_t"})), Fails, &[level, kind]);
}

#[test]
fn the_host_is_refused() {
    let add = json!({"drop": ["ALL"], "add": ["CHOWN"]});
    refused(V2, &container_says("capabilities", add), Fails, &["spec.containers[0].securityContext.capabilities.add"]);
    let port = with(|spec| spec["containers"][0]["ports"] = json!([{"containerPort": 80, "hostPort": 80}]));
    refused(V2, &port, Fails, &["spec.containers[0].ports[0].hostPort"]);
    refused(V2, &has_volume(json!({"name": "v", "hostPath": {"path": "/"}})), Fails, &["spec.volumes[0].hostPath"]);
    refused(
        V2,
        &has_volume(json!({"name": "v", "nfs": {"server": "s", "path": "/"}})),
        Fails,
        &["spec.volumes[0].nfs"],
    );
    let sysctl = pod_says("sysctls", json!([{"name": "vm.max_map_count", "value": "1"}]));
    refused(V2, &sysctl, Fails, &["spec.securityContext.sysctls[0].name"]);
}

#[test]
fn volumes_come_with_releases() {
    for (kind, since) in [("secret", 0), ("ephemeral", 12), ("csi", 13), ("image", 20)] {
        let spec = has_volume(json!({"name": "v", kind: {}}));
        for minor in 11..24 {
            let policy = format!("{V2}@4.{minor}");
            if minor < since {
                refused(&policy, &spec, Passes, &[&format!("spec.volumes[0].{kind}")]);
            } else {
                admitted(&policy, &spec, Passes, Passes);
            }
        }
        admitted(V2, &spec, Passes, Passes);
    }
}

#[test]
fn other_constraints() {
    let spark = pod_says("runAsUser", json!(185));
    let after = admitted("scc:nonroot-v2", &spark, Passes, Passes);
    assert_eq!(after["containers"][0]["securityContext"]["runAsUser"], Value::Null, "the pod's own user stays");
    // The wrong advice (fact 2): anyuid takes no seccomp profile, and Pod Security demands one.
    refused("scc:anyuid", &spark, Passes, &["spec.securityContext.seccompProfile"]);
    refused("scc:restricted", &portable(), Passes, &["spec.securityContext.seccompProfile"]);
}

#[test]
fn user_namespaces_bring_small_ids() {
    let user = |user: Value| {
        with(|spec| {
            spec["hostUsers"] = json!(false);
            spec["securityContext"]["runAsUser"] = user;
        })
    };
    for id in [1000, 1001, 50_000, 65_534, 10_006] {
        admitted("scc:restricted-v3", &user(json!(id)), Passes, Passes);
    }
    for id in [185, 999, 472, 26] {
        let path = "spec.securityContext.runAsUser";
        refused("scc:default", &user(json!(id)), Passes, &[path, path]);
    }
    let unnamed = user(Value::Null);
    let by = |policy| judge(policy, &unnamed).map(|admission| admission.by);
    assert_eq!(by("scc:default"), Ok("restricted-v2".to_owned()), "a tie on points goes by name");
    assert_eq!(by("scc:restricted-v3"), Ok("restricted-v3".to_owned()));
}

#[test]
fn what_the_pod_says_for_all_is_refused_once() {
    let two = with(|spec| {
        spec["containers"] = json!([spec["containers"][0], spec["containers"][0]]);
        spec["securityContext"]["runAsUser"] = json!(185);
    });
    refused(V2, &two, Passes, &["spec.securityContext.runAsUser"]);
}

#[test]
fn several_constraints_give_their_reasons_in_the_order_of_trying() {
    let root = pod_says("runAsUser", json!(0));
    let reasons = judge("scc:nonroot-v2,restricted-v3,restricted-v2", &root).expect_err("root");
    let checks: Vec<&str> = reasons.iter().map(|reason| reason.check.as_str()).collect();
    let expected =
        ["restricted-v2/runAsUser", "restricted-v3/hostUsers", "restricted-v3/runAsUser", "nonroot-v2/runAsUser"];
    assert_eq!(checks, expected);
    assert_eq!(reasons[0].container.as_deref(), None, "the pod says it, not the container");
    let message = "runAsUser is 0, it must be in 1000680000-1000689999 (the namespace's range)";
    assert_eq!(reasons[0].message, message);
}
