//! Each cause, from objects as the API server writes them and from lines that the charts' own programs print.
//!
//! The objects are cut down to what a cluster always sends; their messages are Kubernetes' own words.

use serde_json::{Value, json};
use sparkyard_diagnose::{Log, Observed, RULES, State, components, diagnose, page, wanted_logs};

fn labels(component: &str) -> Value {
    json!({"app.kubernetes.io/part-of": "demo", "app.kubernetes.io/component": component})
}

fn object(kind: &str, name: &str, component: &str, rest: &Value) -> Value {
    let mut object = json!({"kind": kind, "metadata": {"name": name, "namespace": "spark", "uid": name, "labels": labels(component)}});
    for (key, value) in rest.as_object().expect("a map") {
        object[key] = value.clone();
    }
    object
}

fn event(kind: &str, name: &str, reason: &str, message: &str) -> Value {
    json!({"kind": "Event", "reason": reason, "message": message, "lastTimestamp": "2026-01-01T00:00:00Z",
        "involvedObject": {"kind": kind, "name": name, "uid": name}})
}

/// A ReplicaSet that wants a pod and gets none.
fn refused(message: &str) -> Observed {
    let maker = object("ReplicaSet", "demo-x-1", "x", &json!({"spec": {"replicas": 1}, "status": {"replicas": 0}}));
    Observed::of_stack("demo", vec![maker, event("ReplicaSet", "demo-x-1", "FailedCreate", message)])
}

/// A pod with one container in this state.
fn pod(component: &str, phase: &str, status: &Value) -> Value {
    let mut one =
        json!({"name": "main", "image": "r/i:1", "ready": false, "restartCount": 0, "state": {}, "lastState": {}});
    for (key, value) in status.as_object().expect("a map") {
        one[key] = value.clone();
    }
    object(
        "Pod",
        &format!("demo-{component}-0"),
        component,
        &json!({
            "spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}}]},
            "status": {"phase": phase, "containerStatuses": [one]},
        }),
    )
}

fn waits(reason: &str, message: &str) -> Observed {
    Observed::of_stack(
        "demo",
        vec![pod("x", "Pending", &json!({"state": {"waiting": {"reason": reason, "message": message}}}))],
    )
}

/// A pod that prints this.
fn prints(component: &str, container: &str, text: &str) -> Observed {
    let mut observed = Observed::of_stack("demo", vec![pod(component, "Pending", &json!({"state": {"running": {}}}))]);
    observed.logs.push(Log {
        pod: format!("demo-{component}-0"),
        container: container.to_owned(),
        text: text.to_owned(),
    });
    observed
}

/// Exactly these rules are named, and the first message holds these words.
fn names(observed: &Observed, rules: &[&str], words: &str) {
    let causes = diagnose(observed);
    assert_eq!(causes.iter().map(|cause| cause.rule).collect::<Vec<_>>(), rules, "{causes:#?}");
    assert!(causes[0].message.contains(words), "`{words}` is missing: {:#?}", causes[0]);
    assert_eq!(causes[0].page, format!("docs/fix.md#{}", rules[0]));
}

#[test]
fn pods_that_are_refused() {
    let pss = "Error creating: pods \"demo-x-1\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or container \"main\" must set securityContext.runAsNonRoot=true)";
    names(&refused(pss), &["pod-security"], "`restricted` refuses the pods");
    let scc = "Error creating: pods \"demo-x-1\" is forbidden: unable to validate against any security context constraint: [provider restricted-v2: .containers[0].runAsUser: Invalid value: 185: must be in the ranges: [1000660000, 1000669999]]";
    names(&refused(scc), &["scc"], "fixed user or group id");
    let quota = "Error creating: pods \"demo-x-1\" is forbidden: exceeded quota: small, requested: requests.cpu=500m, used: requests.cpu=0, limited: requests.cpu=200m";
    names(&refused(quota), &["quota"], "the quota `small` is too small: asked for requests.cpu=500m");
    let unsaid = "Error creating: pods \"demo-x-1\" is forbidden: failed quota: q: must specify limits.cpu for: main";
    names(&refused(unsaid), &["quota"], "must specify limits.cpu");
    let account = "Error creating: pods \"demo-x-1\" is forbidden: error looking up service account spark/demo-x: serviceaccount \"demo-x\" not found";
    names(&refused(account), &["pod-not-created"], "a ServiceAccount is missing");
}

