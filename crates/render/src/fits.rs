//! Whether values surely fit a schema, found without compiling it.
//!
//! To compile a JSON schema takes longer than a hundred checks with it, and nearly always the values fit. This knows the
//! few keywords that charts use, and says yes or "not known". Then the library decides, and says what is wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use regex_lite::Regex;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::value::Value;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
/// Up to here a floating point number holds every integer.
const EXACT: f64 = 9e15;

/// A schema without any keyword that is not known here: reading one that has others fails.
#[derive(Debug, Default)]
pub(crate) struct Simple {
    r#type: Option<Type>,
    r#const: Option<String>,
    r#enum: Option<Vec<Member>>,
    one_of: Option<Vec<Simple>>,
    properties: BTreeMap<String, Simple>,
    others: Option<Others>,
    names: Option<Box<Simple>>,
    items: Option<Box<Simple>>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    pattern: Option<Pattern>,
}

impl<'de> Deserialize<'de> for Simple {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keywords)
    }
}

struct Keywords;

impl<'de> Visitor<'de> for Keywords {
    type Value = Simple;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a schema")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Simple, A::Error> {
        let mut simple = Simple::default();
        while let Some(keyword) = map.next_key::<String>()? {
            match keyword.as_str() {
                "$schema" if map.next_value::<String>()? == DRAFT => {}
                // Words for people, which have no meaning but must be words.
                "title" | "description" => drop(map.next_value::<String>()?),
                "default" => drop(map.next_value::<serde_json::Value>()?),
                "type" => simple.r#type = Some(map.next_value()?),
                "const" => simple.r#const = Some(map.next_value()?),
                "enum" => simple.r#enum = Some(map.next_value()?),
                "oneOf" => simple.one_of = Some(map.next_value()?),
                "properties" => simple.properties = map.next_value()?,
                "additionalProperties" => simple.others = Some(map.next_value()?),
                "propertyNames" => simple.names = Some(map.next_value()?),
                "items" => simple.items = Some(map.next_value()?),
                "minLength" => simple.min_length = Some(map.next_value()?),
                "maxLength" => simple.max_length = Some(map.next_value()?),
                "minimum" => simple.minimum = Some(map.next_value()?),
                "maximum" => simple.maximum = Some(map.next_value()?),
                "pattern" => simple.pattern = Some(Pattern { text: map.next_value()?, regex: OnceLock::new() }),
                other => return Err(A::Error::custom(other)),
            }
        }
        Ok(simple)
    }
}

#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Array,
    Boolean,
    Integer,
    Number,
    Object,
    String,
}

/// A member of an enumeration.
#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(untagged)]
enum Member {
    Number(i64),
    Word(String),
}

impl Member {
    fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Member::Number(wanted), Value::Int(number) | Value::Long(number)) => wanted == number,
            (Member::Number(wanted), Value::Float(number)) => *wanted as f64 == *number && number.abs() < EXACT,
            (Member::Word(wanted), Value::Str(word)) => **wanted == **word,
            _ => false,
        }
    }
}

/// Keys that are not among the properties.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Others {
    Any(bool),
    Each(Box<Simple>),
}

/// A regular expression, compiled when a value needs it.
#[derive(Debug)]
struct Pattern {
    text: String,
    regex: OnceLock<Option<Regex>>,
}

impl Simple {
    /// Whether a value surely fits.
    pub(crate) fn fits(&self, value: &Value) -> bool {
        self.r#type.is_none_or(|wanted| wanted.fits(value))
            && self.r#const.as_deref().is_none_or(|word| value.as_str() == Some(word))
            && self.r#enum.as_deref().is_none_or(|members| members.iter().any(|member| member.fits(value)))
            && self.one_of.as_deref().is_none_or(|members| one_fits(members, value))
            && match value {
                Value::Nil | Value::Bool(_) => true,
                Value::Int(number) | Value::Long(number) => self.number_fits(*number as f64),
                Value::Float(number) => self.number_fits(*number),
                Value::Str(text) => self.text_fits(text),
                Value::List(list) => self.items.as_ref().is_none_or(|items| list.iter().all(|item| items.fits(item))),
                Value::Map(map) => map.iter().all(|(key, value)| self.entry_fits(key, value)),
                Value::NilList | Value::Object(_) => false,
            }
    }

