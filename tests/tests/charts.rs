//! Every chart of the catalogue, with every preset and platform file that it carries, rendered by a
//! real helm and held against every rule of `sparkyard-check`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use sparkyard_check::{Object, items};
use sparkyard_tests::case::{Case, charts, matrix};
use sparkyard_tests::images::{Images, listed_images};
use sparkyard_tests::render::{self, Render};
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, helm, parallel};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| catalogue::written("charts"));

static CASES: LazyLock<Vec<Case>> =
    LazyLock::new(|| matrix(&FOLDER, "generated-charts", &catalogue::catalogue().platforms));

static RENDERS: LazyLock<Vec<Result<Render, String>>> = LazyLock::new(|| parallel::map(&CASES, Render::of));

fn good() -> impl Iterator<Item = &'static Render> {
    RENDERS.iter().flatten()
}

/// Renders that differ: what is equal need not be judged twice.
fn different() -> Vec<&'static Render> {
    let mut seen = HashSet::new();
    good().filter(|render| seen.insert((&render.text, render.case.openshift))).collect()
}

#[test]
fn every_combination_renders() {
    let mut report = Report::default();
    for (case, render) in CASES.iter().zip(RENDERS.iter()) {
        match render {
            Ok(render) if render.objects().is_empty() => {
                report.add("render", &case.to_string(), ["no objects".to_owned()])
            }
            Ok(_) => {}
            Err(error) => report.add("render", &case.to_string(), [error.clone()]),
        }
    }
    counted(&format!(
        "{} combinations of {} charts rendered, {} of them different",
        CASES.len(),
        charts(&FOLDER).len(),
        different().len()
    ));
    assert!(!CASES.is_empty(), "the catalogue has no chart");
    report.finish();
}

/// A rule that finds nothing to look at passes; so there must be something.
#[test]
fn the_rules_have_something_to_look_at() {
    let objects: Vec<Object> = different().into_iter().flat_map(Render::objects).collect();
    let kinds: BTreeSet<&str> = objects.iter().map(Object::kind).collect();
    for kind in ["Deployment", "Job", "Pod", "Role", "Route", "Service", "StatefulSet"] {
        assert!(kinds.contains(kind), "no {kind} in any render");
    }
    let embedded = objects.iter().flat_map(|object| object.pods(0)).filter(|pod| pod.embedded.is_some()).count();
    assert!(embedded > 0, "no executor template in any ConfigMap");
}

#[test]
fn every_rule_holds() {
    let renders = different();
    let mut report = Report::default();
    for (render, findings) in renders.iter().zip(parallel::map(&renders, |render| render.findings())) {
        report.findings(&render.case.to_string(), findings);
    }
    report.finish();
}

/// The rules read the sources of Kubernetes; these types are made by somebody else, and they know Routes.
#[test]
fn every_object_fits_its_type() {
    let renders = different();
    let mut report = Report::default();
    for (render, errors) in renders.iter().zip(parallel::map(&renders, |render| render.type_errors())) {
        report.add("Q54: every field is one that Kubernetes knows", &render.case.to_string(), errors);
    }
    report.finish();
}

/// Kinds that an admin of one project may create, and no others.
const KINDS: [&str; 20] = [
    "ConfigMap",
    "CronJob",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Route",
    "ScheduledSparkApplication",
    "Secret",
    "Service",
    "ServiceAccount",
    "SparkApplication",
    "SparkConnect",
    "StatefulSet",
];

/// What the rules do not ask of every chart of the world, and these charts promise.
#[test]
fn charts_keep_to_what_a_project_admin_may_do() {
    let mut report = Report::default();
    for render in different() {
        let mut found = Vec::new();
        for object in render.objects() {
            if !KINDS.contains(&object.kind()) {
                found.push(format!("{} is of a kind that a project admin may not create", object.id()));
            }
            if object.at("roleRef.kind") == "ClusterRole" {
                found.push(format!("{} binds a ClusterRole", object.id()));
            }
            // On OpenShift the namespace gives the number.
            for pod in object.pods(0).iter().filter(|_| !render.case.openshift) {
                let is_user = |context: &serde_json::Value| context["runAsUser"].as_i64().is_some_and(|id| id > 0);
                let lists = ["initContainers", "containers"].into_iter().flat_map(|list| items(&pod.spec[list]));
                let unset = lists.filter(|container| !is_user(&container["securityContext"]));
                for container in unset.filter(|_| !is_user(&pod.spec["securityContext"])) {
                    found.push(format!("{}: container {} has no runAsUser above 0", pod.id(), container["name"]));
                }
            }
        }
        report.add("Q04, Q08, Q11: no more than a project admin may do", &render.case.to_string(), found);
    }
    report.finish();
}

