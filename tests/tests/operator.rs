//! Custom resources for Spark operators: they fit the schemas of their definitions, and what cannot be is refused in words.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::json;
use sparkyard_model::{Line, OverrideFile, Request, SourceText};
use sparkyard_tests::case::{Case, with_brick};
use sparkyard_tests::render::Render;
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, crds, helm};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| catalogue::written("operator"));

/// Every chart with the brick of the jobs: the chart, whether its line has the operator of Apache, and the prefix of its values.
fn with_the_brick() -> Vec<(Case, bool, &'static str)> {
    with("spark-operator", "spark-operator.")
}

/// Every chart with a brick, as [`with_the_brick`] says; `prefix` is that of an umbrella.
fn with(brick: &str, prefix: &'static str) -> Vec<(Case, bool, &'static str)> {
    let of = |(case, line, umbrella): (Case, &Line, bool)| {
        (case, !line.lacks.contains_key("apache"), if umbrella { prefix } else { "" })
    };
    with_brick(&FOLDER, "operator", brick).into_iter().map(of).collect()
}

/// A job for everything that can be said of one. `schedule` and `suspend` are kubeflow's.
fn jobs(kubeflow: bool) -> serde_json::Value {
    let own = |more: &str| json!({"application": "/opt/jobs/a.jar", "mainClass": format!("a.{more}")});
    let mut jobs = json!({
        "script": {"script": "print(1)", "arguments": ["--day", "1"], "pyFiles": ["s3a://spark/a.zip"], "run": "2"},
        "jar": own("B"),
        "again": {"application": "s3a://spark/a.py", "retries": 3, "retrySeconds": 5, "timeToLiveSeconds": 1000000},
        "forever": {"application": "/etc/sparkyard/stream.py", "continuous": true},
        "wide": {
            "application": "/app/a.py",
            "configMap": "mine",
            "jars": ["/opt/a.jar"],
            "driver": {"memoryOverhead": "1g", "requestCores": "500m", "limitCores": "2", "javaOptions": "-XX:+UseZGC"},
            "executor": {"memoryOverhead": "1g", "requestCores": "500m", "limitCores": "2"},
            "dynamicAllocation": {"enabled": true, "minExecutors": 0},
            "sparkConf": {"spark.sql.shuffle.partitions": 1000000, "spark.executor.cores": 2, "spark.executor.memory": "3g"},
            "pod": {"labels": {"a": "b"}, "annotations": {"a": "b"}, "extraEnv": [{"name": "A", "value": "b"}]},
        },
    });
    if kubeflow {
        jobs["nightly"] = json!({
            "script": "print(1)", "schedule": "0 3 * * *", "timeZone": "Europe/Berlin", "concurrencyPolicy": "Replace",
            "history": {"succeeded": 1, "failed": 0}, "suspend": true
        });
        jobs["waiting"] = json!({"script": "print(1)", "suspend": true});
    }
    jobs
}

fn set(prefix: &str, key: &str, value: &serde_json::Value) -> [String; 2] {
    ["--set-json".to_owned(), format!("{prefix}{key}={value}")]
}

#[test]
fn every_custom_resource_fits_its_definition() {
    let mut report = Report::default();
    let mut seen = 0;
    for (case, has_apache, prefix) in with_the_brick() {
        for api in ["kubeflow", "apache"].into_iter().filter(|api| *api == "kubeflow" || has_apache) {
            for platform in ["kubernetes", "openshift"] {
                let mut more = Vec::from(set(prefix, "api", &json!(api)));
                more.extend(set(prefix, "jobs", &jobs(api == "kubeflow")));
                more.extend(set("", "global.platform", &json!(platform)));
                if !prefix.is_empty() {
                    more.extend(set(prefix, "enabled", &json!(true)));
                }
                let more: Vec<&str> = more.iter().map(String::as_str).collect();
                let case = Case { openshift: platform == "openshift", ..case.clone() };
                let place = format!("{case} {api} {platform}");
                let render = Render::with(&case, "demo", &more).unwrap_or_else(|error| panic!("{place}: {error}"));
                let resources: Vec<_> =
                    render.objects().into_iter().filter(|o| o.kind().ends_with("SparkApplication")).collect();
                assert_eq!(resources.len(), if api == "kubeflow" { 7 } else { 5 }, "{place}");
                seen += resources.len();
                for object in resources {
                    let errors = crds::check(&object.value).unwrap_or_else(|| panic!("no schema for {}", object.id()));
                    report.add(&object.id(), &place, errors);
                    assert_eq!(object.pods(0).len(), 2, "{}: driver and executor are judged", object.id());
                    // What Apache's operator sets itself otherwise: no executor would find its driver, none would go.
                    let conf = &object.value["spec"]["sparkConf"];
                    if api == "apache" {
                        assert_eq!(conf["spark.kubernetes.executor.useDriverPodIP"], "false", "{place}");
                        assert_eq!(conf["spark.kubernetes.executor.deleteOnTermination"], "true", "{place}");
                    }
                }
                report.findings(&place, render.findings());
            }
        }
    }
    counted(&format!("{seen} custom resources held against their schemas"));
    assert!(seen > 0, "no chart has the brick");
    report.finish();
}

