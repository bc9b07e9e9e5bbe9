//! Every boolean of every chart, turned over once: what is off by default obeys the rules too.

use std::path::Path;

use sparkyard_check::ChartSource;
use sparkyard_render::Chart;
use sparkyard_tests::case::{Case, charts};
use sparkyard_tests::leaves::leaves;
use sparkyard_tests::render::Render;
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::{catalogue, parallel, trees};

/// Switches of a chart's own values.yaml, each with its other value.
fn switches(folder: &Path) -> Vec<(String, bool)> {
    let files = trees::read(folder);
    let chart = Chart::load(&files, "").expect("our own chart");
    let own = leaves(&ChartSource::new(&chart, &files, "")).into_iter().filter(|leaf| leaf.is_own());
    // Who loosens a security context breaks rules on purpose.
    let harmless = own.filter(|leaf| !leaf.path.iter().any(|key| key.to_lowercase().contains("securitycontext")));
    harmless.filter_map(|leaf| Some((leaf.path.join("."), !leaf.default.as_bool()?))).collect()
}

#[test]
fn every_switch_can_be_turned() {
    let folder = catalogue::written("switches");
    let mut turns = Vec::new();
    for chart in charts(&folder) {
        let plain = Case::plain(&chart, "switches");
        turns.extend(switches(&chart).into_iter().map(|(switch, on)| {
            // Who switches a part off has it elsewhere.
            (Case { complete: plain.complete && on, ..plain.clone() }, format!("{switch}={on}"))
        }));
    }
    let results = parallel::map(&turns, |(case, switch)| {
        Render::with(case, "demo", &["--set", switch]).map(|render| render.findings())
    });
    let mut report = Report::default();
    let mut refused = 0;
    for ((case, switch), found) in turns.iter().zip(results) {
        let place = format!("{case} --set {switch}");
        match found {
            // A chart may say no, in words: `fail` and `required`.
            Err(error) if error.contains("execution error at") => refused += 1,
            Err(error) => report.add("render", &place, [error]),
            Ok(findings) => report.findings(&place, findings),
        }
    }
    counted(&format!("{} switches turned, {refused} of them refused in words", turns.len()));
    assert!(!turns.is_empty(), "no chart has a switch");
    report.finish();
}
