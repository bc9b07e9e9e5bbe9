//! values.schema.json: closed, draft-07, without references to other files.

use serde::{Serialize, Serializer};
use serde_json::ser::PrettyFormatter;
use serde_json::{Map, Value, json};
use sparkyard_model::Tree;
use sparkyard_yaml::schema as read;

use super::{Composer, Part};
use crate::validate::ENABLED;
use crate::{ComposeError, GLOBAL};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The root of a values.schema.json; its parts are borrowed, because they are large and shared.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Root<'a> {
    #[serde(rename = "$schema")]
    draft: &'static str,
    title: &'a str,
    r#type: &'static str,
    properties: Properties<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    definitions: Option<&'a Value>,
    additional_properties: bool,
}

/// Keys and their schemas, in order.
struct Properties<'a>(Vec<(&'a str, &'a Value)>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Composer<'_> {
    /// Schema of a chart of one brick.
    pub(super) fn modular_schema(&self, part: &Part) -> Result<String, ComposeError> {
        let own = self.brick_schema(part)?;
        Ok(document(&part.planned.chart, &[(GLOBAL, self.global_schema()?)], Some(own)))
    }

    /// Schema of a vendored brick: its own keys, the switch, and whatever the parent puts in `global`.
    pub(super) fn subchart_schema(&self, part: &Part) -> Result<String, ComposeError> {
        Ok(document(part.brick.id, &[], Some(self.nested_schema(part)?)))
    }

    /// Schema of an umbrella.
    pub(super) fn umbrella_schema(&self, name: &str) -> Result<String, ComposeError> {
        let mut properties = vec![(GLOBAL, self.global_schema()?)];
        for part in &self.parts {
            properties.push((part.brick.id, self.nested_schema(part)?));
        }
        Ok(document(name, &properties, None))
    }

    /// The schema of `global` with this plan's defaults.
    fn global_schema(&self) -> Result<&Value, ComposeError> {
        let of = &self.knowledge.typed(GLOBAL)?.schema;
        Ok(self.global_schema.get_or_init(|| tidy(of, Some(&self.plan.global))))
    }

    /// The schema of a brick's values with this plan's defaults.
    fn brick_schema<'p>(&self, part: &'p Part) -> Result<&'p Value, ComposeError> {
        let of = &self.knowledge.typed(part.brick.id)?.schema;
        Ok(part.schema.get_or_init(|| tidy(of, Some(&part.planned.values))))
    }

    /// The same as it stands in an umbrella.
    fn nested_schema<'p>(&self, part: &'p Part) -> Result<&'p Value, ComposeError> {
        let of = &self.knowledge.typed(part.brick.id)?.schema;
        Ok(part.schema.get_or_init(|| {
            let mut own = tidy(of, Some(&part.planned.values));
            let default = part.planned.values.get(ENABLED).cloned().unwrap_or(Value::Bool(true));
            put_first(
                &mut own,
                GLOBAL,
                json!({"description": "What Helm hands down from the parent.", "type": "object"}),
            );
            put_first(&mut own, ENABLED, json!({"description": "Install it.", "type": "boolean", "default": default}));
            own["description"] = format!("{}.", part.brick.title).into();
            own["additionalProperties"] = false.into();
            own
        }))
    }
}

/// The file: `first` keys, then those of `own`.
fn document(title: &str, first: &[(&str, &Value)], own: Option<&Value>) -> String {
    let mut properties = first.to_vec();
    let named = own.and_then(|own| own.get("properties")).and_then(Value::as_object);
    properties.extend(named.into_iter().flatten().map(|(key, of)| (key.as_str(), of)));
    let root = Root {
        draft: DRAFT,
        title,
        r#type: "object",
        properties: Properties(properties),
        required: own.and_then(|own| own.get("required")),
        definitions: own.and_then(|own| own.get("definitions")),
        additional_properties: false,
    };
    // A line each, for reviews, and no indent: the spaces would be a twentieth of a package, whose size Helm bounds.
    let mut text = Vec::new();
    let mut printer = serde_json::Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b""));
    // A tree of JSON values always prints.
    let _ = root.serialize(&mut printer);
    text.push(b'\n');
    String::from_utf8(text).unwrap_or_default()
}

fn put_first(schema: &mut Value, key: &str, property: Value) {
    match schema.get_mut("properties").and_then(Value::as_object_mut) {
        Some(properties) => drop(properties.shift_insert(0, key.to_owned(), property)),
        None => schema["properties"] = json!({ key: property }),
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
            // Lines of a doc comment are broken where the source was; an editor breaks them where its window ends.
            "description" => value.as_str().map_or(Value::Null, |text| unwrapped(text).into()),
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

fn unwrapped(text: &str) -> String {
    text.split("\n\n")
        .map(|paragraph| paragraph.replace("\n- ", "\u{0}").replace('\n', " ").replace('\u{0}', "\n- "))
        .collect::<Vec<_>>()
        .join("\n\n")
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
