//! Looks from inside of the cluster: a Job that passes `restricted`, and is removed again.

use serde_json::{Value, json};

use super::Report;
use crate::cluster::Cluster;
use crate::stack::Wanted;

/// Seconds that the Job may take, its image's pull included.
const PATIENCE: &str = "--timeout=180s";

/// Prints one line for each name and address: `ok WHAT` or `no WHAT: WHY`.
const PROGRAM: &str = r#"
import os, socket, urllib.error, urllib.request
def look(what, attempt):
    try:
        attempt(); print("ok", what, flush=True)
    except Exception as error:
        print("no", f"{what}: {error}", flush=True)
look("dns", lambda: socket.getaddrinfo("kubernetes.default.svc", 443))
def fetch(url):
    try:
        urllib.request.urlopen(urllib.request.Request(url, headers={"User-Agent": "sparkyard"}), timeout=20).read(1)
    except urllib.error.HTTPError as error:
        if error.code >= 500 or error.code in (401, 403, 407): raise
for url in os.environ["URLS"].split(): look(url, lambda: fetch(url))
"#;

pub(super) fn examine(cluster: &Cluster, wanted: &Wanted, report: &mut Report) {
    let plan = &wanted.made.plan;
    let text =
        |path: [&str; 2]| plan.global.get(path[0]).and_then(|map| map[path[1]].as_str()).unwrap_or_default().to_owned();
    let mut urls: Vec<String> = Vec::new();
    if text(["jars", "source"]) == "download" {
        urls.push(text(["jars", "repository"]));
    }
    if text(["python", "source"]) == "download" {
        urls.push(text(["python", "indexUrl"]));
    }
    urls.push(text(["s3", "endpoint"]));
    urls.retain(|url| url.starts_with("http"));
    let Some(image) = image(wanted) else {
        return report.warn("probe", "no pod of the stack has an image with Python", "nothing was run");
    };
    let job = job(&image, &urls.join(" "), wanted);
    let made = match cluster.kubectl_with(&["create", "-f", "-", "-o", "name"], &job) {
        Ok(name) => name.trim().to_owned(),
        Err(why) => return report.fail("probe", why.message, why.help.unwrap_or_default()),
    };
    let waited = cluster.kubectl(&["wait", "--for=condition=Complete", &made, PATIENCE]);
    let name = made.rsplit('/').next().unwrap_or_default().to_owned();
    let log = cluster.kubectl(&["logs", &made]).unwrap_or_default();
    if waited.is_ok() {
        report.pass("probe", format!("the image {image} was pulled and runs under the namespace's rules"));
    } else {
        let causes = cluster.observe(&name).map(|observed| sparkyard_diagnose::diagnose(&observed)).unwrap_or_default();
        match causes.first() {
            Some(cause) => report.fail(
                "probe",
                format!("a pod does not start: {} [{}]", cause.message, cause.rule),
                cause.cure.clone(),
            ),
            None => report.fail(
                "probe",
                "a pod did not end within 3 minutes",
                format!("{} describe {made}", cluster.kubectl_words()),
            ),
        }
    }
    for line in log.lines() {
        match line.split_once(' ') {
            Some(("ok", what)) => report.pass("reach", format!("{what} answers from inside of the cluster")),
            Some(("no", "dns")) => {}
            Some(("no", what)) if what.starts_with("dns") => report.fail("reach", format!("pods cannot look up names: {what}"), "docs/fix.md#name-lookup"),
            Some(("no", what)) => report.fail("reach", format!("from inside of the cluster: {what}"), "name a mirror that pods reach in `global.jars.repository` and `global.python.indexUrl`: docs/company.md"),
            _ => {}
        }
    }
    let _ = cluster.kubectl(&["delete", &made, "--ignore-not-found", "--wait=false"]);
}

/// The image of the stack's init containers, which has Python.
fn image(wanted: &Wanted) -> Option<String> {
    let pods = wanted.made.stack.pods();
    let containers = pods.iter().flat_map(|pod| sparkyard_check::items(&pod.spec["initContainers"]));
    containers.filter(|one| one["name"] == "prepare").find_map(|one| one["image"].as_str().map(str::to_owned))
}

fn job(image: &str, urls: &str, wanted: &Wanted) -> Value {
    let openshift = wanted.made.stack.target.openshift;
    let mut security = json!({"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}});
    if !openshift {
        security["runAsUser"] = json!(185);
    }
    let secrets = wanted.made.plan.global.get("imagePullSecrets").cloned().unwrap_or_else(|| json!([]));
    let name = format!("sparkyard-doctor-{}", std::process::id());
    let labels = json!({"app.kubernetes.io/part-of": name, "app.kubernetes.io/component": "doctor", "app.kubernetes.io/managed-by": "sparkyard"});
    json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": name, "labels": labels},
        "spec": {"backoffLimit": 0, "activeDeadlineSeconds": 180, "ttlSecondsAfterFinished": 300, "template": {
            "metadata": {"labels": labels},
            "spec": {
                "restartPolicy": "Never", "automountServiceAccountToken": false, "enableServiceLinks": false,
                "securityContext": security, "imagePullSecrets": secrets,
                "containers": [{
                    "name": "look", "image": image, "command": ["python3", "-c", PROGRAM],
                    "env": [{"name": "URLS", "value": urls}],
                    "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
                    "resources": {"requests": {"cpu": "50m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
                }],
            },
        }},
    })
}
