//! Checks a section of a values file against the schema of its brick, and says where in the file it is wrong.
//!
//! `jsonschema` gives the verdict on the merged values, as Helm will; what it says about a value is put down to the
//! file that set the value.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use sparkyard_model::{Finding, Tree};
use sparkyard_yaml::schema::{self, Member};
use sparkyard_yaml::{Part, nearest};

use crate::knowledge::Typed;
use crate::layer::Layer;
use crate::path;

/// The key that every brick accepts in an umbrella.
pub(crate) const ENABLED: &str = "enabled";

/// Finds the keys of a section that its schema does not have. Null values count: what cannot be set cannot be unset.
pub(crate) fn unknown_keys(id: &str, typed: &Typed, layer: &Layer, findings: &mut Vec<Finding>) {
    let Some(section) = layer.section(id) else { return };
    let mut at = vec![id];
    walk(&typed.schema, &typed.schema, section, &mut at, layer, findings);
}

fn walk<'a>(
    root: &Value,
    of: &Value,
    tree: &'a Tree,
    at: &mut Vec<&'a str>,
    layer: &Layer,
    findings: &mut Vec<Finding>,
) {
    let closed = schema::is_closed(of);
    for (key, value) in tree {
        let enabled = at.len() == 1 && at[0] != crate::GLOBAL && key == ENABLED;
        at.push(key);
        match schema::at(of, &[key]) {
            Some(below) => {
                if let Value::Object(tree) = value {
                    walk(root, below, tree, at, layer, findings);
                }
            }
            None if closed && !enabled => findings.push(unknown_key(root, of, at, layer)),
            None => {}
        }
        at.pop();
    }
}

fn unknown_key(root: &Value, of: &Value, at: &[&str], layer: &Layer) -> Finding {
    let key = at[at.len() - 1];
    let above = at[..at.len() - 1].join(".");
    let known: Vec<&str> =
        schema::properties(of).map(|named| named.keys().map(String::as_str).collect()).unwrap_or_default();
    let mut help = String::new();
    if let Some(near) = nearest(key, known.iter().copied()) {
        help = format!("did you mean `{near}`? ");
    } else if let Some(elsewhere) = find_key(root, key, &mut Vec::new()) {
        help = format!("did you mean `{}.{elsewhere}`? ", at[0]);
    }
    help.push_str(&format!("`{above}` has: {}", known.join(", ")));
    Finding::error("unknown-key", format!("unknown key `{key}` in `{above}`")).at(layer.place(at, Part::Key)).help(help)
}

/// The path of a key of this name anywhere in the schema: people know the name and forget where it stands.
fn find_key(of: &Value, key: &str, at: &mut Vec<String>) -> Option<String> {
    let named = schema::properties(of)?;
    if named.contains_key(key) {
        at.push(key.to_owned());
        return Some(at.join("."));
    }
    named.iter().find_map(|(name, below)| {
        let mut at = at.clone();
        at.push(name.clone());
        find_key(below, key, &mut at)
    })
}

/// Finds the values of a section that its schema does not allow. `merged` holds everything up to this layer.
pub(crate) fn wrong_values(
    id: &str,
    schema: &Value,
    validator: &Validator,
    merged: &Value,
    layer: &Layer,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(section) = layer.section(id) else { return findings };
    for error in validator.iter_errors(merged) {
        let steps = steps(&error);
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        // A key that is missing was deleted: by this layer, or by one that has been told already.
        let missing = match error.kind() {
            Kind::Required { property } => property.as_str(),
            _ => None,
        };
        let wanted: Vec<&str> = steps.iter().copied().chain(missing).collect();
        let set_here = wanted.is_empty() || path::get(section, &wanted).is_some();
        // Unknown keys were found before, with their nulls.
        if !set_here || matches!(error.kind(), Kind::AdditionalProperties { .. }) {
            continue;
        }
        let at: Vec<&str> = std::iter::once(id).chain(wanted.iter().copied()).collect();
        let finding = explain(&at.join("."), schema::at(schema, &steps), &error);
        findings.push(finding.at(layer.place(&at, Part::Value)));
    }
    findings
}