    fn entry_fits(&self, key: &str, value: &Value) -> bool {
        self.names.as_ref().is_none_or(|names| names.fits(&key.into()))
            && match (self.properties.get(key), &self.others) {
                (Some(property), _) => property.fits(value),
                (None, Some(Others::Each(schema))) => schema.fits(value),
                (None, others) => !matches!(others, Some(Others::Any(false))),
            }
    }

    fn number_fits(&self, number: f64) -> bool {
        number.abs() < EXACT
            && self.minimum.is_none_or(|least| least <= number)
            && self.maximum.is_none_or(|most| number <= most)
    }

    fn text_fits(&self, text: &str) -> bool {
        let length = text.chars().count();
        self.min_length.is_none_or(|least| least <= length)
            && self.max_length.is_none_or(|most| length <= most)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.fits(text))
    }
}

/// Whether a value is one of several words.
fn one_fits(members: &[Simple], value: &Value) -> bool {
    let mut same = members.iter().filter(|member| member.r#const.as_deref() == value.as_str());
    members.iter().all(|member| member.r#const.is_some())
        && same.next().is_some_and(|member| member.fits(value))
        && same.next().is_none()
}

impl Type {
    fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (Type::Array, Value::List(_))
            | (Type::Boolean, Value::Bool(_))
            | (Type::Integer | Type::Number, Value::Int(_) | Value::Long(_))
            | (Type::Number, Value::Float(_))
            | (Type::Object, Value::Map(_))
            | (Type::String, Value::Str(_)) => true,
            (Type::Integer, Value::Float(number)) => number.fract() == 0.0,
            _ => false,
        }
    }
}