#[test]
fn two_renders_are_equal() {
    // A template that is not deterministic is so with any values; all of them only when asked for.
    let cases: Vec<&Render> =
        good().filter(|r| catalogue::every_combination() || r.case.api_versions.is_empty()).collect();
    let again = parallel::map(&cases, |render| render::text(&render.case, &render.release, &[]));
    let mut report = Report::default();
    for (first, again) in cases.iter().zip(again) {
        if again.as_ref() != Ok(&first.text) {
            report.add("Q39: two renders are equal", &first.case.to_string(), ["they differ".to_owned()]);
        }
    }
    report.finish();
}

#[test]
fn lint_says_nothing() {
    let cases: Vec<&Case> = CASES.iter().filter(|case| case.api_versions.is_empty()).collect();
    let results = parallel::map(&cases, |case| {
        let mut args = vec!["lint".to_owned(), "--strict".to_owned(), ".".to_owned()];
        // Helm lints a subchart with the values of its parent, which its schema rightly refuses; so
        // subcharts are linted with their own.
        if case.value_args().is_empty() {
            args.push("--with-subcharts".to_owned());
        }
        let output = helm::run(&case.chart, args.into_iter().chain(case.value_args()));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut said = text(&output.stdout);
        // Lint cannot be told what the cluster serves, and notes that a chart would refuse it.
        let asks = |line: &&str| line.contains("funcMap fail") && line.contains("--api-versions");
        said.extend(text(&output.stderr).lines().filter(|line| !asks(line)).map(|line| format!("[ERROR] {line}\n")));
        if !output.status.success() {
            said.push_str("[ERROR] it failed\n");
        }
        said
    });
    let mut report = Report::default();
    for (case, text) in cases.iter().zip(results) {
        // Helm's notes are about what we chose: an icon, a missing lock. None is wanted either.
        let lines = text.lines().filter(|line| line.starts_with('[')).map(str::to_owned);
        report.add("Q67: lint says nothing", &case.to_string(), lines);
    }
    report.finish();
}

#[test]
fn images_are_listed_and_take_the_users_registry() {
    const MIRROR: &str = "mirror.example.com";
    let mut report = Report::default();
    let mut by_chart: BTreeMap<PathBuf, Images> = BTreeMap::new();
    for render in good() {
        by_chart.entry(render.case.chart.clone()).or_default().add(render);
    }
    for (chart, images) in &by_chart {
        let text = fs::read_to_string(chart.join("Chart.yaml")).expect("Chart.yaml");
        let name = chart.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found = match listed_images(&text) {
            Ok(listed) => images.differences(&listed),
            Err(error) => vec![error],
        };
        report.add("Q62: artifacthub.io/images is what runs", &name, found);
    }
    let cases: Vec<&Case> =
        CASES.iter().filter(|case| case.api_versions.is_empty() && case.platform.is_none()).collect();
    let argument = format!("global.imageRegistry={MIRROR}");
    let mirrored = parallel::map(&cases, |case| Render::with(case, "demo", &["--set", &argument]));
    for (case, render) in cases.iter().zip(mirrored) {
        let found = match render {
            Ok(render) => {
                let mut images = Images::default();
                images.add(&render);
                images.outside(MIRROR)
            }
            Err(error) => vec![error],
        };
        report.add("Q17: every image takes global.imageRegistry", &case.to_string(), found);
    }
    report.finish();
}

#[test]
fn long_names_fit_and_releases_do_not_collide() {
    let cases: Vec<&Case> = CASES.iter().filter(|case| case.api_versions.is_empty()).collect();
    let results = parallel::map(&cases, |case| {
        // Helm allows 53 characters for a release, and the stack's name 40.
        let (release, stack) = ("r".repeat(53), format!("global.stack={}", "s".repeat(40)));
        let mut found = Vec::new();
        let longest: &[&[&str]] = &[&[], &["--set", &stack]];
        for more in longest {
            match Render::with(case, &release, more) {
                Ok(render) => {
                    found.extend(render.findings().into_iter().map(|f| format!("{}: {}", f.rule, f.message)));
                }
                Err(error) => found.push(error),
            }
        }
        // The charts of a modular stack are told apart by the stack, not by the release.
        let one = Render::with(case, "one", &["--set", "global.stack=one"]);
        let other = Render::with(case, "other", &["--set", "global.stack=other"]);
        match (one, other) {
            (Ok(one), Ok(other)) => found.extend(colliding(&one, &other)),
            (Err(error), _) | (_, Err(error)) => found.push(error),
        }
        found
    });
    let mut report = Report::default();
    for (case, found) in cases.iter().zip(results) {
        report.add("Q35, Q36: names fit and differ", &case.to_string(), found);
    }
    report.finish();
}