#[test]
fn what_was_refused_once_and_is_there_now_is_history() {
    let mut observed = refused("Error creating: exceeded quota: small, requested: a, used: b");
    observed
        .objects
        .iter_mut()
        .filter(|one| one["kind"] == "ReplicaSet")
        .for_each(|one| one["status"]["replicas"] = json!(1));
    assert_eq!(diagnose(&observed), Vec::new());
}

#[test]
fn claims() {
    let claim = |spec: &Value| {
        object("PersistentVolumeClaim", "data-demo-s3-0", "s3", &json!({"spec": spec, "status": {"phase": "Pending"}}))
    };
    let class = |default: &str| json!({"kind": "StorageClass", "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": default}}});
    let stack = |objects| Observed::of_stack("demo", objects);
    names(
        &stack(vec![claim(&json!({"storageClassName": "fast"})), class("true")]),
        &["storage-class"],
        "`fast`, which does not exist: there is standard",
    );
    names(&stack(vec![claim(&json!({})), class("false")]), &["storage-class"], "the cluster has no default one");
    // A claim that waits for its pod is no fault.
    assert_eq!(diagnose(&stack(vec![claim(&json!({"storageClassName": "standard"})), class("true")])), Vec::new());
    let failed = event("PersistentVolumeClaim", "data-demo-s3-0", "ProvisioningFailed", "no space left");
    names(
        &stack(vec![claim(&json!({"storageClassName": "standard"})), class("true"), failed]),
        &["claim"],
        "cannot make the volume",
    );
}

#[test]
fn pods_without_a_node() {
    let mut one = pod("x", "Pending", &json!({}));
    let said = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available";
    one["status"]["conditions"] =
        json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": said}]);
    names(
        &Observed::of_stack("demo", vec![one]),
        &["unschedulable"],
        "no node has enough CPU left (it asks for cpu 500m",
    );
}

#[test]
fn containers_that_do_not_start() {
    names(
        &waits("ErrImagePull", "failed to pull and unpack image \"r/i:1\": r/i:1: not found"),
        &["image"],
        "no such image or tag",
    );
    names(
        &waits("ImagePullBackOff", "Back-off: dial tcp: lookup r: no such host"),
        &["image"],
        "cannot look up the registry's name",
    );
    names(
        &waits("CreateContainerConfigError", "secret \"mine\" not found"),
        &["config-missing"],
        "the Secret mine does not exist",
    );
    names(
        &waits("CreateContainerConfigError", "couldn't find key token in Secret spark/mine"),
        &["config-missing"],
        "the Secret mine has no key `token`",
    );
    names(
        &waits("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"),
        &["container-start"],
        "runs as root",
    );
    let one = pod("x", "Pending", &json!({"state": {"waiting": {"reason": "ContainerCreating"}}}));
    let mount = event(
        "Pod",
        "demo-x-0",
        "FailedMount",
        "MountVolume.SetUp failed for volume \"ca\" : configmap \"ca\" not found",
    );
    names(&Observed::of_stack("demo", vec![one, mount]), &["config-missing"], "the ConfigMap ca does not exist");
}