/// Everything that can be said of a cluster, and a cluster of which nothing is said.
fn clusters() -> serde_json::Value {
    let pod = |word: &str| {
        json!({
            "labels": {"a": word}, "annotations": {"a": word}, "extraEnv": [{"name": "A", "value": word}],
            "extraVolumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}],
            "extraVolumeMounts": [{"name": "v", "mountPath": "/v"}], "nodeSelector": {"a": word},
            "tolerations": [{"key": "a", "operator": "Exists"}], "priorityClassName": "system-cluster-critical",
        })
    };
    json!({
        "main": {},
        "wide": {
            "image": {"pullPolicy": "Always"},
            "master": {"heap": "1g", "javaOptions": "-XX:+UseZGC", "resources": {"limits": {"memory": "2Gi"}}, "pod": pod("m")},
            "worker": {
                "initial": 3, "min": 2, "max": 1000000, "cores": 4, "memory": "3g", "javaOptions": "-XX:+UseZGC",
                "keepSeconds": 1000000, "pod": pod("w"),
            },
            "sparkConf": {"spark.worker.timeout": 1000000, "spark.worker.cleanup.enabled": false},
        },
    })
}

/// The clusters of Apache's operator: what it makes of them is found by their drivers, and by nobody else.
#[test]
fn a_cluster_fits_its_definition() {
    let mut report = Report::default();
    let mut seen = 0;
    for (case, _, prefix) in with_the_brick().into_iter().filter(|(_, has_apache, _)| *has_apache) {
        for (platform, policies, encryption) in [("kubernetes", true, "none"), ("openshift", false, "network")] {
            let mut more = Vec::from(set(prefix, "api", &json!("apache")));
            more.extend(set(prefix, "jobs", &json!({})));
            more.extend(set(prefix, "clusters", &clusters()));
            more.extend(set("", "global.platform", &json!(platform)));
            more.extend(set("", "global.networkPolicy.enabled", &json!(policies)));
            more.extend(set("", "global.encryption", &json!(encryption)));
            if !prefix.is_empty() {
                more.extend(set(prefix, "enabled", &json!(true)));
            }
            let more: Vec<&str> = more.iter().map(String::as_str).collect();
            let case = Case { openshift: platform == "openshift", ..case.clone() };
            let place = format!("{case} {platform}");
            let render = Render::with(&case, "demo", &more).unwrap_or_else(|error| panic!("{place}: {error}"));
            let objects = render.objects();
            let made: Vec<_> = objects.iter().filter(|object| object.kind() == "SparkCluster").collect();
            assert_eq!(made.len(), 2, "{place}");
            for (cluster, workers) in made.iter().zip([[2, 2, 2], [3, 2, 1_000_000]]) {
                seen += 1;
                report.add(&cluster.id(), &place, crds::check(&cluster.value).expect("a schema"));
                let spec = &cluster.value["spec"];
                let counts = &spec["clusterTolerations"]["instanceConfig"];
                assert_eq!([&counts["initWorkers"], &counts["minWorkers"], &counts["maxWorkers"]], workers, "{place}");
                assert_eq!(spec["sparkConf"]["spark.master.rest.enabled"], "false", "{place}");
                // The longest name that Kubernetes makes of it: the label of a revision of the workers.
                assert!(format!("{}-worker-0123456789", cluster.name()).len() <= 63, "{}", cluster.id());
                let pods = cluster.pods(0);
                let names: Vec<_> = pods.iter().flat_map(|pod| pod.main_containers()).collect();
                let names: Vec<_> = names.iter().map(|container| container.name()).collect();
                // The operator puts its commands into the containers of these names, and a port twice is refused.
                assert_eq!(names, ["master", "worker"], "{place}");
                for (pod, ports) in pods.iter().zip([&[][..], &[7078, 7079]]) {
                    let container = &pod.main_containers()[0];
                    let own = container.value["ports"].as_array().map(Vec::as_slice).unwrap_or_default();
                    let own: Vec<_> = own.iter().map(|port| &port["containerPort"]).collect();
                    assert_eq!(
                        own,
                        ports.iter().map(|port| json!(port)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
                    );
                    let env = container.value["env"].as_array().expect("its environment");
                    for taken in ["SPARK_MASTER_OPTS", "SPARK_WORKER_OPTS", "SPARK_LOG_DIR"] {
                        assert!(!env.iter().any(|one| one["name"] == taken), "{place}: {taken}");
                    }
                    let secret = env.iter().any(|one| one["name"] == "_SPARK_AUTH_SECRET");
                    assert_eq!(secret, encryption != "none", "{place}");
                    // The one that drivers have could make pods.
                    let account = pod.spec["serviceAccountName"].as_str().expect("an account");
                    assert!(account.ends_with("-app-executor"), "{place}: {account}");
                }
                let selectors = ["masterSpec", "workerSpec"].map(|role| &spec[role]["statefulSetSpec"]["selector"]);
                for (at, selector) in selectors.into_iter().enumerate() {
                    let chosen: Vec<_> = made
                        .iter()
                        .flat_map(|other| {
                            other.pods(0).into_iter().enumerate().map(move |(role, pod)| (other, role, pod))
                        })
                        .filter(|(_, _, pod)| sparkyard_check::fits(selector, pod.labels()))
                        .map(|(other, role, _)| (other.name(), role))
                        .collect();
                    assert_eq!(chosen, [(cluster.name(), at)], "{place}");
                }
                let host = spec["masterSpec"]["statefulSetSpec"]["serviceName"].as_str().expect("a Service");
                let service = objects.iter().find(|o| o.kind() == "Service" && o.name() == host).expect("it is made");
                assert!(sparkyard_check::selects(&service.value["spec"]["selector"], pods[0].labels()), "{place}");
            }
            report.findings(&place, render.findings());
        }
    }
    counted(&format!("{seen} clusters held against their schema"));
    assert!(seen > 0, "no chart has the brick");
    report.finish();
}

/// Another value makes another cluster, under a Service that stays.
#[test]
fn another_value_is_another_cluster() {
    let (case, _, prefix) = with_the_brick().into_iter().rfind(|(_, has, _)| *has).expect("a line that has clusters");
    let names = |more: &serde_json::Value| {
        let mut args = Vec::from(set(prefix, "api", &json!("apache")));
        args.extend(set(prefix, "clusters", &json!({"main": more})));
        args.extend(set(prefix, "enabled", &json!(true)));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let render = Render::with(&case, "demo", &args).expect("it renders");
        let named = |kind: &str| {
            let found = render.objects().into_iter().filter(|o| o.kind() == kind && o.name().contains("-cluster-main"));
            found.map(|object| object.name().to_owned()).collect::<Vec<_>>()
        };
        (named("SparkCluster"), named("Service"))
    };
    let (plain, larger) = (names(&json!({})), names(&json!({"worker": {"cores": 3}})));
    assert_eq!(plain, names(&json!({"worker": {"cores": 2}})));
    assert_ne!(plain.0, larger.0);
    assert_eq!(plain.1, larger.1);
}

/// The server of Spark Connect as kubeflow's operator makes it.
#[test]
fn a_spark_connect_fits_its_definition() {
    let mut report = Report::default();
    let cases = with("spark-connect", "spark-connect.");
    assert!(cases.len() > 2, "every line has the brick");
    for (case, _, prefix) in cases {
        for platform in ["kubernetes", "openshift"] {
            let extras = json!({
                "labels": {"a": "b"}, "extraEnv": [{"name": "A", "value": "b"}],
                "extraContainers": [{"name": "more", "image": "a:1"}], "extraVolumes": [{"name": "v", "emptyDir": {}}],
            });
            let mut more = Vec::from(set(prefix, "backend", &json!("operator")));
            more.extend(set(prefix, "pod", &extras));
            more.extend(set("", "global.platform", &json!(platform)));
            let more: Vec<&str> = more.iter().map(String::as_str).collect();
            let case = Case { openshift: platform == "openshift", ..case.clone() };
            let place = format!("{case} {platform}");
            let render = Render::with(&case, "demo", &more).unwrap_or_else(|error| panic!("{place}: {error}"));
            let objects = render.objects();
            let servers: Vec<_> = objects.iter().filter(|object| object.kind() == "SparkConnect").collect();
            let [server] = servers.as_slice() else { panic!("{place}: {} servers", servers.len()) };
            report.add(&server.id(), &place, crds::check(&server.value).expect("a schema"));
            let pods = server.pods(0);
            let [pod] = pods.as_slice() else { panic!("{place}: {} pods", pods.len()) };
            // The operator puts its command into the container of this name.
            let names: Vec<_> = pod.main_containers().iter().map(|container| container.value["name"].clone()).collect();
            assert_eq!(names, ["spark-kubernetes-driver", "more"], "{place}");
            // It gives the resource's labels to the executors, which the server's Service must not choose.
            let selects = |object: &&sparkyard_check::Object| {
                object.kind() == "Service"
                    && object.name().ends_with("-connect")
                    && sparkyard_check::selects(&object.value["spec"]["selector"], &server.value["metadata"]["labels"])
            };
            assert!(!objects.iter().any(|object| selects(&object)), "{place}: executors are taken for the server");
            assert!(!objects.iter().any(|o| o.kind() == "Deployment" && o.name().ends_with("-connect")), "{place}");
        }
        let mut args: Vec<String> = ["template", "demo", ".", "--namespace", "jobs"].map(str::to_owned).to_vec();
        args.extend(["--set".to_owned(), format!("{prefix}backend=operator")]);
        let error = helm::stdout(&case.chart, args.clone()).expect_err("nobody serves it");
        for says in ["SparkConnect", "'spark.jobNamespaces={jobs}'", "operator.required"] {
            assert!(error.contains(says), "{case}: {error}");
        }
        let off = format!("{prefix}operator.required=false,{prefix}operator.group=spark.example.com");
        args.extend(["--set".to_owned(), off]);
        let text = helm::stdout(&case.chart, args).expect("the check is off");
        assert!(text.contains("apiVersion: spark.example.com/v1alpha1\nkind: SparkConnect"), "{case}");
    }
    report.finish();
}

/// The schemas find what a cluster would drop, and what it would refuse.
#[test]
fn wrong_custom_resources_are_found() {
    let good = json!({
        "apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": {"name": "a"},
        "spec": {
            "type": "Python", "sparkVersion": "4.1.4", "mainApplicationFile": "local:///a.py",
            "driver": {"template": {"spec": {"containers": [{"name": "a"}]}}}, "executor": {"instances": 1}
        }
    });
    assert_eq!(crds::check(&good), Some(Vec::new()));
    let wrong = [
        ("/spec/driver", "memry", json!("1g"), "memry"),
        ("/spec", "type", json!("Perl"), "Perl"),
        ("/spec/executor", "instances", json!("2"), "integer"),
        ("/spec/driver/template/spec", "containerss", json!([]), "containerss"),
        ("/metadata", "lables", json!({}), "lables"),
    ];
    for (place, key, value, says) in wrong {
        let mut bad = good.clone();
        bad.pointer_mut(place).expect("a place")[key] = value;
        let errors = crds::check(&bad).expect("a schema").join("\n");
        assert!(errors.contains(says), "{place}/{key}: {errors}");
    }
    let apache = json!({
        "apiVersion": "spark.apache.org/v1", "kind": "SparkApplication", "metadata": {"name": "a"},
        "spec": {"runtimeVersions": {"sparkVersion": "4.1.4"}, "pyFile": "a.py"}
    });
    let errors = crds::check(&apache).expect("a schema").join("\n");
    assert!(errors.contains("pyFile"), "{errors}");
    let cluster = json!({
        "apiVersion": "spark.apache.org/v1", "kind": "SparkCluster", "metadata": {"name": "a"},
        "spec": {
            "runtimeVersions": {"sparkVersion": "4.1.4"},
            "clusterTolerations": {"instanceConfig": {"initWorkers": 1, "minWorkers": 1, "maxWorkers": "2"}},
            "masterSpec": {"statefulSetSpec": {"replica": 1, "template": {"spec": {"container": []}}}}
        }
    });
    let errors = crds::check(&cluster).expect("a schema").join("\n");
    for says in ["integer", "replica", "container"] {
        assert!(errors.contains(says), "{says}: {errors}");
    }
}

#[test]
fn a_cluster_without_the_operator_is_refused() {
    for (case, has_apache, prefix) in with_the_brick() {
        let job = format!("{prefix}jobs.a.script=print(1)");
        let (enabled, api) = (format!("{prefix}enabled=true"), format!("{prefix}api=apache"));
        let off = format!("{prefix}requireOperator=false");
        let template = |sets: &[&String]| {
            let mut args: Vec<String> = ["template", "demo", ".", "--namespace", "jobs"].map(str::to_owned).to_vec();
            let sets = sets.iter().copied().chain((!prefix.is_empty()).then_some(&enabled));
            args.extend(sets.flat_map(|set| ["--set".to_owned(), set.clone()]));
            helm::stdout(&case.chart, args)
        };
        let error = template(&[&job]).expect_err("nobody serves it");
        for says in ["helm repo add spark-operator", "'spark.jobNamespaces={jobs}'", "requireOperator"] {
            assert!(error.contains(says), "{case}: {error}");
        }
        // The operators' own charts ask for ids that OpenShift has for nobody.
        let openshift = "global.platform=openshift".to_owned();
        assert!(!error.contains("fsGroup=null"), "{case}: {error}");
        let error = template(&[&job, &openshift]).expect_err("nobody serves it");
        let says = "controller.podSecurityContext.fsGroup=null,webhook.podSecurityContext.fsGroup=null'";
        assert!(error.contains(says), "{case}: {error}");
        let text = template(&[&job, &off]).expect("the check is off");
        assert!(text.contains("kind: SparkApplication"), "{case}");
        // What is not asked for is not missed.
        template(&[]).expect("no job");
        let error = template(&[&job, &api]).expect_err("nobody serves it");
        let says =
            if has_apache { "helm repo add spark https://apache.github.io" } else { "its own tests run no Spark 3" };
        assert!(error.contains(says), "{case}: {error}");
        // So is a cluster; and kubeflow's operator makes none at all.
        let cluster = format!("{prefix}clusters.a.worker.initial=1");
        let error = template(&[&cluster, &api]).expect_err("nobody serves it");
        let says = if has_apache { "serves no SparkCluster of spark.apache.org/v1" } else { says };
        assert!(error.contains(says), "{case}: {error}");
        let error = template(&[&cluster, &off]).expect_err("it is kubeflow's");
        assert!(error.contains("kubeflow's operator makes no standalone clusters"), "{case}: {error}");
    }
}

#[test]
fn a_line_without_apaches_operator_is_refused_before_anything_is_built() {
    let known = catalogue::catalogue();
    let text = "spark-operator:\n  api: apache\n".to_owned();
    for line in &known.lines {
        let source = SourceText { name: "mine.yaml".to_owned(), text: text.clone() };
        let preset = known.preset("batch-operator").cloned();
        let request = Request {
            preset,
            line: Some(line.id.clone()),
            overrides: vec![OverrideFile { source }],
            ..Request::default()
        };
        match (sparkyard_compose::resolve(known, &request), line.lacks.get("apache")) {
            (Ok(_), None) => {}
            (Err(findings), Some(why)) => {
                let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
                assert_eq!(finding.rule, "line-lacks");
                assert!(finding.message.contains(why), "{finding:?}");
                assert_eq!(finding.at.as_ref().map(|at| at.line), Some(2), "{finding:?}");
            }
            (result, lacks) => panic!("line {}: {lacks:?}: {result:?}", line.id),
        }
    }
}
