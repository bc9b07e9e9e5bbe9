//! Findings in the forms that people and programs read.

use serde_json::{Value, json};
use sparkyard_check::{Checked, Group, RULES, Rule, rule};
use sparkyard_model::{Finding, Severity};

use crate::{report, table};

/// For people: each finding with its line, then what was looked at.
pub(crate) fn human(checked: &Checked, waived: usize) -> String {
    let mut text = report::all(&checked.findings);
    let found = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
        .into_iter()
        .map(|(severity, name)| (checked.count(severity), name))
        .filter(|(count, _)| *count > 0)
        .map(|(number, name)| table::count(number, name))
        .collect::<Vec<_>>();
    text.push_str(&match found.is_empty() {
        true => "Nothing found".to_owned(),
        false => found.join(", "),
    });
    text.push_str(" in ");
    if checked.charts > 0 {
        text.push_str(&format!(
            "{}, {}, ",
            table::count(checked.charts, "chart"),
            table::count(checked.installs, "install")
        ));
    }
    text.push_str(&table::count(checked.objects, "object"));
    if let Some(upgraded) = checked.upgraded {
        text.push_str(&format!(", {upgraded} of them upgraded"));
    }
    if waived > 0 {
        text.push_str(&format!("; {waived} waived"));
    }
    text.push('\n');
    if let Some(finding) = checked.findings.iter().find(|finding| rule(&finding.rule).is_some()) {
        text.push_str(&format!("More about a rule: sparkyard explain {}\n", finding.rule));
    }
    text
}

/// For scripts.
pub(crate) fn json(checked: &Checked, waived: usize) -> Value {
    json!({
        "charts": checked.charts,
        "installs": checked.installs,
        "objects": checked.objects,
        "upgraded": checked.upgraded,
        "waived": waived,
        "findings": checked.findings,
    })
}

/// All rules, for scripts.
pub(crate) fn rules() -> Value {
    RULES.iter().map(|rule| described(rule)).collect()
}

/// A rule, for scripts.
pub(crate) fn described(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "group": rule.group,
        "severity": rule.severity,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "covers": rule.covers,
    })
}

/// SARIF 2.1.0, which code scanning reads.
pub(crate) fn sarif(findings: &[Finding]) -> Value {
    let described = |rule: &&Rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.title },
            "fullDescription": { "text": rule.why },
            "help": { "text": rule.fix },
            "properties": { "group": Group::title(rule.group) },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    };
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let text = match &finding.help {
                Some(help) => format!("{}. {help}", finding.message),
                None => finding.message.clone(),
            };
            let mut result =
                json!({ "ruleId": finding.rule, "level": level(finding.severity), "message": { "text": text } });
            if let Some(at) = &finding.at {
                result["locations"] = json!([{ "physicalLocation": {
                    "artifactLocation": { "uri": at.file },
                    "region": { "startLine": at.line, "startColumn": at.column, "endColumn": at.column + at.width },
                } }]);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sparkyard",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(described).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Commands of a GitHub workflow, which it shows at the lines of a pull request.
pub(crate) fn github(findings: &[Finding]) -> String {
    let text = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |word: &str| text(word).replace(':', "%3A").replace(',', "%2C");
    let mut out = String::new();
    for finding in findings {
        let kind = match finding.severity {
            Severity::Note => "notice",
            severity => level(severity),
        };
        let place = finding.at.as_ref().map_or(String::new(), |at| {
            let end = at.column + at.width;
            format!("file={},line={},col={},endColumn={end},", property(&at.file), at.line, at.column)
        });
        let help = finding.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
        let message = text(&format!("{}{help}", finding.message));
        out.push_str(&format!("::{kind} {place}title={}::{message}\n", property(&finding.rule)));
    }
    out
}
