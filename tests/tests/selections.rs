//! Every line x shape x preset x platform, composed in memory, rendered by a real helm and held
//! against every rule: what `sparkyard build --preset ...` writes is as good as the catalogue.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sparkyard_tests::case::{Case, selections, write};
use sparkyard_tests::render::Render;
use sparkyard_tests::report::{Report, counted};
use sparkyard_tests::rules::RULES;
use sparkyard_tests::{catalogue, parallel};

#[test]
fn every_selection_obeys_every_rule() {
    let folder = catalogue::folder("selections");
    let mut seen = HashSet::new();
    let mut cases = Vec::new();
    let trees = selections(catalogue::catalogue());
    for (name, tree) in &trees {
        let here = folder.join(name);
        write(tree, &here);
        for chart in &tree.charts {
            // Many presets leave a brick as it is: the same bytes need one render.
            let mut hasher = DefaultHasher::new();
            (&chart.name, &chart.files).hash(&mut hasher);
            if seen.insert(hasher.finish()) {
                let openshift = name.ends_with("+openshift");
                cases.push(Case { openshift, ..Case::plain(&here.join(&chart.name), name) });
            }
        }
    }
    counted(&format!("{} selections, {} different charts rendered", trees.len(), cases.len()));
    let mut report = Report::default();
    for (case, render) in cases.iter().zip(parallel::map(&cases, Render::of)) {
        match render {
            Err(error) => report.add("render", &case.to_string(), [error]),
            Ok(render) => {
                for rule in RULES {
                    report.add(&format!("{}: {}", rule.id, rule.asks), &case.to_string(), (rule.check)(&render));
                }
            }
        }
    }
    assert!(!cases.is_empty(), "the catalogue has no preset");
    report.finish();
}
