//! Values against the charts' schemas, with places in the user's own files.

use std::rc::Rc;

use sparkyard_model::Finding;
use sparkyard_yaml::{Part, nearest, schema};

use crate::active::Active;
use crate::error::RenderError;
use crate::user::{UserValues, Writer};
use crate::value::{Map, Value};

/// Validates what every chart sees. All that is wrong is said at once.
pub(crate) fn validate(active: &Active<'_>, values: &Rc<Map>, user: &UserValues) -> Result<(), RenderError> {
    let mut findings = Vec::new();
    check(active, values, user, &mut Vec::new(), &mut findings)?;
    if findings.is_empty() { Ok(()) } else { Err(RenderError::Refused(findings)) }
}

fn check(
    active: &Active<'_>,
    values: &Rc<Map>,
    user: &UserValues,
    path: &mut Vec<String>,
    findings: &mut Vec<Finding>,
) -> Result<(), RenderError> {
    if let Some(chart_schema) = &active.chart.schema {
        let seen = Value::Map(Rc::clone(values));
        if !chart_schema.surely_fits(&seen) {
            let instance = seen.to_json();
            for error in chart_schema.validator()?.iter_errors(&instance) {
                findings.push(finding(&error, chart_schema.json(), path, user));
            }
        }
    }
    for chart in &active.subcharts {
        let name = &chart.metadata.name;
        match values.get(name.as_str()) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(below)) => {
                path.push(name.clone());
                check(chart, below, user, path, findings)?;
                path.pop();
            }
            Some(other) => {
                findings
                    .push(Finding::error("schema", format!("`{name}` must be a map, it is a {}", other.type_name())));
            }
        }
    }
    Ok(())
}

fn finding(
    error: &jsonschema::ValidationError<'_>,
    of: &serde_json::Value,
    above: &[String],
    user: &UserValues,
) -> Finding {
    use jsonschema::error::ValidationErrorKind as Why;
    let below: Vec<String> = error.instance_path().as_str().split('/').skip(1).map(unescaped).collect();
    let mut path: Vec<String> = above.iter().cloned().chain(below.iter().cloned()).collect();
    let place = at_path(of, &below);
    let mut help = None;
    let name =
        |path: &[String]| if path.is_empty() { "the values".to_owned() } else { format!("`{}`", path.join(".")) };
    let message = match error.kind() {
        Why::AdditionalProperties { unexpected } => {
            let key = unexpected.first().cloned().unwrap_or_default();
            let known: Vec<&str> =
                place.and_then(schema::properties).map_or_else(Vec::new, |p| p.keys().map(String::as_str).collect());
            if !known.is_empty() {
                let list = format!("there is: {}", known.join(", "));
                help = Some(match nearest(&key, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`? {list}"),
                    None => list,
                });
            }
            path.push(key.clone());
            format!("unknown key `{}`", path.join("."))
        }
        Why::Enum { options } => {
            let allowed: Vec<String> = options.as_array().into_iter().flatten().map(ToString::to_string).collect();
            help = Some(format!("one of: {}", allowed.join(", ")));
            format!("{} must not be {}", name(&path), error.instance())
        }
        Why::OneOfNotValid { .. } | Why::AnyOf { .. } | Why::OneOfMultipleValid { .. } => {
            let words = place.map(schema::members).unwrap_or_default();
            if !words.is_empty() {
                let allowed: Vec<String> = words.iter().map(|member| member.value.to_string()).collect();
                help = Some(format!("one of: {}", allowed.join(", ")));
            }
            format!("{} must not be {}", name(&path), error.instance())
        }
        Why::Type { .. } => format!("{}: {error}", name(&path)),
        _ => format!("{}: {error}", name(&path)),
    };
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let finding = Finding::error("schema", message);
    let part = match error.kind() {
        Why::AdditionalProperties { .. } => Part::Key,
        _ => Part::Value,
    };
    let writer = user.writer_of(&steps, part).or_else(|| user.writer_of(&global(&steps), part));
    let finding = match writer {
        Some(Writer::File(place)) => finding.at(Some(place)),
        Some(Writer::Argument(text)) => {
            let said = format!("set by `{text}`");
            help = Some(help.map_or(said.clone(), |help| format!("{help} ({said})")));
            finding
        }
        None => finding,
    };
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// A subchart's `global` is written at the root.
fn global<'p>(path: &[&'p str]) -> Vec<&'p str> {
    match path.iter().position(|step| *step == "global") {
        Some(at) => path[at..].to_vec(),
        None => path.to_vec(),
    }
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn at_path<'s>(of: &'s serde_json::Value, path: &[String]) -> Option<&'s serde_json::Value> {
    schema::at(of, path)
}
