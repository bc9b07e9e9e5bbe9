//! Something else in a value's place.

use serde_json::{Value, json};
use sparkyard_yaml::schema;

/// How many words of a kind are tried: one more where the first is refused by a template.
const ENOUGH: usize = 2;

/// Other values that the schema allows, the likeliest first.
pub(super) fn others(default: &Value, of: Option<&Value>) -> Vec<Value> {
    let members: Vec<Value> =
        of.map(schema::members).unwrap_or_default().into_iter().map(|member| member.value.clone()).collect();
    let (candidates, enough) = match members.len() {
        0 => (candidates(default, of), ENOUGH),
        all => (members, all),
    };
    let validator = of.and_then(|of| jsonschema::validator_for(of).ok());
    let allowed = |value: &Value| validator.as_ref().is_none_or(|validator| validator.is_valid(value));
    candidates.into_iter().filter(|value| value != default && allowed(value)).take(enough).collect()
}

/// A value that is empty to a template, or one that is not.
pub(super) fn with_truth(wanted: bool, current: &Value, of: Option<&Value>) -> Option<Value> {
    let empty = match current {
        Value::Bool(_) => json!(false),
        Value::Number(_) => json!(0),
        Value::Array(_) => json!([]),
        // A key that is null is taken away.
        Value::Object(_) | Value::Null => Value::Null,
        Value::String(_) => json!(""),
    };
    if wanted { others(current, of).into_iter().find(is_true) } else { Some(empty) }
}

/// As templates see it.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

fn candidates(default: &Value, of: Option<&Value>) -> Vec<Value> {
    match default {
        Value::Bool(on) => vec![json!(!on)],
        Value::Number(number) => match number.as_i64() {
            // Where 0 is the least, one may be refused as too little.
            Some(number) => vec![json!(number + 1), json!(number - 1), json!(1024)],
            None => vec![json!(number.as_f64().unwrap_or_default() + 1.0)],
        },
        Value::String(text) => texts(text),
        Value::Array(list) => {
            let item = of.and_then(|of| schema::plain(of).get("items"));
            let more: Vec<Value> = match list.last() {
                Some(last) => others(last, item),
                None => entries(item),
            };
            more.into_iter().map(|item| json!(list.iter().cloned().chain([item]).collect::<Vec<_>>())).collect()
        }
        Value::Object(_) => {
            let inner = of.map(schema::plain).and_then(|of| of.get("additionalProperties"));
            // Where keys have a form, it is that of S3A's settings.
            let both = |entry: Value| [json!({"sample": entry}), json!({"fs.s3a.sample": entry})];
            entries(inner).into_iter().flat_map(both).collect()
        }
        Value::Null => entries(of),
    }
}

/// Something of a type where nothing stands.
fn entries(of: Option<&Value>) -> Vec<Value> {
    let Some(of) = of.filter(|of| of.is_object()) else { return vec![json!("sample"), json!({"name": "sample"})] };
    match schema::type_name(of).split(' ').next() {
        Some("object") => vec![json!({"name": "sample", "value": "sample"}), json!({})],
        Some("boolean") => vec![json!(true)],
        Some("integer" | "number") => vec![json!(1), json!(1024)],
        Some("list") => entries(schema::plain(of).get("items")).into_iter().map(|item| json!([item])).collect(),
        _ => texts(""),
    }
}

/// Other texts: the same with another digit keeps the form of sizes, times and versions, a sample has the form of a
/// name, and the rest are forms that a schema may ask for.
fn texts(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some(at) = text.find(|c: char| ('1'..='8').contains(&c)) {
        let digit = text.as_bytes()[at] + 1;
        found.push(format!("{}{}{}", &text[..at], char::from(digit), &text[at + 1..]));
    }
    found.push(if text.is_empty() { "sample".to_owned() } else { format!("{text}x") });
    found.extend(
        ["2", "2g", "sample=2", "2m", "2Gi", "sample.example.com", "https://sample.example.com:8443"]
            .map(str::to_owned),
    );
    found.extend(
        ["thrift://sample.example.com:9083", "sc://sample.example.com:15002", "spark://sample.example.com:7077"]
            .map(str::to_owned),
    );
    found.push(format!("sha256:{}", "1".repeat(64)));
    found.push(String::new());
    found.into_iter().map(Value::String).collect()
}
