//! Every boolean of every chart, turned over once: what is off by default obeys the rules too.

use std::fs;

use serde_json::Value;
use sparkyard_tests::case::{Case, charts};
use sparkyard_tests::object::walk;
use sparkyard_tests::render::{self, Render};
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::rules::RULES;
use sparkyard_tests::{catalogue, parallel};

/// Switches of a values file: paths as `--set` wants them, with the other value.
fn switches(values: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(values, "", &mut |path, value| {
        // Who loosens a security context breaks rules on purpose.
        if let Some(on) = value.as_bool().filter(|_| !path.contains("ecurityContext")) {
            found.push(format!("{}={}", path.trim_start_matches('.'), !on));
        }
    });
    found
}

#[test]
fn every_switch_can_be_turned() {
    let folder = catalogue::written("switches");
    let mut turns = Vec::new();
    for chart in charts(&folder) {
        let text = fs::read_to_string(chart.join("values.yaml")).expect("values.yaml");
        let values = render::parse(&text).expect("values");
        turns.extend(switches(&values).into_iter().map(|switch| (Case::plain(&chart, "switches"), switch)));
    }
    let renders = parallel::map(&turns, |(case, switch)| Render::with(case, "demo", &["--set", switch]));
    let mut report = Report::default();
    let mut refused = 0;
    for ((case, switch), render) in turns.iter().zip(renders) {
        let place = format!("{case} --set {switch}");
        match render {
            // A chart may say no, in words: `fail` and `required`.
            Err(error) if error.contains("execution error at") => refused += 1,
            Err(error) => report.add("render", &place, [error]),
            Ok(render) => {
                for rule in RULES {
                    report.add(&format!("{}: {}", rule.id, rule.asks), &place, (rule.check)(&render));
                }
            }
        }
    }
    counted(&format!("{} switches turned, {refused} of them refused in words", turns.len()));
    assert!(!turns.is_empty(), "no chart has a switch");
    report.finish();
}
