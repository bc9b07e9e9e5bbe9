//! `sparkyard-check` over the catalogue: no rule finds anything in it.

use sparkyard_check::{Target, check_catalogue};
use sparkyard_tests::catalogue;
use sparkyard_tests::report::{Report, counted};

#[test]
fn nothing_is_wrong_with_the_catalogue() {
    let checked = check_catalogue(catalogue::catalogue(), catalogue::tree(), &Target::of).unwrap_or_else(|error| {
        let first: Vec<String> = error.findings().iter().map(|f| format!("{}: {:?}", f.message, f.at)).collect();
        panic!("{}", first.join("\n"))
    });
    counted(&format!("{} charts, {} installs, {} objects checked", checked.charts, checked.installs, checked.objects));
    let mut report = Report::default();
    for finding in &checked.findings {
        let place = finding.at.as_ref().map_or("nowhere".into(), |at| format!("{}:{}:{}", at.file, at.line, at.column));
        report.add(&finding.rule, &place, [finding.message.clone()]);
    }
    assert!(checked.objects > 100, "too little was rendered");
    report.finish();
}
