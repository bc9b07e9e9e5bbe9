//! Random values laid over a chart's own, as a user could write them.

use fastrand::Rng;
use serde_json::{Map, Value, json};
use sparkyard_model::SourceText;
use sparkyard_render::UserValues;
use sparkyard_yaml::schema;

use super::{map, number, value, word};

/// The leaves of a chart's values, and what its schema says of them.
pub struct Overrides {
    leaves: Vec<Leaf>,
}

struct Leaf {
    path: Vec<String>,
    default: Value,
    /// Words that an enum allows.
    words: Vec<Value>,
}

impl Overrides {
    /// Leaves of `values`, with what `of` says of them.
    pub fn of(values: &Value, of: Option<&Value>) -> Self {
        let mut leaves = Vec::new();
        collect(values, of, &mut Vec::new(), &mut leaves);
        Self { leaves }
    }

    /// One to six changes, split over files and arguments.
    pub fn set(&self, rng: &mut Rng) -> UserValues {
        let mut file = Map::new();
        let mut user = UserValues::default();
        for _ in 0..=rng.usize(..6) {
            let leaf = &self.leaves[rng.usize(..self.leaves.len())];
            let mut path = leaf.path.clone();
            let new = match rng.u8(..20) {
                0 => {
                    // A key that nobody knows.
                    path.pop();
                    path.push("typo".to_owned());
                    json!("x")
                }
                1 => value(rng, 2),
                2 => {
                    // A map in the middle goes.
                    path.truncate(1 + rng.usize(..path.len()));
                    Value::Null
                }
                _ => leaf.other(rng),
            };
            let plain = path.iter().all(|step| step.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            match (rng.u8(..6), &new) {
                (0, Value::String(text)) if plain && !text.contains(['\n', '\\']) && !text.starts_with('{') => {
                    let value = text.replace(',', "\\,");
                    let list = if rng.bool() { &mut user.set } else { &mut user.set_string };
                    list.push(format!("{}={value}", path.join(".")));
                }
                (1, Value::Bool(_) | Value::Number(_) | Value::Null) if plain => {
                    user.set.push(format!("{}={new}", path.join(".")));
                }
                (2, _) if plain => user.set_json.push(format!("{}={new}", path.join("."))),
                _ => put(&mut file, &path, new),
            }
        }
        if !file.is_empty() {
            let tree = Value::Object(file);
            let text = if rng.u8(..4) == 0 { tree.to_string() } else { sparkyard_yaml::to_string(&tree) };
            user.files.push(SourceText { name: "random.yaml".to_owned(), text });
        }
        user
    }
}

impl Leaf {
    /// Another value of the same kind, mostly one that the schema allows.
    fn other(&self, rng: &mut Rng) -> Value {
        if !self.words.is_empty() && rng.u8(..4) > 0 {
            return self.words[rng.usize(..self.words.len())].clone();
        }
        match &self.default {
            Value::Bool(on) => json!(!on),
            Value::Number(_) => number(rng),
            Value::String(text) => match rng.u8(..4) {
                // Near the default, so that patterns are met.
                0 if !text.is_empty() => json!(format!("{text}x")),
                1 => json!(""),
                _ => json!(word(rng)),
            },
            Value::Array(_) => match rng.u8(..3) {
                0 => (0..rng.usize(..3)).map(|_| map(rng, 2)).collect(),
                1 => (0..rng.usize(..3)).map(|_| number(rng)).collect(),
                _ => json!([{"name": word(rng), "value": word(rng)}]),
            },
            _ => map(rng, 2),
        }
    }
}

fn collect(values: &Value, of: Option<&Value>, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    match values {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, inner) in entries {
                path.push(key.clone());
                let below = of.and_then(|of| schema::at(of, std::slice::from_ref(key)));
                collect(inner, below, path, leaves);
                path.pop();
            }
        }
        leaf => {
            let words = of.map(schema::members).unwrap_or_default().into_iter().map(|member| member.value.clone());
            leaves.push(Leaf { path: path.clone(), default: leaf.clone(), words: words.collect() });
        }
    }
}

fn put(map: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        map.insert(first.clone(), value);
        return;
    }
    let slot = map.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(inner) = slot {
        put(inner, rest, value);
    }
}
