//! Reading JSON schemas as schemars writes them: what a value is, in words.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// A word or number that an enum allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'a> {
    /// The word or number.
    pub value: &'a Value,
    /// What it means.
    pub description: Option<&'a str>,
}

impl<'a> Member<'a> {
    /// As people write it.
    pub fn word(&self) -> Cow<'a, str> {
        self.value.as_str().map_or_else(|| self.value.to_string().into(), Cow::from)
    }
}

/// The schema itself, or what is inside an optional one (`anyOf: [X, null]`).
pub fn plain(schema: &Value) -> &Value {
    for word in ["anyOf", "oneOf", "allOf"] {
        let Some(choices) = schema.get(word).and_then(Value::as_array) else { continue };
        let mut real = choices.iter().filter(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
        if let (Some(only), None) = (real.next(), real.next())
            && (choices.len() > 1 || only.get("const").is_none())
        {
            return plain(only);
        }
    }
    schema
}

/// The keys that an object names, in order.
pub fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    plain(schema).get("properties").and_then(Value::as_object)
}

/// The schema of the value at `path`: named keys, entries of free-form maps, items of lists.
pub fn at<'a, S: AsRef<str>>(schema: &'a Value, path: &[S]) -> Option<&'a Value> {
    path.iter().try_fold(schema, |schema, step| step_into(schema, step.as_ref()))
}

fn step_into<'a>(schema: &'a Value, step: &str) -> Option<&'a Value> {
    if let Some(named) = properties(schema).and_then(|named| named.get(step)) {
        return Some(named);
    }
    let schema = plain(schema);
    let other = schema.get("additionalProperties").filter(|other| other.as_bool() != Some(false));
    let items = schema.get("items").filter(|_| step.bytes().all(|b| b.is_ascii_digit()));
    other.or(items)
}

/// Whether the object takes no keys but those that it names.
pub fn is_closed(schema: &Value) -> bool {
    plain(schema).get("additionalProperties").and_then(Value::as_bool) == Some(false)
}

/// Whether `null` is allowed.
pub fn is_nullable(schema: &Value) -> bool {
    types(schema).contains(&"null")
        || schema.get("anyOf").and_then(Value::as_array).is_some_and(|choices| choices.iter().any(is_nullable))
}

/// What the doc comment says.
pub fn description(schema: &Value) -> Option<&str> {
    let own = |schema: &'_ Value| schema.get("description").is_some();
    let schema = if own(schema) { schema } else { plain(schema) };
    schema.get("description").and_then(Value::as_str)
}

/// What an enum allows; empty if the value is no enum.
pub fn members(schema: &Value) -> Vec<Member<'_>> {
    let schema = plain(schema);
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().filter(|w| !w.is_null()).map(|value| Member { value, description: None }).collect();
    }
    let choices = schema.get("oneOf").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut found = Vec::new();
    for choice in choices {
        let description = choice.get("description").and_then(Value::as_str);
        if let Some(value) = choice.get("const") {
            found.push(Member { value, description });
        } else if let Some(words) = choice.get("enum").and_then(Value::as_array) {
            found.extend(words.iter().map(|value| Member { value, description }));
        } else {
            return Vec::new();
        }
    }
    found
}

/// The type in words: `string`, `list of objects`, `map of strings`.
pub fn type_name(schema: &Value) -> String {
    let schema = plain(schema);
    let members = members(schema);
    if !members.is_empty() && members.iter().all(|member| member.value.is_string()) {
        return "string".to_owned();
    }
    let names: Vec<&str> = types(schema).into_iter().filter(|name| *name != "null").collect();
    match names.as_slice() {
        ["array"] => match schema.get("items").map(type_name).as_deref() {
            None | Some("any") => "list".to_owned(),
            Some(item) => format!("list of {}", plural(item)),
        },
        ["object"] if schema.get("properties").is_none() => {
            let of = schema.get("additionalProperties").filter(|of| of.is_object()).map(type_name);
            of.filter(|of| of != "any").map_or_else(|| "object".to_owned(), |of| format!("map of {}", plural(&of)))
        }
        [] => "any".to_owned(),
        names => names.join(" or "),
    }
}

