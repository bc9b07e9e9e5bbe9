//! Every line x shape x preset x platform, composed in memory, rendered by a real helm and held
//! against every rule of `sparkyard-check`: what `sparkyard build --preset ...` writes is as good as the catalogue.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sparkyard_tests::case::{Case, selections, write};
use sparkyard_tests::render::Render;
use sparkyard_tests::report::{Report, counted};
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
                let plain = Case::plain(&here.join(&chart.name), name);
                let preset = name.split('+').next().and_then(|id| catalogue::catalogue().preset(id));
                // What a user must set names what lies elsewhere.
                let complete = plain.complete && preset.is_none_or(|preset| preset.must_set.is_empty());
                cases.push(Case { openshift, complete, ..plain });
            }
        }
    }
    counted(&format!("{} selections, {} different charts rendered", trees.len(), cases.len()));
    let mut report = Report::default();
    for (case, found) in
        cases.iter().zip(parallel::map(&cases, |case| Render::of(case).map(|render| render.findings())))
    {
        match found {
            Err(error) => report.add("render", &case.to_string(), [error]),
            Ok(findings) => report.findings(&case.to_string(), findings),
        }
    }
    assert!(!cases.is_empty(), "the catalogue has no preset");
    report.finish();
}
