//! values.schema.json: closed, draft-07, without references to other files.

use serde_json::{Map, Value, json};
use sparkyard_model::Tree;
use sparkyard_yaml::schema as read;

use super::{Composer, Part};
use crate::validate::ENABLED;
use crate::{ComposeError, GLOBAL};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

impl Composer<'_> {
    /// Schema of a chart of one brick.
    pub(super) fn modular_schema(&self, part: &Part) -> Result<String, ComposeError> {
        let mut schema = self.brick_schema(part)?;
        let global = self.global_schema()?;
        put_first(&mut schema, GLOBAL, global);
        Ok(document(&part.planned.chart, schema))
    }

    /// Schema of a vendored brick: its own keys, the switch, and whatever the parent puts in `global`.
    pub(super) fn subchart_schema(&self, part: &Part) -> Result<String, ComposeError> {
        Ok(document(part.brick.id, self.nested_schema(part)?))
    }

    /// Schema of an umbrella.
    pub(super) fn umbrella_schema(&self, name: &str) -> Result<String, ComposeError> {
        let mut properties = Map::new();
        properties.insert(GLOBAL.to_owned(), self.global_schema()?);
        for part in &self.parts {
            let mut schema = self.nested_schema(part)?;
            schema["description"] = format!("{}.", part.brick.title).into();
            properties.insert(part.brick.id.to_owned(), schema);
        }
        let schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
        Ok(document(name, schema))
    }

    /// The schema of `global` with this plan's defaults.
    pub(super) fn global_schema(&self) -> Result<Value, ComposeError> {
        Ok(tidy(&self.knowledge.typed(GLOBAL)?.schema, Some(&self.plan.global)))
    }

    /// The schema of a brick's values with this plan's defaults.
    pub(super) fn brick_schema(&self, part: &Part) -> Result<Value, ComposeError> {
        let mut schema = tidy(&self.knowledge.typed(part.brick.id)?.schema, Some(&part.planned.values));
        schema["type"] = "object".into();
        schema["additionalProperties"] = false.into();
        Ok(schema)
    }

    fn nested_schema(&self, part: &Part) -> Result<Value, ComposeError> {
        let mut schema = self.brick_schema(part)?;
        // Helm gives every subchart the parent's `global`, all of it.
        put_first(
            &mut schema,
            GLOBAL,
            json!({"description": "What the bricks of one stack agree on.", "type": "object"}),
        );
        put_first(&mut schema, ENABLED, enabled(part.planned.values.get(ENABLED)));
        Ok(schema)
    }
}

/// Schema of the switch of a brick.
pub(super) fn enabled(default: Option<&Value>) -> Value {
    let mut schema = json!({"description": "Install it.", "type": "boolean"});
    if let Some(default) = default {
        schema["default"] = default.clone();
    }
    schema
}

fn document(title: &str, schema: Value) -> String {
    let mut root = Map::new();
    root.insert("$schema".into(), DRAFT.into());
    root.insert("title".into(), title.into());
    if let Value::Object(schema) = schema {
        root.extend(schema.into_iter().filter(|(key, _)| key != "title"));
    }
    let mut text = serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default();
    text.push('\n');
    text
}

fn put_first(schema: &mut Value, key: &str, property: Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.shift_insert(0, key.to_owned(), property);
    } else {
        schema["properties"] = json!({ key: property });
    }
}

/// A schema without what only Rust cares about, and with the defaults of `values` where they are simple.
fn tidy(schema: &Value, values: Option<&Tree>) -> Value {
    let Value::Object(map) = schema else { return schema.clone() };
    let mut tidied = Map::new();
    for (key, value) in map {
        let value = match key.as_str() {
            // Number formats of Rust (`uint16`) are bounds already; defaults come from the plan.
            "$schema" | "title" | "default" => continue,
            "format" if value.as_str().is_some_and(is_rust_format) => continue,
            "properties" => tidy_properties(value, values),
            "items" | "additionalProperties" => tidy(value, None),
            "anyOf" | "oneOf" | "allOf" => match value {
                Value::Array(choices) => choices.iter().map(|choice| tidy(choice, values)).collect(),
                other => other.clone(),
            },
            _ => value.clone(),
        };
        tidied.insert(key.clone(), value);
    }
    Value::Object(tidied)
}

fn tidy_properties(properties: &Value, values: Option<&Tree>) -> Value {
    let Value::Object(properties) = properties else { return properties.clone() };
    let tidied = properties.iter().map(|(name, property)| {
        let value = values.and_then(|values| values.get(name));
        let mut property_schema = tidy(property, value.and_then(Value::as_object));
        let simple = value.filter(|value| is_simple(value) && read::properties(property).is_none());
        if let (Some(value), Value::Object(map)) = (simple, &mut property_schema) {
            map.insert("default".into(), value.clone());
        }
        (name.clone(), property_schema)
    });
    Value::Object(tidied.collect())
}

fn is_simple(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

fn is_rust_format(format: &str) -> bool {
    format.starts_with("uint") || format.starts_with("int") || matches!(format, "float" | "double")
}