#[test]
fn containers_that_die() {
    let dead = json!({"restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}});
    names(
        &Observed::of_stack("demo", vec![pod("x", "Running", &dead)]),
        &["out-of-memory"],
        "more than its limit of 2Gi",
    );
    let dead = json!({"restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"reason": "Error", "exitCode": 1}}});
    let mut observed = Observed::of_stack("demo", vec![pod("x", "Running", &dead)]);
    let wanted = wanted_logs(&observed);
    assert!(wanted.len() == 1 && wanted[0].previous, "{wanted:?}");
    observed.logs.push(Log {
        pod: "demo-x-0".into(),
        container: "main".into(),
        text: "a\nb\nException: boom\n".into(),
    });
    names(&observed, &["crash-loop"], "ends with code 1, after 3 restarts");
    assert!(diagnose(&observed)[0].evidence.ends_with("Exception: boom"));
}

/// Lines of chart-blocks/_shared/files/prepare.py, run with a mirror, store or neighbour that is not there.
#[test]
fn what_prepare_prints() {
    let url = "http://127.0.0.1:8123/maven2/a/b-1.jar";
    let hash =
        format!("prepare:   0.0s failed: {url} has SHA-256 73cb, expected 0000: the repository serves another file\n");
    names(
        &prints("metastore", "prepare", &hash),
        &["jar-hash"],
        "b-1.jar is another file than the one that was locked",
    );
    let mirror = format!("prepare:   0.0s waiting: cannot fetch {url}: [Errno 111] Connection refused\n");
    names(&prints("metastore", "prepare", &mirror), &["mirror"], "from 127.0.0.1:8123: it does not answer");
    let lacks = format!("prepare:   0.0s waiting: cannot fetch {url}: HTTP 404 for {url}\n");
    names(&prints("metastore", "prepare", &lacks), &["mirror"], "it does not have the file");
    let neighbour = "prepare:   0.0s waiting: no connection to demo-metastore.spark.svc.cluster.local:9083: [Errno 111] Connection refused\n";
    names(&prints("connect", "prepare", neighbour), &["neighbour"], "it waits for `metastore`");
    let answered = format!("{neighbour}prepare:   3.0s demo-metastore.spark.svc.cluster.local:9083 answers\n");
    assert_eq!(diagnose(&prints("connect", "prepare", &answered)), Vec::new());
    let dns = "prepare:   0.0s waiting: no connection to demo-metastore.spark.svc.cluster.local:9083: [Errno -2] Name or service not known\n";
    names(&prints("connect", "prepare", dns), &["name-lookup"], "the cluster's DNS does not answer");
    let store = "prepare:   0.1s waiting: cannot look at bucket spark at http://demo-s3.spark.svc.cluster.local:8333: [Errno 111] Connection refused\n";
    names(
        &prints("history", "prepare", store),
        &["s3-bucket"],
        "the S3 store at demo-s3.spark.svc.cluster.local does not answer",
    );
    let keys =
        "prepare:   0.1s failed: cannot look at bucket spark: HTTP 403: the S3 keys are wrong or may not do this\n";
    names(&prints("history", "prepare", keys), &["s3-keys"], "the S3 store refuses the keys");
}

#[test]
fn what_spark_and_the_metastore_print() {
    let password = "Caused by: org.postgresql.util.PSQLException: FATAL: password authentication failed for user \"hive\"\nschema: cannot be made, and there is none of this version.\n";
    names(&prints("metastore", "schema", password), &["database-password"], "the password of the user hive");
    let bucket = "Exception in thread \"main\" java.io.FileNotFoundException: No such file or directory: s3a://nowhere/spark-logs\n";
    names(&prints("history", "history", bucket), &["s3-bucket"], "the bucket nowhere");
    let rights = "Message: pods is forbidden: User \"system:serviceaccount:spark:demo-connect\" cannot create resource \"pods\" in API group \"\" in the namespace \"spark\".\n";
    names(&prints("connect", "connect", rights), &["executor-refused"], "the driver's account has too few rights");
    names(
        &prints("connect", "connect", "java.net.BindException: Address already in use\n"),
        &["port-taken"],
        "finds its port taken",
    );
}

#[test]
fn the_echo_of_a_fault_is_not_said() {
    let mut observed = prints(
        "connect",
        "prepare",
        "prepare: waiting: no connection to demo-metastore.spark.svc:9083: [Errno 111] Connection refused\n",
    );
    observed.objects.push(object(
        "Deployment",
        "demo-metastore",
        "metastore",
        &json!({"spec": {"replicas": 0}, "status": {}}),
    ));
    names(&observed, &["scaled-to-zero"], "it is scaled to zero");
    let metastore = components(&observed).into_iter().find(|one| one.name == "metastore").expect("a component");
    assert_eq!(metastore.state, State::Stopped);
}

#[test]
fn a_component_that_answers_is_healthy() {
    let ready = object(
        "Deployment",
        "demo-x",
        "x",
        &json!({"metadata": {"name": "demo-x", "generation": 2, "labels": labels("x")},
        "spec": {"replicas": 1}, "status": {"observedGeneration": 2, "readyReplicas": 1, "updatedReplicas": 1}}),
    );
    let all = components(&Observed::of_stack("demo", vec![ready.clone()]));
    assert_eq!((all[0].state, all[0].detail.as_str()), (State::Healthy, "1 of 1 ready"));
    // Of another stack, nothing is said.
    assert_eq!(components(&Observed::of_stack("other", vec![ready])), Vec::new());
}

#[test]
fn rules_say_all_that_a_section_needs() {
    let page = page();
    for (at, rule) in RULES.iter().enumerate() {
        for text in [rule.symptom, rule.cause, rule.cure, rule.check] {
            assert!(!text.is_empty() && !text.ends_with('.') && !text.contains("  "), "{}: {text}", rule.id);
        }
        assert!(RULES[..at].iter().all(|other| other.id != rule.id), "{} is there twice", rule.id);
        assert!(page.contains(&format!("\n## {}\n", rule.id)), "{} has no section", rule.id);
    }
}
