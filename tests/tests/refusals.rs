//! What cannot be is refused by `helm install`, in words: each refusal that a template knows is met here.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use regex_lite::Regex;
use sparkyard_model::{Brick, Line};
use sparkyard_tests::case::{Case, charts, with_brick};
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, helm, parallel, trees};

/// A mistake: whose values, what is set, and what is said.
struct Mistake {
    brick: &'static str,
    /// Paths of `global` as they are, others below the brick.
    sets: &'static [&'static str],
    says: &'static str,
    /// Whether each chart of the brick says it. Otherwise one does, and the others may have another word for it, or none.
    by_each: bool,
    /// What a line must have to come so far, as its `lacks` names it.
    of: &'static str,
    /// Whether the cluster serves the custom resources of the operators.
    served: bool,
}

const fn mistake(brick: &'static str, sets: &'static [&'static str], says: &'static str) -> Mistake {
    Mistake { brick, sets, says, by_each: true, of: "", served: true }
}

/// A mistake that is one of some lines, or of some shape.
const fn on_some(brick: &'static str, sets: &'static [&'static str], says: &'static str) -> Mistake {
    Mistake { by_each: false, ..mistake(brick, sets, says) }
}

/// A mistake where no operator is.
const fn without_operator(brick: &'static str, sets: &'static [&'static str], says: &'static str) -> Mistake {
    Mistake { served: false, ..mistake(brick, sets, says) }
}

/// A mistake with Apache's operator.
const fn with_apache(brick: &'static str, sets: &'static [&'static str], says: &'static str) -> Mistake {
    Mistake { of: "apache", ..mistake(brick, sets, says) }
}

const JOB: &str = "jobs.a.script=print(1)";
const CLUSTER: &str = "clusters.a.worker.cores=2";

const MISTAKES: &[Mistake] = &[
    // Words that no list has.
    mistake("spark-connect", &["backend=standlone"], "/backend': value must be 'operator'"),
    mistake("spark-batch", &[JOB, "backend=operator"], "/backend': value must be 'k8s'"),
    mistake("spark-batch", &[JOB, "jobs.a.mode=cliant"], "/jobs/a/mode': value must be 'client'"),
    mistake("spark-operator", &["api=kubeflw"], "/api': value must be 'kubeflow'"),
    mistake("spark-operator", &["group=Sparks"], "'Sparks' does not match pattern"),
    mistake("spark-connect", &["global.encryption=most"], "/global/encryption': value must be 'network'"),
    // Jobs.
    mistake("spark-batch", &["jobs.a.run=again"], "job \"a\": set application or script"),
    mistake("spark-batch", &["jobs.test.script=print(1)"], "job \"test\": `helm test` makes a job of this name"),
    mistake(
        "spark-batch",
        &[JOB, "jobs.a.schedule=0 3 * * *", "jobs.a.continuous=true"],
        "job \"a\": it has a schedule and is continuous; choose one",
    ),
    mistake("spark-batch", &[JOB, "jobs.a.executor.instances=0"], "job \"a\": executor.instances is 0"),
    mistake(
        "spark-batch",
        &[JOB, "jobs.a.continuous=true", "jobs.a.mode=cluster"],
        "job \"a\": a continuous job runs in mode client",
    ),
    mistake(
        "spark-batch",
        &[JOB, "jobs.a.mode=cluster", "backend=standalone"],
        "job \"a\": mode cluster needs backend k8s",
    ),
    mistake(
        "spark-batch",
        &[JOB, r"jobs.a.sparkConf.spark\.jars=s3a://a/b.jar"],
        "job \"a\": sparkConf sets spark.jars",
    ),
    mistake("spark-batch", &[r"defaults.sparkConf.spark\.jars=s3a://a/b.jar"], "defaults: sparkConf sets spark.jars"),
    // Jobs and clusters of an operator.
    mistake("spark-operator", &["jobs.a.run=again"], "job \"a\": set application or script"),
    mistake("spark-operator", &["jobs.test.script=print(1)"], "job \"test\": `helm test` makes a job of this name"),
    mistake(
        "spark-operator",
        &[JOB, "jobs.a.schedule=0 3 * * *", "jobs.a.continuous=true"],
        "job \"a\": it has a schedule and is continuous; choose one",
    ),
    mistake("spark-operator", &[JOB, "jobs.a.executor.instances=0"], "job \"a\": executor.instances is 0"),
    mistake("spark-operator", &[JOB, r"jobs.a.sparkConf.spark\.jars=/a.jar"], "job \"a\": sparkConf sets spark.jars"),
    mistake("spark-operator", &[CLUSTER], "cluster \"a\": kubeflow's operator makes no standalone clusters"),
    on_some(
        "spark-operator",
        &[JOB, "api=apache"],
        "spark-operator: api is apache: Apache's operator submits as Spark 4",
    ),
    on_some("spark-operator", &[CLUSTER, "api=apache"], "spark-operator: api is apache: Apache's operator submits"),
    without_operator(
        "spark-operator",
        &[JOB],
        "helm install spark-operator spark-operator/spark-operator -n spark-operator --create-namespace --set \
         'spark.jobNamespaces={spark-lab}'",
    ),
    with_apache(
        "spark-operator",
        &[JOB, "jobs.a.schedule=0 3 * * *", "api=apache"],
        "job \"a\": it has a schedule, and the operator of Apache knows none",
    ),
    with_apache(
        "spark-operator",
        &[JOB, "jobs.a.suspend=true", "api=apache"],
        "job \"a\": the operator of Apache cannot suspend",
    ),
    with_apache(
        "spark-operator",
        &["jobs.a.application=/opt/a.jar", "api=apache"],
        "job \"a\": set mainClass, the class of the jar that has main",
    ),
    with_apache(
        "spark-operator",
        &["api=apache", "clusters.a.worker.initial=3", "clusters.a.worker.max=2"],
        "cluster \"a\": worker.initial is 3, which is not between worker.min, 3, and worker.max, 2",
    ),
    with_apache("spark-operator", &["api=apache", "clusters.a.worker.min=3"], "worker.initial is 2"),
    with_apache("spark-operator", &["api=apache", "clusters.a.worker.initial=0"], "clusters/a/worker/initial"),
    with_apache("spark-operator", &["api=apache", "clusters.a.worker.memory=2Gi"], "'2Gi' does not match pattern"),
    with_apache("spark-operator", &["api=apache", "clusters.a.worker.replicas=2"], "'replicas' not allowed"),
    with_apache("spark-operator", &["api=apache", "clusters.A.worker.cores=2"], "'A' does not match pattern"),
    Mistake {
        served: false,
        ..with_apache(
            "spark-operator",
            &["api=apache", CLUSTER],
            "helm install spark-kubernetes-operator spark/spark-kubernetes-operator -n spark-operator --create-namespace --set \
         'workloadResources.namespaces.create=false,workloadResources.namespaces.data={spark-lab}'",
        )
    },
    without_operator("spark-connect", &["backend=operator"], "serves no SparkConnect of sparkoperator.k8s.io/v1alpha1"),
    // Connect.
    mistake("spark-connect", &["executor.instances=0"], "executor.instances is 0, so nothing would do the work"),
    mistake("spark-connect", &[r"sparkConf.spark\.jars=s3a://a/b.jar"], "sparkConf sets spark.jars"),
    mistake(
        "spark-connect",
        &["global.connect.tls.enabled=true", "global.networkPolicy.enabled=true"],
        "name the Secret with the certificate of Spark Connect",
    ),
    on_some(
        "spark-connect",
        &[
            "global.connect.tls.enabled=true",
            "global.connect.tls.certificateSecret=c",
            "global.networkPolicy.enabled=false",
        ],
        "cannot listen to its own pod alone",
    ),
    mistake(
        "jupyter",
        &["global.connect.tls.enabled=true", "global.connect.tls.ca.secret=a", "global.connect.tls.ca.configMap=a"],
        "global.connect.tls.ca names a ConfigMap and a Secret",
    ),
    mistake(
        "jupyter",
        &["global.connect.tls.enabled=true", "global.connect.url=sc://connect.example.com:15002"],
        "and no Secret with its token is named",
    ),
    // A master of somebody else's.
    mistake(
        "spark-connect",
        &["backend=standalone", "global.encryption=network", "global.master.url=spark://master.example.com:7077"],
        "and no Secret with its secret is named",
    ),
    // Tables and shuffle.
    on_some("spark-connect", &["tables.iceberg.enabled=true"], "tables.iceberg.enabled is on: Apache Iceberg"),
    on_some("spark-connect", &["shuffle.celeborn.enabled=true"], "shuffle.celeborn.enabled is on: Celeborn"),
    on_some(
        "spark-connect",
        &["shuffle.celeborn.enabled=true", "backend=standalone"],
        "shuffle.celeborn.enabled is on, and backend is standalone",
    ),
    // S3 of somebody else's.
    mistake(
        "spark-history",
        &["global.s3.endpoint=https://s3.example.com"],
        "global.s3.endpoint is https://s3.example.com, and no Secret with its keys is named",
    ),
    mistake(
        "spark-history",
        &["global.s3.endpoint=https://s3.example.com", "global.s3.existingSecret=a", "global.s3.auth=anonymous"],
        "/global/s3/auth': value must be 'keys'",
    ),
    mistake(
        "spark-history",
        &["global.s3.ca.configMap=a", "global.s3.endpoint=http://s3.example.com", "global.s3.existingSecret=a"],
        "global.s3.ca is for an S3 store with TLS",
    ),
    mistake(
        "spark-history",
        &["global.s3.ca.configMap=a", "global.s3.ca.secret=a"],
        "global.s3.ca names a ConfigMap and a Secret",
    ),
    mistake("spark-history", &["global.s3.auth=workloadIdentity"], "the stack's own S3 store knows keys only"),
    // An umbrella's own store says first that it is not asked for.
    on_some(
        "hive-metastore",
        &["global.s3.auth=workloadIdentity", "global.s3.endpoint=https://s3.example.com"],
        "which the metastore's S3 client does not know",
    ),
    // A database of somebody else's.
    mistake(
        "hive-metastore",
        &["global.database.host=db.example.com"],
        "global.database.host is db.example.com, and no Secret with its password is named",
    ),
    mistake("hive-metastore", &["global.database.kind=mysql"], "and the stack's own database is PostgreSQL"),
    mistake("hive-metastore", &["global.database.kind=oracle"], "/global/database/kind': value must be 'mysql'"),
    // What every brick has.
    mistake("seaweedfs", &["global.credentials.generate=false"], "No Secret with the passwords of stack"),
    mistake("spark-history", &["image.tag="], "an image needs a tag or a digest"),
    mistake("spark-history", &["serviceAccount.create=false"], "name an existing one in serviceAccount.name"),
    mistake("spark-history", &["expose.type=ingress"], "expose.type is ingress: set expose.host"),
    mistake(
        "spark-connect",
        &["executor.serviceAccount.create=false"],
        "name an existing one in executor.serviceAccount.name",
    ),
];

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| catalogue::written("refusals"));

/// What helm makes of a chart, on a cluster that serves the custom resources of the operators, or does not.
fn template(case: &Case, sets: &[String], served: bool) -> Result<String, String> {
    let mut args = ["template", "demo", ".", "--namespace", helm::NAMESPACE].map(str::to_owned).to_vec();
    args.extend(sets.iter().flat_map(|set| ["--set".to_owned(), set.clone()]));
    if served {
        args.extend(case.apis().into_iter().flat_map(|version| ["--api-versions".to_owned(), version]));
    }
    helm::stdout(&case.chart, args)
}

/// What helm says of a mistake in each chart that has the brick: the place, and the text when it refused.
fn said(mistake: &Mistake) -> Vec<(String, Option<String>)> {
    let mut charts = with_brick(&FOLDER, "refusals", mistake.brick);
    charts.retain(|(_, line, _)| !line.lacks.contains_key(mistake.of));
    let run = |(case, _, umbrella): (Case, &Line, bool)| {
        let path = |set: &str| match umbrella && !set.starts_with("global.") {
            true => format!("{}.{set}", mistake.brick),
            false => set.to_owned(),
        };
        let enabled = umbrella.then_some("enabled=true");
        let sets: Vec<String> = mistake.sets.iter().copied().chain(enabled).map(path).collect();
        (format!("{case} --set {}", sets.join(" --set ")), template(&case, &sets, mistake.served).err())
    };
    charts.into_iter().map(run).collect()
}

/// What an umbrella says of each brick that stands there alone, in each way that asks for a neighbour: what is missed is
/// named as somebody else's, until nothing is; and what it says when everything is on.
fn alone(umbrella: &Case) -> Vec<String> {
    let there = |brick: &&Brick| umbrella.chart.join("charts").join(brick.id).is_dir();
    let vendored: Vec<&Brick> = catalogue::catalogue().bricks.iter().filter(there).collect();
    let on = |which: &dyn Fn(&Brick) -> bool| -> Vec<String> {
        vendored.iter().map(|brick| format!("{}.enabled={}", brick.id, which(brick))).collect()
    };
    let missed = Regex::new(r"(?:own in|set) (global(?:\.\w+)+)").expect("a pattern");
    let mut texts: Vec<String> = template(umbrella, &on(&|_| true), true).err().into_iter().collect();
    for brick in &vendored {
        let ways = brick.needs_when.iter().map(|when| Some(format!("{}.{}={}", brick.id, when.key, when.value)));
        for way in [None].into_iter().chain(ways) {
            let mut sets = on(&|one| one.id == brick.id);
            sets.extend(way);
            let mut named = BTreeSet::new();
            while let Err(text) = template(umbrella, &sets, true) {
                let path = missed.captures(&text).map(|found| found[1].to_owned());
                texts.push(text);
                let Some(path) = path.filter(|path| named.insert(path.clone())) else { break };
                sets.push(format!("{path}={}", somebodys(&path)));
            }
        }
    }
    texts
}

/// A value for what somebody else has.
fn somebodys(path: &str) -> &'static str {
    match path {
        "global.s3.endpoint" => "https://s3.example.com",
        "global.database.host" => "db.example.com",
        "global.metastore.uri" => "thrift://metastore.example.com:9083",
        "global.connect.url" => "sc://connect.example.com:15002",
        "global.master.url" => "spark://master.example.com:7077",
        "global.shuffle.endpoints" => "celeborn.example.com:9097",
        _ if path.ends_with(".existingSecret") => "theirs",
        _ => panic!("{path}: how is it written?"),
    }
}

/// Texts of a template's `fail` and `required`, each as the parts between what `printf` puts in.
fn refusals(template: &str) -> Vec<Vec<String>> {
    // What a value of a brick asks for, and its line has not: the brick itself may come to say it first.
    let which = Regex::new("^[a-z-]+[.][A-Za-z.]+ is [a-z]+: ").expect("a pattern");
    let call = Regex::new(r#"\b(?:fail|required) \(?(?:printf )?"((?:[^"\\]|\\.)*)""#).expect("a pattern");
    let hole = Regex::new("%[sqd]").expect("a pattern");
    let parts = |text: &str| {
        let text = text.replace("\\n", "\n").replace("\\\"", "\"");
        hole.split(&which.replace(text.trim(), ""))
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    };
    call.captures_iter(template).map(|found| parts(&found[1])).collect()
}

/// Whether a text has the parts, one behind the other.
fn says(text: &str, parts: &[String]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| match rest.split_once(part.as_str()) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    })
}

#[test]
fn every_mistake_is_refused_and_every_refusal_is_met() {
    let results = parallel::map(MISTAKES, said);

    let mut report = Report::default();
    let mut texts = Vec::new();
    for (mistake, results) in MISTAKES.iter().zip(results) {
        assert!(!results.is_empty(), "no chart has {}", mistake.brick);
        let says = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(mistake.says));
        let silent: Vec<String> = results
            .iter()
            .filter(|(_, text)| !says(text))
            .map(|(place, text)| format!("{place}: {}", text.as_deref().unwrap_or("helm takes it")))
            .collect();
        if silent.len() == results.len() || mistake.by_each {
            report.add("refused", mistake.says, silent);
        }
        texts.extend(results.into_iter().filter_map(|(_, text)| text));
    }

    let cases: Vec<Case> = charts(&FOLDER).iter().map(|chart| Case::plain(chart, "refusals")).collect();
    let umbrellas: Vec<&Case> = cases.iter().filter(|case| case.complete).collect();
    texts.extend(parallel::map(&umbrellas, |case| alone(case)).into_iter().flatten());

    let mut known = BTreeSet::new();
    for case in &cases {
        for (path, bytes) in trees::read(&case.chart).iter().filter(|(path, _)| path.contains("templates/")) {
            let template = String::from_utf8_lossy(bytes);
            for parts in refusals(&template).into_iter().filter(|parts| known.insert(parts.clone())) {
                let met = texts.iter().any(|text| says(text, &parts));
                report.add("met", path, (!met).then(|| format!("nothing here makes it say {parts:?}")));
            }
        }
    }
    counted(&format!(
        "{} mistakes refused {} times, {} texts of refusals met",
        MISTAKES.len(),
        texts.len(),
        known.len()
    ));
    assert!(!known.is_empty(), "no template refuses anything");
    report.finish();
}
