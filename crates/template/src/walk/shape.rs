//! What values can look like: from a schema, or where there is none from the defaults.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Literal;

/// What a value can look like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Nobody says.
    Any,
    /// A word, number or boolean.
    Scalar {
        /// Kinds that are allowed.
        kinds: Vec<ScalarKind>,
        /// Words that are allowed; empty for any.
        members: Vec<Literal>,
    },
    /// A list of these.
    List(Box<Shape>),
    /// A map.
    Map {
        /// Keys with a name.
        known: BTreeMap<String, Shape>,
        /// What other keys hold; `None` if there are no others.
        others: Option<Box<Shape>>,
    },
}

/// Kinds of scalars as templates see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    /// Text.
    Str,
    /// A number: a Go float.
    Number,
    /// A boolean.
    Bool,
    /// Nothing.
    Null,
}

impl Shape {
    /// What a JSON schema says.
    pub fn of_schema(schema: &Value) -> Self {
        of_schema(schema, schema, 0)
    }

    /// What defaults suggest: a map with keys has these and no others, an empty one any.
    pub fn of_defaults(value: &Value) -> Self {
        let scalar = |kind| Shape::Scalar { kinds: vec![kind], members: Vec::new() };
        match value {
            Value::Null => Shape::Any,
            Value::Bool(_) => scalar(ScalarKind::Bool),
            Value::Number(_) => scalar(ScalarKind::Number),
            Value::String(_) => scalar(ScalarKind::Str),
            Value::Array(_) => Shape::List(Box::new(Shape::Any)),
            Value::Object(map) if map.is_empty() => {
                Shape::Map { known: BTreeMap::new(), others: Some(Box::new(Shape::Any)) }
            }
            Value::Object(map) => {
                let known = map.iter().map(|(key, value)| (key.clone(), Shape::of_defaults(value))).collect();
                Shape::Map { known, others: None }
            }
        }
    }

    /// What a key of it holds; `None` if there is no such key.
    pub fn key(&self, key: &str) -> Option<&Shape> {
        match self {
            Shape::Map { known, others } => known.get(key).or(others.as_deref()),
            Shape::Any => Some(self),
            _ => None,
        }
    }

    /// What its items hold, or the entries of a map.
    pub fn item(&self) -> &Shape {
        match self {
            Shape::List(item) => item,
            Shape::Map { others: Some(others), .. } => others,
            _ => &Shape::Any,
        }
    }

    /// Names of its keys.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Shape::Map { known, .. } => known.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

fn of_schema(schema: &Value, root: &Value, depth: usize) -> Shape {
    // A schema that refers to itself describes a tree of any depth.
    if depth > 30 {
        return Shape::Any;
    }
    let below = |schema: &Value| of_schema(schema, root, depth + 1);
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return target.strip_prefix('#').and_then(|path| root.pointer(path)).map_or(Shape::Any, below);
    }
    for word in ["oneOf", "anyOf"] {
        let Some(choices) = schema.get(word).and_then(Value::as_array) else { continue };
        return choices.iter().map(below).reduce(joined).unwrap_or(Shape::Any);
    }
    let members: Vec<Literal> = match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(only), _) => Literal::of_json(only).into_iter().collect(),
        (None, Some(words)) => words.iter().filter_map(Literal::of_json).collect(),
        (None, None) => Vec::new(),
    };
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("properties").is_some() => vec!["object"],
        _ if !members.is_empty() => {
            return Shape::Scalar { kinds: members.iter().map(Literal::kind).collect(), members };
        }
        _ => return Shape::Any,
    };
    let mut shape: Option<Shape> = None;
    let mut kinds = Vec::new();
    for name in types {
        let one = match name {
            "object" => object(schema, &below),
            "array" => Shape::List(Box::new(schema.get("items").map_or(Shape::Any, below))),
            "string" => {
                kinds.push(ScalarKind::Str);
                continue;
            }
            "number" | "integer" => {
                kinds.push(ScalarKind::Number);
                continue;
            }
            "boolean" => {
                kinds.push(ScalarKind::Bool);
                continue;
            }
            _ => {
                kinds.push(ScalarKind::Null);
                continue;
            }
        };
        shape = Some(shape.map_or(one.clone(), |before| joined(before, one)));
    }
    match (shape, kinds.is_empty()) {
        (None, _) => Shape::Scalar { kinds, members },
        (Some(shape), true) => shape,
        // Null beside a map or list deletes it, which Helm does before templates run.
        (Some(shape), false) if kinds == [ScalarKind::Null] => shape,
        (Some(_), false) => Shape::Any,
    }
}

fn object(schema: &Value, below: &dyn Fn(&Value) -> Shape) -> Shape {
    let known = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let known = known.map(|(key, schema)| (key.clone(), below(schema))).collect();
    let others = match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(other @ Value::Object(_)) => Some(Box::new(below(other))),
        _ => Some(Box::new(Shape::Any)),
    };
    Shape::Map { known, others }
}

/// What is either of two.
fn joined(a: Shape, b: Shape) -> Shape {
    match (a, b) {
        (Shape::Scalar { mut kinds, mut members }, Shape::Scalar { kinds: more, members: words }) => {
            // Without words on one side any word may come.
            let open = |members: &[Literal], kinds: &[ScalarKind]| members.is_empty() && kinds != [ScalarKind::Null];
            if open(&members, &kinds) || open(&words, &more) {
                members.clear();
            } else {
                members.extend(words);
            }
            kinds.extend(more.into_iter().filter(|kind| !kinds.contains(kind)).collect::<Vec<_>>());
            Shape::Scalar { kinds, members }
        }
        (shape, Shape::Scalar { kinds, .. }) | (Shape::Scalar { kinds, .. }, shape) if kinds == [ScalarKind::Null] => {
            shape
        }
        (a, b) if a == b => a,
        _ => Shape::Any,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_say_what_is_there() {
        let shape = Shape::of_schema(&json!({
            "definitions": {"port": {"type": "integer"}},
            "type": "object", "additionalProperties": false,
            "properties": {
                "mode": {"oneOf": [{"const": "a", "type": "string"}, {"const": "b", "type": "string"}]},
                "port": {"$ref": "#/definitions/port"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "list": {"type": "array", "items": {"type": ["object", "null"], "properties": {"name": {"type": "string"}}}},
                "word": {"type": ["string", "null"]},
            },
        }));
        assert!(matches!(shape.key("mode"), Some(Shape::Scalar { members, .. }) if members.len() == 2));
        assert!(matches!(shape.key("port"), Some(Shape::Scalar { kinds, .. }) if kinds == &[ScalarKind::Number]));
        assert!(shape.key("labels").and_then(|labels| labels.key("any")).is_some());
        assert!(shape.key("list").is_some_and(|list| list.item().key("name").is_some()));
        assert!(shape.key("typo").is_none());
    }

    #[test]
    fn defaults_suggest_what_is_there() {
        let shape = Shape::of_defaults(&json!({"a": {"b": 1}, "free": {}, "nothing": null}));
        assert!(shape.key("a").is_some_and(|a| a.key("c").is_none()));
        assert!(shape.key("free").is_some_and(|free| free.key("any").is_some()));
        assert_eq!(shape.key("nothing"), Some(&Shape::Any));
    }
}
