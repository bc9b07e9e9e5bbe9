//! What only the user knows: a preset names it, and nobody installs it without.

use sparkyard_model::Request;
use sparkyard_tests::case::{Case, matrix, preset_of};
use sparkyard_tests::catalogue;
use sparkyard_tests::render;
use sparkyard_tests::report::{Report, counted};

#[test]
fn a_plan_without_them_says_each() {
    for preset in catalogue::catalogue().presets.iter().filter(|preset| !preset.must_set.is_empty()) {
        let request = Request { preset: Some(preset.clone()), ..Request::default() };
        let findings = sparkyard_compose::resolve(catalogue::catalogue(), &request).expect_err("refused");
        let said = findings.iter().filter(|finding| finding.rule == "must-set");
        assert_eq!(said.count(), findings.len(), "{findings:#?}");
        for path in preset.must_set.keys() {
            let name = format!("`global.{path}`");
            assert!(findings.iter().any(|finding| finding.message.contains(&name)), "{path}: {findings:#?}");
        }
    }
}

#[test]
fn helm_refuses_a_preset_without_them_and_names_each() {
    let folder = catalogue::written("must-set");
    let mut report = Report::default();
    let mut refused = 0;
    for case in matrix(&folder, "must-set", &[]) {
        let Some(preset) = case.preset.as_deref().and_then(|file| preset_of(file)) else { continue };
        let file = std::fs::read_to_string(case.chart.join(case.preset.as_deref().unwrap_or_default())).expect("read");
        let asked: Vec<&String> = preset
            .must_set
            .keys()
            .filter(|path| file.contains(&format!("for example {}", preset.must_set[*path])))
            .collect();
        if asked.is_empty() {
            continue;
        }
        match render::text(&Case { sets: Vec::new(), ..case.clone() }, "demo", &[]) {
            Ok(_) => report.add("must-set", &case.to_string(), ["it installs".to_owned()]),
            Err(said) => {
                let silent = asked.iter().filter(|path| !said.contains(&format!("global/{}", path.replace('.', "/"))));
                report.add("must-set", &case.to_string(), silent.map(|path| format!("{path} is not named: {said}")));
            }
        }
        refused += 1;
    }
    counted(&format!("{refused} installs without what must be set"));
    assert!(refused > 0, "no preset leaves anything to the user");
    report.finish();
}

/// An address that nobody has belongs to `mustSet`, where it cannot be overlooked.
#[test]
fn no_preset_sets_an_example() {
    for preset in &catalogue::catalogue().presets {
        let values = serde_json::Value::Object(preset.values.clone()).to_string();
        assert!(!values.contains("example."), "{}: move it from `values` to `mustSet`", preset.id);
    }
}