/// The charts of one brick each, switched on in the place of those like it, with the prefix of its values: none in a
/// chart of its own.
fn bricks() -> impl Iterator<Item = (Case, &'static sparkyard_model::Brick, String)> {
    let umbrella = |brick: &sparkyard_model::Brick, case: &Case| case.chart.join("charts").join(brick.id).is_dir();
    let plain: Vec<Case> = charts(&FOLDER).iter().map(|chart| Case::plain(chart, "generated-charts")).collect();
    catalogue::catalogue().bricks.iter().flat_map(move |brick| {
        let of: Vec<Case> = plain.iter().filter(|case| umbrella(brick, case)).cloned().collect();
        of.into_iter().map(move |case| {
            let like = catalogue::catalogue().bricks.iter().filter(|other| other.component == brick.component);
            let sets =
                like.filter(|other| umbrella(other, &case)).map(|o| format!("{}.enabled={}", o.id, o.id == brick.id));
            (Case { sets: sets.collect(), ..case }, brick, format!("{}.", brick.id))
        })
    })
}

/// Images that no pod has by default, and the values that bring them.
const SWITCHED: [(&str, [&str; 3]); 2] = [
    (
        "proxy.image",
        [
            "global.connect.tls.enabled=true",
            "global.connect.tls.certificateSecret=tls",
            "global.networkPolicy.enabled=true",
        ],
    ),
    (
        "clusterDefaults.image",
        [
            "spark-operator.api=apache",
            "spark-operator.clusters.main.worker.cores=1",
            "spark-operator.requireOperator=false",
        ],
    ),
];

#[test]
fn a_digest_wins_over_the_tag() {
    let mut report = Report::default();
    let digest = format!("sha256:{}", "a".repeat(64));
    let mut seen = 0;
    for (case, brick, prefix) in bricks() {
        for slot in brick.images {
            let set = format!("{prefix}{}.digest={digest}", slot.key);
            let switched = SWITCHED.iter().filter(|(key, _)| *key == slot.key).flat_map(|(_, values)| values);
            let sets = [set.as_str()].into_iter().chain(switched.copied());
            let args: Vec<&str> = sets.flat_map(|set| ["--set", set]).collect();
            let text = render::text(&case, "demo", &args);
            let printed = text.map(|text| text.matches(&format!("@{digest}")).count());
            seen += 1;
            let wrong = match printed {
                Ok(0) => Some("no image has it".to_owned()),
                Ok(_) => None,
                Err(error) => Some(error),
            };
            report.add("Q18: a digest wins over the tag", &format!("{case}: {prefix}{}", slot.key), wrong);
        }
    }
    counted(&format!("{seen} digests set"));
    assert!(seen > 0);
    report.finish();
}

#[test]
fn null_takes_a_value_away() {
    let mut report = Report::default();
    let mut seen = 0;
    for (case, brick, prefix) in bricks() {
        let defaults = (brick.values.defaults)();
        // A brick with pods of two kinds has their values below each kind.
        let below = |kind: &str| format!("{prefix}{kind}pod.securityContext.runAsUser");
        let ids: Vec<String> = std::iter::once(String::new())
            .chain(defaults.as_object().into_iter().flatten().map(|(key, _)| format!("{key}.")))
            .filter(|kind| {
                let pod = format!("/{}pod/securityContext/runAsUser", kind.replace('.', "/"));
                defaults.pointer(&pod).is_some()
            })
            .map(|kind| below(&kind))
            .collect();
        assert!(!ids.is_empty(), "{} has no pod", brick.id);
        for id in ids {
            let off = format!("{id}=null");
            let count =
                |more: &[&str]| render::text(&case, "demo", more).map(|text| text.matches("runAsUser:").count());
            let (with, without) = (count(&[]), count(&["--set", &off]));
            seen += 1;
            let fewer = matches!((&with, &without), (Ok(with), Ok(without)) if without < with);
            let wrong = (!fewer).then(|| format!("runAsUser stands in {with:?} places, then in {without:?}"));
            report.add("Q47: null takes a value away", &format!("{case}: {id}"), wrong);
        }
    }
    counted(&format!("{seen} user ids taken away"));
    assert!(seen > 0);
    report.finish();
}

/// Objects that two renders both make.
fn colliding(one: &Render, other: &Render) -> Vec<String> {
    let ids = |render: &Render| render.objects().iter().map(Object::id).collect::<BTreeSet<_>>();
    ids(one).intersection(&ids(other)).map(|id| format!("{id}: two releases both make it")).collect()
}
