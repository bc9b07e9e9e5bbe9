//! Values as templates see them: Go's, as far as the dialect can make them.

use std::collections::BTreeMap;
use std::rc::Rc;

use sparkyard_yaml::node::{Kind, Node};
use sparkyard_yaml::{Shape, Tree};

/// A map. Go's `range`, printing and JSON all take keys in this order.
pub type Map = BTreeMap<Rc<str>, Value>;

/// A value. Cheap to clone; nothing in it ever changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `nil`, and what a missing key gives.
    Nil,
    /// A boolean.
    Bool(bool),
    /// Go's `int`: constants, `len`, `int`.
    Int(i64),
    /// Go's `int64`: `--set`, `add`, `max`, `int64`.
    Long(i64),
    /// A number of a values file, `float64`.
    Float(f64),
    /// Text.
    Str(Rc<str>),
    /// A list.
    List(Rc<Vec<Value>>),
    /// The empty list that Go calls nil, what `rest` gives of an empty one: JSON writes it as `null`.
    NilList,
    /// A map.
    Map(Rc<Map>),
    /// Something that helm provides and that has methods.
    Object(Object),
}

/// What helm provides beside values.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// `.Files`
    Files(Rc<BTreeMap<String, Rc<str>>>),
    /// `.Capabilities`
    Capabilities(Rc<Capabilities>),
    /// `.Capabilities.KubeVersion`
    KubeVersion(Rc<Capabilities>),
    /// `.Capabilities.APIVersions`
    ApiVersions(Rc<Capabilities>),
    /// `.Template`, a map as soon as it is read: what a named template gives depends on the file only then.
    Template(Rc<Map>),
}

impl Object {
    /// Whether it is one and the same in memory.
    pub(crate) fn is_one_with(&self, other: &Object) -> bool {
        match (self, other) {
            (Object::Files(a), Object::Files(b)) => Rc::ptr_eq(a, b),
            (Object::Template(a), Object::Template(b)) => Rc::ptr_eq(a, b),
            (Object::Capabilities(a), Object::Capabilities(b))
            | (Object::KubeVersion(a), Object::KubeVersion(b))
            | (Object::ApiVersions(a), Object::ApiVersions(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// Files of a chart that are no templates, by path. Bytes that are no text are replaced, which no template of ours has.
pub(crate) type Files = BTreeMap<String, Rc<str>>;

/// What the cluster offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// As it was given: `v1.33.4-gke.1`.
    pub version: String,
    /// Without what stands behind the numbers: `v1.33.4`.
    pub normalized: String,
    /// `1`
    pub major: String,
    /// `33`
    pub minor: String,
    /// `apps/v1` and the like.
    pub api_versions: Vec<String>,
}

impl Value {
    /// Text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Value::Str(text.as_ref().into())
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Self {
        Value::List(Rc::new(items))
    }

    /// A map.
    pub fn map(map: Map) -> Self {
        Value::Map(Rc::new(map))
    }

    /// The items inside, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            Value::NilList => Some(&[]),
            _ => None,
        }
    }

    /// The map inside, if it is one.
    pub fn as_map(&self) -> Option<&Rc<Map>> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The text inside, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// What `if` asks: `text/template`'s and sprig's idea of not being empty.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Nil | Value::NilList => false,
            Value::Bool(value) => *value,
            Value::Int(value) | Value::Long(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Map(map) => !map.is_empty(),
            Value::Object(Object::Files(files)) => !files.is_empty(),
            Value::Object(_) => true,
        }
    }

    /// What Go's reflection calls it, for `kindOf`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Nil => "invalid",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Long(_) => "int64",
            Value::Float(_) => "float64",
            Value::Str(_) => "string",
            Value::List(_) | Value::NilList => "slice",
            Value::Map(_) | Value::Object(Object::Files(_) | Object::Template(_)) => "map",
            Value::Object(Object::ApiVersions(_)) => "slice",
            Value::Object(_) => "struct",
        }
    }

    /// Its Go type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "<nil>",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Long(_) => "int64",
            Value::Float(_) => "float64",
            Value::Str(_) => "string",
            Value::List(_) | Value::NilList => "[]interface {}",
            Value::Map(_) | Value::Object(Object::Template(_)) => "map[string]interface {}",
            Value::Object(Object::Files(_)) => "engine.files",
            Value::Object(Object::Capabilities(_)) => "*common.Capabilities",
            Value::Object(Object::KubeVersion(_)) => "common.KubeVersion",
            Value::Object(Object::ApiVersions(_)) => "common.VersionSet",
        }
    }

    /// A node of a YAML file, after the way through JSON on which every number becomes a float.
    pub fn of_node(node: &Node) -> Self {
        match &node.kind {
            Kind::Null => Value::Nil,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(value) => Value::Float(*value as f64),
            Kind::Uint(value) => Value::Float(*value as f64),
            Kind::Float(value) => Value::Float(*value),
            Kind::Str(text) => Value::text(text),
            Kind::Seq(items) => Value::list(items.iter().map(Value::of_node).collect()),
            Kind::Map(entries) => Value::map(
                entries.iter().map(|entry| (entry.key.as_str().into(), Value::of_node(&entry.value))).collect(),
            ),
        }
    }

    /// A JSON value, numbers as floats.
    pub fn of_json(value: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Value::Nil,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Value::text(text),
            Json::Array(items) => Value::list(items.iter().map(Value::of_json).collect()),
            Json::Object(map) => {
                Value::map(map.iter().map(|(key, value)| (key.as_str().into(), Value::of_json(value))).collect())
            }
        }
    }

    /// As JSON; whole numbers without a point.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Nil | Value::NilList | Value::Object(_) => Json::Null,
            Value::Bool(value) => Json::from(*value),
            Value::Int(value) | Value::Long(value) => Json::from(*value),
            Value::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Json::from(*value as i64),
            Value::Float(value) => Json::from(*value),
            Value::Str(text) => Json::from(&**text),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Map(map) => {
                Json::Object(map.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect())
            }
        }
    }
}

impl Tree for Value {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Value::Nil | Value::NilList | Value::Object(_) => Shape::Null,
            Value::Bool(value) => Shape::Bool(*value),
            Value::Int(value) | Value::Long(value) => Shape::Number(value.to_string()),
            Value::Float(value) => Shape::Number(sparkyard_yaml::number_text(*value)),
            Value::Str(text) => Shape::Str(text),
            Value::List(items) => Shape::Seq(items.iter().collect()),
            Value::Map(map) => Shape::Map(map.iter().map(|(key, value)| (&**key, value)).collect()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Str(text.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}