/// What else the schema asks for, in words: `1 to 65535`, `matches ^a+$`.
pub fn constraints(schema: &Value) -> Vec<String> {
    let schema = plain(schema);
    // What an enum allows says more.
    if !members(schema).is_empty() {
        return Vec::new();
    }
    let text = |key: &str| schema.get(key).map(ToString::to_string);
    let mut found = Vec::new();
    // An unsigned type's own bounds say nothing to a person.
    let least = text("minimum").filter(|least| !matches!(least.as_str(), "0" | "0.0"));
    match (least, text("maximum")) {
        (Some(least), Some(most)) => found.push(format!("{least} to {most}")),
        (Some(least), None) => found.push(format!("at least {least}")),
        (None, Some(most)) => found.push(format!("at most {most}")),
        (None, None) => {}
    }
    match (schema.get("minLength").and_then(Value::as_u64), text("maxLength")) {
        (Some(1), None) => found.push("not empty".to_owned()),
        (Some(least), None) => found.push(format!("at least {least} characters")),
        (None, Some(most)) => found.push(format!("at most {most} characters")),
        (Some(least), Some(most)) => found.push(format!("{least} to {most} characters")),
        (None, None) => {}
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        found.push(format!("matches {pattern}"));
    }
    found
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn plural(name: &str) -> String {
    match name.split_once(" of ") {
        Some((first, rest)) => format!("{first}s of {rest}"),
        None => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_said_in_words() {
        let word = |schema: Value| type_name(&schema);
        assert_eq!(word(json!({"type": "string"})), "string");
        assert_eq!(word(json!({"type": ["integer", "null"], "format": "uint16"})), "integer");
        assert_eq!(word(json!({"enum": ["a", "b"]})), "string");
        assert_eq!(word(json!({"type": "integer", "enum": [1, 3]})), "integer");
        assert_eq!(word(json!({"type": "array", "items": {"type": "object"}})), "list of objects");
        assert_eq!(word(json!({"type": "object", "additionalProperties": {"type": "string"}})), "map of strings");
        assert_eq!(word(json!({"type": "object", "additionalProperties": true})), "object");
        assert_eq!(word(json!({"anyOf": [{"type": "boolean"}, {"type": "null"}]})), "boolean");
        assert_eq!(word(json!(true)), "any");
    }

    #[test]
    fn members_keep_their_meaning() {
        let documented = json!({"oneOf": [{"const": "a", "description": "First."}, {"enum": ["b", "c"]}]});
        let found: Vec<(&Value, Option<&str>)> =
            members(&documented).into_iter().map(|m| (m.value, m.description)).collect();
        assert_eq!(found, [(&json!("a"), Some("First.")), (&json!("b"), None), (&json!("c"), None)]);
        let optional = json!({"anyOf": [{"type": "string", "enum": ["x"]}, {"type": "null"}]});
        assert_eq!(members(&optional).len(), 1);
        assert!(is_nullable(&optional));
        assert!(members(&json!({"oneOf": [{"type": "object"}]})).is_empty());
    }

    #[test]
    fn paths_lead_through_maps_and_lists() {
        let schema = json!({"properties": {
            "conf": {"type": "object", "additionalProperties": {"type": "string"}},
            "env": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}},
        }, "additionalProperties": false});
        assert!(at(&schema, &["conf", "spark.x"]).is_some());
        assert!(at(&schema, &["env", "0", "name"]).is_some());
        assert!(at(&schema, &["nope"]).is_none());
        assert!(is_closed(&schema));
    }

    #[test]
    fn constraints_are_said_in_words() {
        assert_eq!(constraints(&json!({"minimum": 1, "maximum": 65535})), ["1 to 65535"]);
        assert_eq!(constraints(&json!({"minimum": 0, "minLength": 1, "pattern": "^a$"})), ["not empty", "matches ^a$"]);
    }
}
