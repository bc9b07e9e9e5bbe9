//! Nothing in a values file is dead: every leaf of every chart is set to something else, and some render changes.
//!
//! `SPARKYARD_LEAF` names the leaf that alone is to be flipped, or what lies above some, with SPARKYARD_TEST_ALL in every chart.
//!
//! The rule `dead-value` follows the values through the templates to the same end; here it is done.

use std::collections::BTreeSet;
use std::time::Instant;

use sparkyard_check::ChartSource;
use sparkyard_model::{Chart as Made, Preset, Shape, SourceText};
use sparkyard_render::Chart;
use sparkyard_tests::leaves::{Bench, Cluster, Dead, Leaf};
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, parallel};

/// Leaves that may move nothing, each with the reason.
const GUARDS: [(&str, &str); 8] = [
    (
        "global.credentials.generate",
        "a chart that does not hold the Job which makes the Secret takes its name for granted; off, and with no Secret \
         named, it refuses, which is what the value says",
    ),
    ("global.s3.auth", "the chart of the metastore knows keys alone, and refuses a workload identity in words"),
    (
        "requireOperator",
        "it is for clusters that lack the custom resources, and the ones here serve them; tests/operator.rs has one that \
          does not",
    ),
    ("operator.required", "as requireOperator"),
    (
        "operator.group",
        "no cluster here serves another one, so it is refused unless operator.required is off too; tests/operator.rs sets \
          both",
    ),
    ("defaults.application", "it speaks for jobs that name no application, and those of the presets all do"),
    ("master.persistence.enabled", "one master of Celeborn keeps nothing, three do; the search does not try three"),
    ("master.persistence.storageClass", "as above"),
];

/// Values that a chart reads only with what a line may lack, and which are not called like it: the chart's brick (empty: any
/// chart), the value, what it is.
const ONLY_WITH: [(&str, &str, &str); 4] = [
    ("", "global.shuffle", "celeborn"),
    ("spark-operator", "clusters", "apache"),
    ("spark-operator", "clusterDefaults", "apache"),
    ("spark-operator", "global.master.secret", "apache"),
];

/// Whether a leaf is of what the line lacks: it is refused in words, whatever the value is.
fn is_lacked(made: &Made, leaf: &Leaf) -> bool {
    let line = catalogue::catalogue().lines.iter().find(|line| line.id == made.line).expect("a line");
    let is_of = |path: &str| leaf.path.iter().map(String::as_str).zip(path.split('.')).all(|(step, key)| step == key);
    let only = ONLY_WITH.iter().filter(|(brick, path, _)| (brick.is_empty() || made.bricks == [*brick]) && is_of(path));
    line.lacks.keys().any(|what| leaf.path.contains(what) || only.clone().any(|(.., of)| of == what))
}

/// Whether a leaf, of a chart or of a brick in it, is the one that a guard names.
fn is_guarded(name: &str, guard: &str) -> bool {
    name == guard || name.strip_suffix(guard).is_some_and(|above| above.ends_with('.'))
}

/// The leaf that alone is flipped, or the path above those that are.
fn only() -> Option<String> {
    std::env::var("SPARKYARD_LEAF").ok()
}

/// The values file of this name that a chart carries.
fn values_file(made: &Made, id: &str) -> Option<SourceText> {
    let name = format!("values-{id}.yaml");
    let text = Preset::with_examples(std::str::from_utf8(made.files.get(&name)?).expect("a values file is text"));
    Some(SourceText { name, text })
}

/// Flips one part of the leaves of a chart: how many there were, how often it rendered, and which move nothing.
fn flip(made: &Made, part: usize) -> (usize, usize, Vec<(Leaf, Dead)>) {
    let known = catalogue::catalogue();
    let presets = known.presets.iter().filter_map(|preset| values_file(made, &preset.id)).collect();
    let plain = Cluster { values: None, api_versions: known.apis().collect() };
    let platforms = known.platforms.iter().map(|platform| Cluster {
        values: values_file(made, &platform.id),
        api_versions: platform.api_versions.iter().cloned().chain(known.apis()).collect(),
    });
    let clusters: Vec<Cluster> = [plain].into_iter().chain(platforms).collect();
    let chart = Chart::load(&made.files, "").expect("our own chart");
    let mut bench = Bench::new(ChartSource::new(&chart, &made.files, ""), presets, &clusters);
    let mut leaves = bench.leaves();
    leaves.retain(|leaf| !is_lacked(made, leaf));
    if let Some(one) = only() {
        let one: Vec<String> = one.split('.').map(str::to_owned).collect();
        leaves.retain(|leaf| leaf.path.starts_with(&one));
    }
    let size = leaves.len().div_ceil(made.bricks.len()).max(1);
    let leaves = leaves.chunks(size).nth(part).unwrap_or_default();
    let dead = leaves.iter().filter_map(|leaf| Some((leaf.clone(), bench.moves(leaf).err()?))).collect();
    (leaves.len(), bench.renders, dead)
}

#[test]
fn every_leaf_moves_a_render() {
    let started = Instant::now();
    // The bricks of all lines and shapes are the same; a modular line is the sample, `--all` takes every chart.
    let line = catalogue::catalogue().lines.iter().rev().find(|line| line.shape == Shape::Modular);
    let sample = line.expect("a modular line").id.as_str();
    let is_wanted = |made: &&Made| catalogue::every_combination() || made.line == sample;
    let charts: Vec<&Made> = catalogue::tree().charts.iter().filter(is_wanted).collect();
    // A chart of many bricks has many leaves, which are flipped side by side.
    let jobs: Vec<(&Made, usize)> =
        charts.iter().flat_map(|made| (0..made.bricks.len()).map(move |part| (*made, part))).collect();
    let results = parallel::map(&jobs, |(made, part)| flip(made, *part));
    let mut report = Report::default();
    let (mut all, mut renders, mut moved) = (0, 0, 0);
    let mut needed = BTreeSet::new();
    for ((made, _), (flipped, rendered, dead)) in jobs.iter().zip(results) {
        all += flipped;
        renders += rendered;
        moved += flipped - dead.len();
        for (leaf, dead) in dead {
            let name = leaf.path.join(".");
            if let Some((guard, _)) = GUARDS.iter().find(|(guard, _)| is_guarded(&name, guard)) {
                needed.insert(*guard);
                continue;
            }
            let what = format!("{name} = {}\n        {}", leaf.default, dead.tried.join("\n        "));
            report.add("moves nothing, so take it out or use it", &made.name, [what]);
        }
    }
    counted(&format!(
        "{all} leaves of {} charts flipped in {renders} renders and {:.1} s, {moved} moved",
        charts.len(),
        started.elapsed().as_secs_f64(),
    ));
    if only().is_some() {
        return report.finish();
    }
    for (guard, _) in GUARDS.iter().filter(|(guard, _)| !needed.contains(guard)) {
        report.add("moves something in every chart, so take it out of GUARDS", guard, [(*guard).to_owned()]);
    }
    assert!(all > charts.len() * 20, "only {all} leaves: the charts lost their values");
    report.finish();
}