impl Pattern {
    /// Only what every dialect of regular expressions reads alike, and only over printable ASCII.
    fn fits(&self, text: &str) -> bool {
        let compile = || {
            let odd = ["\\", "&&", "~~", "--", "(?", "[["].iter().any(|odd| self.text.contains(odd));
            if odd || !is_printable(&self.text) { None } else { Regex::new(&self.text).ok() }
        };
        is_printable(text) && self.regex.get_or_init(compile).as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use fastrand::Rng;
    use serde_json::{Value as Json, json};

    use super::*;

    fn read(schema: &Json) -> Option<Simple> {
        serde_json::from_str(&schema.to_string()).ok()
    }

    /// Every generated chart's schema, with the values that the chart sees by itself.
    fn charts() -> Vec<(PathBuf, Json, Json)> {
        let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated-charts")];
        let mut found = Vec::new();
        while let Some(folder) = open.pop() {
            let text = |name: &str| fs::read_to_string(folder.join(name)).expect("a text");
            if folder.join("values.schema.json").is_file() {
                let schema = serde_json::from_str(&text("values.schema.json")).expect("JSON");
                let values = sparkyard_yaml::node::document(&text("values.yaml")).expect("YAML").expect("values");
                found.push((folder.clone(), schema, Value::of_node(&values).to_json()));
            }
            let entries = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
            open.extend(entries.filter(|path| path.is_dir() && !path.ends_with("templates")));
        }
        assert!(found.len() > 10, "{} charts", found.len());
        found
    }

    /// Puts something else in place of a part of a tree, or beside it.
    fn change(rng: &mut Rng, tree: &mut Json) {
        let others = [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(70000),
            json!(1e16),
            json!(""),
            json!("x"),
            json!("1Gi"),
            json!("10s"),
            json!("2g"),
            json!("none"),
            json!("a\nb"),
            json!("é"),
            json!("https://a.b/c"),
            json!("x".repeat(80)),
            json!([]),
            json!(["x"]),
            json!([1, {}]),
            json!({}),
            json!({"x": 1}),
        ];
        let count = match tree {
            Json::Object(map) => map.len(),
            Json::Array(list) => list.len(),
            _ => 0,
        };
        if count == 0 || rng.u8(0..8) == 0 {
            *tree = rng.choice(others).expect("another");
            return;
        }
        let at = rng.usize(0..count);
        match tree {
            Json::Object(map) if rng.u8(0..12) == 0 => drop(map.insert("added".into(), json!(1))),
            Json::Object(map) => map.values_mut().nth(at).into_iter().for_each(|below| change(rng, below)),
            Json::Array(list) => change(rng, &mut list[at]),
            _ => {}
        }
    }

    #[test]
    fn defaults_surely_fit_and_what_surely_fits_is_valid() {
        let mut rng = Rng::with_seed(11);
        let (mut fits, mut changes) = (0, 0);
        for (folder, schema, values) in charts() {
            let simple = read(&schema).unwrap_or_else(|| panic!("{}: not simple", folder.display()));
            assert!(simple.fits(&Value::of_json(&values)), "{}", folder.display());
            let library = jsonschema::validator_for(&schema).expect("a schema");
            for _ in 0..500 {
                let mut changed = values.clone();
                change(&mut rng, &mut changed);
                let seen = Value::of_json(&changed);
                let (says, valid) = (simple.fits(&seen), library.is_valid(&seen.to_json()));
                assert!(valid || !says, "{}: {changed}", folder.display());
                fits += usize::from(says);
                changes += 1;
            }
        }
        assert!(fits * 10 > changes && fits < changes, "{fits} of {changes}");
    }

    #[test]
    fn what_is_not_known_is_not_simple() {
        for schema in [
            json!({"enum": ["a", 1.5]}),
            json!({"$ref": "#/definitions/a"}),
            json!({"type": ["string", "null"]}),
            json!({"type": "null"}),
            json!({"properties": {"a": {"required": ["b"]}}}),
            json!({"$schema": "https://json-schema.org/draft/2020-12/schema"}),
            json!({"items": [{}]}),
            json!({"minLength": null}),
            json!({"minLength": -1}),
            json!({"minLength": 1.5}),
            json!({"title": 1}),
            json!({"const": 1}),
            json!({"oneOf": {}}),
            json!(true),
        ] {
            assert!(read(&schema).is_none(), "{schema}");
        }
    }

    #[test]
    fn what_is_doubtful_does_not_surely_fit() {
        for (schema, value) in [
            (json!({"pattern": "^\\d$"}), json!("1")),
            (json!({"pattern": "(?i)a"}), json!("a")),
            (json!({"pattern": "("}), json!("a")),
            (json!({"pattern": "^.$"}), json!("é")),
            (json!({"pattern": "^a$"}), json!("b")),
            (json!({"oneOf": []}), json!("a")),
            (json!({"oneOf": [{"type": "string"}]}), json!("a")),
            (json!({"oneOf": [{"const": "a"}, {"const": "a"}]}), json!("a")),
            (json!({"oneOf": [{"const": "a"}]}), json!(1)),
            (json!({"maximum": 1e300}), json!(1e17)),
            (json!({"type": "integer"}), json!(1.5)),
            (json!({"additionalProperties": {"type": "string"}}), json!({"a": 1})),
            (json!({"enum": [1, "a"]}), json!(2)),
            (json!({"enum": [1, "a"]}), json!(1.5)),
            (json!({"propertyNames": {"pattern": "^[a-z]$"}}), json!({"A": 1})),
        ] {
            let simple = read(&schema).unwrap_or_else(|| panic!("{schema}"));
            assert!(!simple.fits(&Value::of_json(&value)), "{schema} {value}");
        }
        let one = read(&json!({"oneOf": [{"const": "a"}, {"const": "b"}]})).expect("simple");
        assert!(one.fits(&"b".into()) && !one.fits(&"c".into()));
        let member = read(&json!({"enum": [1, "a"]})).expect("simple");
        assert!(member.fits(&"a".into()) && member.fits(&Value::Int(1)) && !member.fits(&"1".into()));
    }
}
