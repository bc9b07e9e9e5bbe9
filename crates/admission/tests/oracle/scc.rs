//! Pods under security context constraints.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sparkyard_admission::scc::Constraints;
use sparkyard_admission::{Admission, Namespace, PodRef, Release, Violation};

use crate::dice::Dice;
use crate::pods::Pods;
use crate::{Case, constraints, process};

const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// What 4.16 lets every pod set and 4.12 does not. The library of 4.12 cannot be had as a Go module; in its
/// place that of 4.20 judges, with constraints that forbid these.
const SAFE_SINCE_4_16: [&str; 4] = [
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
];

pub(crate) struct SccCase {
    /// The release whose constraints are tried; None for random ones.
    release: Option<Release>,
    /// The random ones.
    own: Vec<Value>,
    usable: Vec<String>,
    namespace: Value,
    pod: Value,
}

impl SccCase {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let release = Release::CHECKED.get(dice.below(Release::CHECKED.len() + 1)).copied();
        let own = if release.is_none() { constraints::constraints(&mut dice) } else { Vec::new() };
        let names: Vec<String> = match release {
            Some(release) => Constraints::of(release).names().map(str::to_owned).collect(),
            None => own.iter().filter_map(|scc| scc["metadata"]["name"].as_str().map(str::to_owned)).collect(),
        };
        let usable = match (dice.below(4), release) {
            (0, Some(release)) => Constraints::of(release).of_everybody().to_vec(),
            (1, _) => dice.some(&names),
            _ => names,
        };
        let namespace = constraints::namespace(&mut dice);
        SccCase { release, own, usable, namespace, pod: Pods::new(&mut dice).pod() }
    }

    fn constraints(&self) -> Constraints {
        if let Some(release) = self.release {
            return Constraints::of(release).clone();
        }
        let sccs = self.own.iter().map(|scc| serde_json::from_value(scc.clone()).expect("a constraint")).collect();
        Constraints::new(sccs, Release::NEWEST).expect("constraints that can be judged by")
    }

    fn is_older_than_required(&self) -> bool {
        self.release == Some(Release::CHECKED[0])
    }
}

impl Case for SccCase {
    fn title(&self) -> String {
        self.release.map_or("own".to_owned(), |release| release.to_string())
    }

    fn ours(&self) -> Value {
        let constraints = self.constraints();
        let namespace = Namespace::from_annotations(&self.namespace).expect("good annotations");
        let pod = PodRef { metadata: &self.pod["metadata"], spec: &self.pod["spec"] };
        let whole = constraints.judge(&self.usable, pod, &namespace);
        match &whole {
            Ok(admission) if admission.by.starts_with("nothing") => return json!("windows"),
            Err(violations) if violations[0].check == "decode" => return json!("undecodable"),
            Err(violations) if violations[0].check == "usable-scc" => return json!("nothing usable"),
            _ => {}
        }
        let mut tried = Vec::new();
        for name in constraints.names().filter(|name| self.usable.iter().any(|usable| usable == name)) {
            match constraints.judge(&[name], pod, &namespace) {
                Ok(admission) => tried.push(json!({"scc": name, "pod": changed(&admission)})),
                Err(violations) if violations[0].check == "usable-scc" => {}
                Err(violations) => tried.push(json!({"scc": name, "refuses": ours(&violations)})),
            }
        }
        let by = whole.as_ref().ok().map(|admission| admission.by.clone());
        if let Ok(admission) = &whole {
            let single = tried.iter().find(|one| one["scc"] == admission.by);
            assert_eq!(single.map(|one| &one["pod"]), Some(&changed(admission)), "one by one is as together");
        }
        json!({"by": by, "tried": tried})
    }

    fn shown(&self) -> Value {
        json!({"own": self.own, "usable": self.usable, "namespace": self.namespace, "pod": self.pod})
    }

    fn line(answer: &Value) -> String {
        if let Some(word) = answer.as_str() {
            return word.to_owned();
        }
        let hash = fnv(&sorted(answer).to_string());
        match answer["by"].as_str() {
            Some(name) => format!("admitted by {name} {hash:016x}"),
            None => format!("refused {hash:016x}"),
        }
    }

    fn verdicts(answer: &Value) -> Vec<String> {
        let tried = answer["tried"].as_array().into_iter().flatten();
        let single = tried.flat_map(|one| match one["refuses"].as_array() {
            Some(fields) => fields.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            None => vec![format!("{} fits", one["scc"].as_str().unwrap_or_default())],
        });
        answer["by"]
            .as_str()
            .map(|name| format!("by {name}"))
            .into_iter()
            .chain(single)
            .chain(answer.as_str().map(str::to_owned))
            .collect()
    }

    fn expected() -> Vec<String> {
        let fits = Constraints::of(Release::NEWEST).names().map(|name| format!("{name} fits"));
        fits.chain(FIELDS.iter().map(|field| (*field).to_owned())).collect()
    }
}

/// What a constraint can refuse, and the answers without a constraint.
const FIELDS: [&str; 21] = [
    "allowPrivilegeEscalation",
    "capabilities",
    "flexVolumes",
    "fsGroup",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPorts",
    "hostUsers",
    "nothing usable",
    "privileged",
    "readOnlyRootFilesystem",
    "runAsNonRoot",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
    "supplementalGroups",
    "sysctls",
    "undecodable",
    "volumes",
    "windows",
];

