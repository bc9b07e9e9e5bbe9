//! Damages a good chart hundreds of times: what helm, the API server or admission refuses, `sparkyard check` finds first.
//!
//! The API server is asked when `SPARKYARD_CLUSTER` names a namespace of the cluster of KUBECONFIG (tests/cluster/run does
//! so); without it helm alone decides.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use sparkyard_check::{ChartSource, Release, Stage, Target, check_source, check_stack, install};
use sparkyard_model::{Finding, Severity};
use sparkyard_render::{Chart, RenderError, UserValues};
use sparkyard_tests::mutation::{Mutant, mutant};
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, helm, parallel};

/// Groups of rules that say: this is refused. The others say: this will not work, or nobody will like it.
const REFUSING: &[&str] =
    &["api-served", "unknown-field", "missing-field", "wrong-type", "bad-choice", "pod-admission"];

fn ours(files: &BTreeMap<String, Vec<u8>>, namespace: &str) -> Vec<Finding> {
    let chart = match Chart::load(files, "") {
        Ok(chart) => chart,
        Err(error) => return error.into_findings(),
    };
    let platform = Target::of(&catalogue::catalogue().platforms[0]).expect("a policy");
    let target = Target { namespace: namespace.to_owned(), ..platform };
    let release = Release { chart: &chart, name: "demo".into(), user: UserValues::default(), written: None };
    let mut findings = check_source(&ChartSource::new(&chart, files, ""));
    match install(&[release], target, &[], Stage::Install) {
        Ok(stack) => findings.extend(check_stack(&stack)),
        Err(RenderError::Outside(more) | RenderError::Refused(more)) => findings.extend(more),
    }
    findings.retain(|finding| finding.severity >= Severity::Warning);
    findings
}

/// Why somebody refuses the chart.
fn refusal(files: &BTreeMap<String, Vec<u8>>, cluster: Option<&str>) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let namespace = cluster.unwrap_or(helm::NAMESPACE);
    let output = helm::run(folder.path(), ["template", "demo", ".", "--namespace", namespace]);
    if !output.status.success() {
        return Some(format!("helm: {}", first_line(&output.stderr)));
    }
    apply(&output.stdout, cluster?)
        .or_else(|| apply(pods(&String::from_utf8_lossy(&output.stdout)).as_bytes(), cluster?))
}

/// What the API server says to manifests.
fn apply(manifests: &[u8], namespace: &str) -> Option<String> {
    let mut child = Command::new("kubectl")
        .args(["apply", "--dry-run=server", "--validate=strict", "--namespace", namespace, "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("kubectl is on PATH");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), manifests).ok();
    let output = child.wait_with_output().expect("kubectl ends");
    (!output.status.success()).then(|| format!("the API server: {}", first_line(&output.stderr)))
}

/// The pods of workloads as objects of their own, for a dry run of a workload does not judge them.
fn pods(manifests: &str) -> String {
    let file = std::rc::Rc::new(sparkyard_model::SourceText { name: "all".into(), text: manifests.to_owned() });
    let mut text = String::new();
    for (index, object) in sparkyard_check::Object::all_of(&file).0.iter().enumerate() {
        for pod in object.pods(index).iter().filter(|pod| pod.embedded.is_none() && !pod.is_template()) {
            let mut spec = pod.spec.clone();
            if spec["restartPolicy"].is_null() {
                spec["restartPolicy"] = "Always".into();
            }
            // The claims of a StatefulSet are made by its controller.
            if let Some(claims) = object.at("spec.volumeClaimTemplates").as_array() {
                let volumes = spec["volumes"].as_array().cloned().unwrap_or_default();
                let more =
                    claims.iter().map(|claim| serde_json::json!({"name": claim["metadata"]["name"], "emptyDir": {}}));
                spec["volumes"] = volumes.into_iter().chain(more).collect();
            }
            let made = serde_json::json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": format!("pod-{index}"), "labels": pod.labels()}, "spec": spec,
            });
            let _ = writeln!(text, "---\n{made}");
        }
    }
    text
}

fn first_line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).lines().filter(|l| !l.trim().is_empty()).take(2).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_refused_is_found_first() {
    let cluster = std::env::var("SPARKYARD_CLUSTER").ok();
    let namespace = cluster.clone().unwrap_or_else(|| helm::NAMESPACE.to_owned());
    let number: u64 = match (std::env::var("SPARKYARD_RANDOM"), catalogue::every_combination() || cluster.is_some()) {
        (Ok(text), _) => text.parse().expect("SPARKYARD_RANDOM is a number"),
        (Err(_), true) => 500,
        (Err(_), false) => 60,
    };
    let charts: Vec<_> = catalogue::tree().charts.iter().filter(|chart| chart.bricks.len() > 1).collect();
    let chart = charts.last().expect("an umbrella, which stands alone");
    assert_eq!(ours(&chart.files, &namespace), Vec::new(), "the good chart is good");
    assert_eq!(refusal(&chart.files, cluster.as_deref()), None, "the good chart is accepted");
    let seeds: Vec<u64> = (0..number).collect();
    let outcomes = parallel::map(&seeds, |seed| {
        let mutant = mutant(&chart.files, &mut fastrand::Rng::with_seed(*seed));
        let found: Vec<String> = ours(&mutant.files, &namespace).into_iter().map(|finding| finding.rule).collect();
        (mutant, found, *seed)
    });
    let judged = parallel::map(&outcomes, |(mutant, _, _)| refusal(&mutant.files, cluster.as_deref()));
    let mut report = Report::default();
    let (mut refused, mut missed, mut alarms) = (0, 0, 0);
    for ((Mutant { what, .. }, found, seed), refusal) in outcomes.iter().zip(judged) {
        let place = format!("seed {seed}: {what}");
        match refusal {
            Some(why) => {
                refused += 1;
                if found.is_empty() {
                    missed += 1;
                    report.add("refused, and not found", &place, [why]);
                }
            }
            None => {
                let wrong: Vec<&String> = found.iter().filter(|rule| REFUSING.contains(&rule.as_str())).collect();
                if cluster.is_some() && !wrong.is_empty() {
                    alarms += 1;
                    report.add("accepted, and found to be refused", &place, [format!("{wrong:?}")]);
                }
            }
        }
    }
    let by = if cluster.is_some() { "helm, the API server and admission" } else { "helm" };
    counted(&format!(
        "{number} damaged charts: {refused} refused by {by}, {missed} of them not found, {alarms} false alarms"
    ));
    assert!(
        refused * 10 > number,
        "only {refused} of {number} are refused: the damages are too small to prove anything"
    );
    report.finish();
}