/// Says what is wrong with a brick's own defaults, if anything is.
pub(crate) fn wrong_defaults(id: &str, schema: &Value, validator: &Validator, defaults: &Value) -> Vec<Finding> {
    let explained = validator.iter_errors(defaults).map(|error| {
        let steps = steps(&error);
        let at: Vec<&str> = std::iter::once(id).chain(steps.iter().map(String::as_str)).collect();
        let finding = explain(&at.join("."), schema::at(schema, &steps), &error);
        Finding { rule: "bad-catalogue".into(), message: format!("default: {}", finding.message), ..finding }
    });
    explained.collect()
}

fn steps(error: &ValidationError) -> Vec<String> {
    let pointer = error.instance_path().as_str();
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// A schema error in the words of the person who wrote the file.
fn explain(name: &str, of: Option<&Value>, error: &ValidationError) -> Finding {
    let value = error.instance().as_ref();
    let members = of.map(schema::members).unwrap_or_default();
    if !members.is_empty() {
        let words: Vec<_> = members.iter().map(Member::word).collect();
        let near = value.as_str().and_then(|word| nearest(word, words.iter().map(AsRef::as_ref)));
        let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        return Finding::error("bad-value", format!("`{name}` cannot be {}", shown(value)))
            .help(format!("{near}one of: {}", words.join(", ")));
    }
    let type_wanted = of.map_or_else(|| "another type".to_owned(), schema::type_name);
    let range = |wanted: String| Finding::error("out-of-range", format!("`{name}` is {}, {wanted}", shown(value)));
    let described = |finding: Finding| match of.and_then(schema::description) {
        Some(text) => finding.help(text.lines().collect::<Vec<_>>().join(" ")),
        None => finding,
    };
    match error.kind() {
        Kind::Type { .. } | Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            let finding = Finding::error(
                "wrong-type",
                format!("`{name}` must be {}, not {}", article(&type_wanted), kind(value)),
            );
            match quotes(&type_wanted, value) {
                Some(help) => finding.help(help),
                None => described(finding),
            }
        }
        Kind::Required { .. } => described(Finding::error("missing-key", format!("`{name}` cannot be removed"))),
        Kind::Minimum { limit } => described(range(format!("it must be {limit} or more"))),
        Kind::Maximum { limit } => described(range(format!("it must be {limit} or less"))),
        Kind::ExclusiveMinimum { limit } => described(range(format!("it must be more than {limit}"))),
        Kind::ExclusiveMaximum { limit } => described(range(format!("it must be less than {limit}"))),
        Kind::MinLength { limit: 1 } => described(Finding::error("out-of-range", format!("`{name}` cannot be empty"))),
        Kind::MinLength { limit } => described(range(format!("it must have {limit} characters or more"))),
        Kind::MaxLength { limit } => described(range(format!("it must have {limit} characters or less"))),
        Kind::MinItems { limit } => {
            described(Finding::error("out-of-range", format!("`{name}` must have {limit} items or more")))
        }
        Kind::MaxItems { limit } => {
            described(Finding::error("out-of-range", format!("`{name}` must have {limit} items or less")))
        }
        Kind::Pattern { pattern } => described(Finding::error(
            "bad-pattern",
            format!("`{name}` is {}, which does not match {pattern}", shown(value)),
        )),
        _ => described(Finding::error("bad-value", format!("`{name}` is wrong: {error}"))),
    }
}

/// The two mistakes that YAML invites: a number in quotes, and a text that looks like a number.
fn quotes(wanted: &str, value: &Value) -> Option<String> {
    match (wanted, value) {
        ("integer" | "number", Value::String(text)) if text.parse::<f64>().is_ok() => {
            Some(format!("remove the quotes: {text}"))
        }
        ("boolean", Value::String(text)) if text == "true" || text == "false" => {
            Some(format!("remove the quotes: {text}"))
        }
        ("string", Value::Number(_) | Value::Bool(_)) => Some(format!("put it in quotes: \"{value}\"")),
        _ => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

fn article(word: &str) -> String {
    let word = if word == "object" { "map" } else { word };
    let article = if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// A value in a message; what is long is cut.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 { text } else { format!("{}...", text.chars().take(57).collect::<String>()) }
}
