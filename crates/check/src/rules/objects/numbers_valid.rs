//! Numbers that Kubernetes does not accept.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Container, Pod, items};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "numbers-valid",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Replicas, probes, deadlines and modes have numbers that Kubernetes accepts",
    why: "The API server refuses the object: `must be greater than or equal to 0`, `must be 1`. File modes are the trap: 420 \
          and 0644 are the same in YAML, 644 is another.",
    fix: "Correct the number, and give the value a minimum and a maximum in the schema.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: -1  # wrong
          template:
            spec:
              volumes:
                - name: conf
                  configMap:
                    name: a
                    defaultMode: 644  # wrong
              containers:
                - name: a
                  livenessProbe:
                    tcpSocket: {port: 80}
                    successThreshold: 2  # wrong
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: a
        spec:
          minReplicas: 4
          maxReplicas: 2  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: a
        spec:
          replicas: 0
          template:
            spec:
              volumes:
                - name: conf
                  configMap:
                    name: a
                    defaultMode: 0644
              containers:
                - name: a
                  livenessProbe:
                    tcpSocket: {port: 80}
                    successThreshold: 1
    "}),
    check: Check::Stack(check),
};

/// Fields of a spec, with the least and the greatest number.
type Range = (&'static str, i64, i64);

const ANY: i64 = i64::MAX;
const PROBE: [Range; 6] = [
    ("initialDelaySeconds", 0, ANY),
    // 0 is the default for these.
    ("timeoutSeconds", 0, ANY),
    ("periodSeconds", 0, ANY),
    ("successThreshold", 0, ANY),
    ("failureThreshold", 0, ANY),
    ("terminationGracePeriodSeconds", 1, ANY),
];
const JOB: [Range; 7] = [
    ("parallelism", 0, ANY),
    ("completions", 0, ANY),
    ("backoffLimit", 0, ANY),
    ("backoffLimitPerIndex", 0, ANY),
    ("maxFailedIndexes", 0, ANY),
    ("activeDeadlineSeconds", 1, ANY),
    ("ttlSecondsAfterFinished", 0, ANY),
];
const WORKLOAD: [Range; 4] = [
    ("replicas", 0, ANY),
    ("minReadySeconds", 0, ANY),
    ("revisionHistoryLimit", 0, ANY),
    ("progressDeadlineSeconds", 1, ANY),
];
const POD: [Range; 2] = [("terminationGracePeriodSeconds", 0, ANY), ("activeDeadlineSeconds", 1, i32::MAX as i64)];
const IDS: [Range; 3] =
    [("runAsUser", 0, i32::MAX as i64), ("runAsGroup", 0, i32::MAX as i64), ("fsGroup", 0, i32::MAX as i64)];
const CRON: [Range; 3] =
    [("startingDeadlineSeconds", 0, ANY), ("successfulJobsHistoryLimit", 0, ANY), ("failedJobsHistoryLimit", 0, ANY)];

/// Fields whose number lies outside of its range.
fn outside<'r>(value: &'r Value, ranges: &'r [Range]) -> impl Iterator<Item = (&'static str, String)> + 'r {
    ranges.iter().filter_map(|(key, least, most)| {
        let number = value[*key].as_i64()?;
        if number < *least {
            Some((*key, format!("{key} is {number}; the least is {least}")))
        } else {
            (number > *most).then(|| (*key, format!("{key} is {number}; the most is {most}")))
        }
    })
}

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        let spec = object.at("spec");
        let ranges: &[(&str, &[Range])] = match (object.group(), object.kind()) {
            ("apps", _) | ("", "ReplicationController") => &[("spec", &WORKLOAD)],
            ("batch", "Job") => &[("spec", &JOB)],
            ("batch", "CronJob") => &[("spec", &CRON), ("spec.jobTemplate.spec", &JOB)],
            ("autoscaling", "HorizontalPodAutoscaler") => {
                &[("spec", &[("minReplicas", 0, ANY), ("maxReplicas", 1, ANY)])]
            }
            _ => continue,
        };
        for (path, ranges) in ranges {
            for (key, message) in outside(object.at(path), ranges) {
                report.object(index, Path::of(path).key(key), message);
            }
        }
        // The least is 1 when nothing is said.
        let (least, most) = (spec["minReplicas"].as_i64().unwrap_or(1), spec["maxReplicas"].as_i64());
        if let Some(most) =
            most.filter(|most| object.kind() == "HorizontalPodAutoscaler" && *most >= 1 && *most < least)
        {
            report.object(
                index,
                Path::of("spec.maxReplicas"),
                format!("maxReplicas is {most}, below minReplicas {least}"),
            );
        }
    }
    for pod in stack.pods() {
        check_pod(&pod, report);
    }
}

fn check_pod(pod: &Pod<'_>, report: &mut Report) {
    let mut of_spec: Vec<(Path, String)> = Vec::new();
    let mut add = |path: Path, value: &Value, ranges: &[Range]| {
        of_spec.extend(outside(value, ranges).map(|(key, message)| (path.key(key), message)));
    };
    let spec_path = pod.spec_path();
    add(spec_path.clone(), pod.spec, &POD);
    add(spec_path.key("securityContext"), &pod.spec["securityContext"], &IDS);
    for (at, spread) in items(&pod.spec["topologySpreadConstraints"]).enumerate() {
        add(
            spec_path.key("topologySpreadConstraints").index(at),
            spread,
            &[("maxSkew", 1, ANY), ("minDomains", 1, ANY)],
        );
    }
    for (affinity, key) in ["nodeAffinity", "podAffinity", "podAntiAffinity"]
        .map(|kind| (kind, "preferredDuringSchedulingIgnoredDuringExecution"))
    {
        for (at, term) in items(&pod.spec["affinity"][affinity][key]).enumerate() {
            add(spec_path.key("affinity").key(affinity).key(key).index(at), term, &[("weight", 1, 100)]);
        }
    }
    for (at, volume) in items(&pod.spec["volumes"]).enumerate() {
        for source in ["configMap", "secret", "downwardAPI", "projected"] {
            let path = spec_path.key("volumes").index(at).key(source);
            add(path.clone(), &volume[source], &[("defaultMode", 0, 0o777)]);
            for (number, item) in items(&volume[source]["items"]).enumerate() {
                add(path.key("items").index(number), item, &[("mode", 0, 0o777)]);
            }
        }
    }
    for container in pod.containers() {
        add(container.path.key("securityContext"), &container.value["securityContext"], &IDS);
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            add(container.path.key(probe), &container.value[probe], &PROBE);
        }
    }
    for (path, message) in of_spec {
        report.pod(pod, path, message);
    }
    for container in pod.containers() {
        thresholds(pod, &container, report);
    }
}

/// Only readiness may ask for several successes.
fn thresholds(pod: &Pod<'_>, container: &Container<'_>, report: &mut Report) {
    for probe in ["livenessProbe", "startupProbe"] {
        if container.value[probe]["successThreshold"].as_i64().is_some_and(|number| number > 1) {
            let path = container.path.key(probe).key("successThreshold");
            report.pod(pod, path, format!("successThreshold of a {probe} must be 1"));
        }
    }
}