/// The fields that a constraint refuses, without repetitions.
fn ours(violations: &[Violation]) -> BTreeSet<String> {
    let field = |violation: &Violation| violation.check.split_once('/').map(|(_, field)| field.to_owned());
    violations.iter().filter_map(field).collect()
}

/// What is compared of an admitted pod.
fn changed(admission: &Admission<'_>) -> Value {
    let mut annotations = admission.metadata["annotations"].clone();
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.remove("openshift.io/scc");
        annotations.remove("security.openshift.io/validated-scc-subject-type");
    }
    let mut pod = json!({"annotations": annotations, "securityContext": admission.spec["securityContext"]});
    for list in LISTS {
        let containers = admission.spec[list].as_array().into_iter().flatten();
        pod[list] = containers.map(|container| container["securityContext"].clone()).collect();
    }
    normal(pod)
}

/// Without what Go and JSON write differently: null, empty texts and lists are absent, a null in a list is the
/// zero of its type, the annotations and the security context of a pod are there.
fn normal(mut pod: Value) -> Value {
    clean(&mut pod);
    for key in ["annotations", "securityContext"] {
        if pod[key].is_null() {
            pod[key] = json!({});
        }
    }
    pod
}

fn clean(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                let zero = match key.as_str() {
                    "supplementalGroups" => json!(0),
                    "sysctls" => json!({}),
                    "add" | "drop" => json!(""),
                    _ => Value::Null,
                };
                let nulls = value.as_array_mut().into_iter().flatten().filter(|item| item.is_null());
                nulls.for_each(|item| *item = zero.clone());
                clean(value);
            }
            fields.retain(|_, value| !(value.is_null() || *value == json!("") || *value == json!([])));
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        _ => {}
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            let fields: Map<String, Value> = keys.into_iter().map(|key| (key.clone(), sorted(&fields[key]))).collect();
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// FNV-1a: short, and the same everywhere.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What OpenShift's own library says: that of 4.20 of the older releases, that of 4.21 to 5.x of the rest.
pub(crate) fn ask(cases: &[SccCase]) -> Vec<Value> {
    let is_old = |case: &&SccCase| case.release.is_some_and(|release| release < Release::NEWEST);
    let (old, new): (Vec<&SccCase>, Vec<&SccCase>) = cases.iter().partition(is_old);
    let mut old = ask_one("go-4.20.mod", &old).into_iter();
    let mut new = ask_one("go.mod", &new).into_iter();
    let answers = cases.iter().map(|case| if is_old(&case) { old.next() } else { new.next() });
    answers.map(|answer| answer.expect("an answer for every question")).collect()
}

fn ask_one(go_mod: &str, cases: &[&SccCase]) -> Vec<Value> {
    let mut questions: Vec<Value> = Release::CHECKED.iter().map(|release| table(*release)).collect();
    questions.extend(cases.iter().map(|case| {
        let (table, own) = (case.release.map(|release| release.to_string()), &case.own);
        let any = case.is_older_than_required();
        json!({"table": table, "sccs": own, "usable": case.usable, "namespace": case.namespace, "any": any, "pod": case.pod})
    }));
    process::ask(&process::build("scc", go_mod), questions).iter().map(theirs).collect()
}

fn table(release: Release) -> Value {
    let mut sccs = json!(Constraints::of(release).iter().collect::<Vec<_>>());
    for scc in sccs.as_array_mut().into_iter().flatten() {
        if release == Release::CHECKED[0] && scc["allowedUnsafeSysctls"] != json!(["*"]) {
            scc["forbiddenSysctls"] = json!(SAFE_SINCE_4_16);
        }
    }
    json!({"define": release.to_string(), "sccs": sccs})
}

fn theirs(answer: &Value) -> Value {
    match (answer["refused"].as_str(), &answer["windows"], answer["tried"].as_array()) {
        (Some(why), ..) if why.starts_with("required SCC") => json!("nothing usable"),
        (Some(_), ..) => json!("undecodable"),
        (None, Value::Bool(true), _) => json!("windows"),
        (None, _, None) => json!("nothing usable"),
        (None, _, Some(tried)) => {
            let tried: Vec<Value> = tried
                .iter()
                .map(|one| match one["errors"].as_array() {
                    Some(errors) => {
                        let fields: BTreeSet<&str> = errors.iter().filter_map(Value::as_str).map(field).collect();
                        json!({"scc": one["scc"], "refuses": fields})
                    }
                    None => json!({"scc": one["scc"], "pod": normal(one["pod"].clone())}),
                })
                .collect();
            json!({"by": answer["admitted_by"], "tried": tried})
        }
    }
}

/// Our name of a field that the library refuses.
fn field(path: &str) -> &str {
    let last = path.rsplit('.').next().unwrap_or(path);
    match last {
        _ if path.contains("seccomp.security.alpha.kubernetes.io") => "seccompProfile",
        _ if path.contains(".sysctls[") => "sysctls",
        "driver" => "flexVolumes",
        _ if path.starts_with("spec.volumes[") => "volumes",
        "level" | "role" | "type" | "user" => "seLinuxOptions",
        "add" | "drop" | "capabilities" => "capabilities",
        "hostPort" => "hostPorts",
        other => other,
    }
}
