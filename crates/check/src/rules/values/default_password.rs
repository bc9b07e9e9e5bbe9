//! A password with a default.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::ChartSource;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "default-password",
    group: Group::Values,
    severity: Severity::Error,
    title: "No password has a default",
    why: "A default password is the password of everybody who installed the chart, and it is public.",
    fix: "Leave it empty, take it from a Secret that the user names, and fail with a clear message or make a random one when \
          there is none.",
    covers: &["Q41"],
    bad: Example::Chart(&[
        (
            "values.yaml",
            indoc! {"
                auth:
                  username: spark
                  password: changeme  # wrong
            "},
        ),
        ("templates/a.yaml", "a: {{ .Values.auth.password }}{{ .Values.auth.username }}\n"),
    ]),
    good: Example::Chart(&[
        (
            "values.yaml",
            indoc! {r#"
                auth:
                  existingSecret: ""
                  passwordKey: password
            "#},
        ),
        ("templates/a.yaml", "a: {{ .Values.auth.existingSecret }}{{ .Values.auth.passwordKey }}\n"),
    ]),
    check: Check::Chart(check),
};

/// Endings of keys whose values are secret. `passwordKey` and `existingSecret` name one and hold none.
const SECRET: &[&str] =
    &["password", "passwd", "secretkey", "secretaccesskey", "accesskeyid", "apikey", "token", "privatekey"];

fn check(source: &ChartSource<'_>, report: &mut Report) {
    for (folder, chart) in source.charts() {
        walk(&chart.default_values().to_json(), &mut Vec::new(), &mut |path| {
            let place = source.key(&format!("{folder}values.yaml"), path);
            report.place(place, format!("`{}` has a default", path.join(".")));
        });
    }
}

fn walk<'v>(value: &'v Value, path: &mut Vec<&'v str>, found: &mut dyn FnMut(&[&str])) {
    let Value::Object(map) = value else { return };
    for (key, inner) in map {
        path.push(key);
        let plain: String = key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        match inner {
            Value::String(text) if !text.is_empty() && SECRET.iter().any(|end| plain.ends_with(end)) => found(path),
            inner => walk(inner, path, found),
        }
        path.pop();
    }
}
