//! Reading typed fields out of JSON the way the API server decodes them.

use std::cell::RefCell;
use std::fmt;

use serde_json::Value;

use crate::Violation;

/// Where a value lies; linked, so that a path costs nothing until somebody prints it.
#[derive(Debug, Clone, Copy)]
enum Path<'p> {
    Root(&'static str),
    Key(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, &'p str, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root(name) => f.write_str(name),
            Path::Key(parent, key) => write!(f, "{parent}.{key}"),
            Path::Item(parent, key, index) => write!(f, "{parent}.{key}[{index}]"),
        }
    }
}

/// Collects what could not be decoded.
#[derive(Debug, Default)]
pub(crate) struct Refusals(RefCell<Vec<Violation>>);

impl Refusals {
    pub(crate) fn into_vec(self) -> Vec<Violation> {
        self.0.into_inner()
    }

    fn add(&self, path: Path<'_>, value: &Value, wanted: Wanted) {
        let (noun, help) = wanted.words();
        self.0.borrow_mut().push(Violation {
            check: "decode".to_owned(),
            path: path.to_string(),
            container: None,
            message: format!("is {}, Kubernetes reads {noun} here and refuses the whole object", kind(value)),
            help: help.to_owned(),
        });
    }
}

/// What the API server decodes a field into.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Object,
    List,
    Bool,
    Int,
    Int32,
    Text,
}

impl Wanted {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Wanted::Object => ("an object", "write keys and values below it, or leave the key out"),
            Wanted::List => ("a list", "write its items as `- ...` lines, or leave the key out"),
            Wanted::Bool => ("a boolean", "write true or false, without quotes"),
            Wanted::Int => ("an integer", "write the number without quotes and without a fraction"),
            Wanted::Int32 => ("an integer of 32 bits", "write the number without quotes and without a fraction"),
            Wanted::Text => ("a text", "put it in quotes"),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// An object inside a pod; null is an object without fields.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a, 'p> {
    value: &'a Value,
    path: Path<'p>,
    refusals: &'p Refusals,
}

impl<'a, 'p> Node<'a, 'p> {
    pub(crate) fn root(name: &'static str, value: &'a Value, refusals: &'p Refusals) -> Self {
        Node { value, path: Path::Root(name), refusals }.checked()
    }

    /// Itself, without fields if it is no object.
    fn checked(mut self) -> Self {
        if !self.value.is_object() && !self.value.is_null() {
            self.refusals.add(self.path, self.value, Wanted::Object);
            self.value = &Value::Null;
        }
        self
    }

    /// The field, if it is there and not null.
    fn find(&self, key: &str) -> Option<&'a Value> {
        self.value.get(key).filter(|value| !value.is_null())
    }

    fn refuse(&self, key: &str, value: &Value, wanted: Wanted) {
        self.refusals.add(Path::Key(&self.path, key), value, wanted);
    }

    /// The keys that are there and not null.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let fields = self.value.as_object().into_iter().flatten();
        fields.filter(|(_, value)| !value.is_null()).map(|(key, _)| key.as_str())
    }

    pub(crate) fn object<'s>(&'s self, key: &'s str) -> Option<Node<'a, 's>> {
        let value = self.find(key)?;
        let node = Node { value, path: Path::Key(&self.path, key), refusals: self.refusals };
        // Something of the wrong type is there for nobody: the pod is refused anyway.
        value.is_object().then_some(node).or_else(|| {
            self.refuse(key, value, Wanted::Object);
            None
        })
    }

    fn list(&self, key: &str) -> Option<&'a [Value]> {
        match self.find(key)? {
            Value::Array(items) => Some(items),
            value => {
                self.refuse(key, value, Wanted::List);
                None
            }
        }
    }

    /// The objects of a list.
    pub(crate) fn objects<'s>(&'s self, key: &'s str) -> impl Iterator<Item = Node<'a, 's>> {
        let items = self.list(key).unwrap_or_default().iter().enumerate();
        items.map(move |(index, value)| {
            Node { value, path: Path::Item(&self.path, key, index), refusals: self.refusals }.checked()
        })
    }

    pub(crate) fn bool(&self, key: &str) -> Option<bool> {
        let value = self.find(key)?;
        value.as_bool().or_else(|| {
            self.refuse(key, value, Wanted::Bool);
            None
        })
    }

    pub(crate) fn int(&self, key: &str) -> Option<i64> {
        let value = self.find(key)?;
        value.as_i64().or_else(|| {
            self.refuse(key, value, Wanted::Int);
            None
        })
    }

    pub(crate) fn int32(&self, key: &str) -> Option<i32> {
        let value = self.find(key)?;
        value.as_i64().and_then(|number| number.try_into().ok()).or_else(|| {
            self.refuse(key, value, Wanted::Int32);
            None
        })
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        let value = self.find(key)?;
        value.as_str().or_else(|| {
            self.refuse(key, value, Wanted::Text);
            None
        })
    }

    /// The items of a list; a null among them is the zero of its type, as in Go.
    pub(crate) fn texts(&self, key: &str) -> Option<Vec<&'a str>> {
        self.items(key, Wanted::Text, |item| if item.is_null() { Some("") } else { item.as_str() })
    }

    pub(crate) fn ints(&self, key: &str) -> Option<Vec<i64>> {
        self.items(key, Wanted::Int, |item| if item.is_null() { Some(0) } else { item.as_i64() })
    }

    fn items<T>(&self, key: &str, wanted: Wanted, read: fn(&'a Value) -> Option<T>) -> Option<Vec<T>> {
        let items = self.list(key)?.iter().enumerate();
        let read = |(index, item)| {
            read(item).or_else(|| {
                self.refusals.add(Path::Item(&self.path, key, index), item, wanted);
                None
            })
        };
        Some(items.filter_map(read).collect())
    }

    /// The pairs of an object of texts.
    pub(crate) fn pairs(&self) -> Vec<(&'a str, &'a str)> {
        let fields = self.value.as_object().into_iter().flatten();
        let read = |(key, value): (&'a String, &'a Value)| match value {
            Value::Null => Some((key.as_str(), "")),
            Value::String(text) => Some((key.as_str(), text.as_str())),
            _ => {
                self.refuse(key, value, Wanted::Text);
                None
            }
        };
        fields.filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(value: &Value, read: fn(&Node<'_, '_>)) -> Vec<String> {
        let refusals = Refusals::default();
        read(&Node::root("spec", value, &refusals));
        refusals.into_vec().into_iter().map(|refusal| format!("{} {}", refusal.path, refusal.message)).collect()
    }

    #[test]
    fn null_is_absent() {
        let pod = json!({"a": null, "list": [null]});
        let none = refused(&pod, |node| {
            assert_eq!((node.bool("a"), node.int("a"), node.text("a"), node.texts("a")), (None, None, None, None));
            assert_eq!((node.texts("list"), node.ints("list")), (Some(vec![""]), Some(vec![0])));
            assert!(node.object("a").is_none());
            assert_eq!(node.objects("list").count(), 1);
        });
        assert_eq!(none, Vec::<String>::new());
    }

    #[test]
    fn a_wrong_type_is_refused_with_its_path() {
        let pod = json!({"on": "true", "id": 1.5, "port": 3_000_000_000_u32, "of": [{"x": {"name": 1}}, 7]});
        let said = refused(&pod, |node| {
            assert_eq!((node.bool("on"), node.int("id"), node.int32("port")), (None, None, None));
            for item in node.objects("of") {
                assert_eq!(item.object("x").and_then(|x| x.text("name")), None);
            }
        });
        let refuses = "Kubernetes reads";
        assert_eq!(said.len(), 5);
        assert!(said[0].starts_with(&format!("spec.on is a text, {refuses} a boolean here")), "{said:?}");
        assert!(said[1].starts_with(&format!("spec.id is a number, {refuses} an integer here")), "{said:?}");
        assert!(said[2].starts_with(&format!("spec.port is a number, {refuses} an integer of 32 bits")), "{said:?}");
        assert!(said[3].starts_with(&format!("spec.of[0].x.name is a number, {refuses} a text here")), "{said:?}");
        assert!(said[4].starts_with(&format!("spec.of[1] is a number, {refuses} an object here")), "{said:?}");
    }

    #[test]
    fn something_else_than_an_object_has_no_fields() {
        let said = refused(&json!([1]), |node| assert_eq!(node.keys().count(), 0));
        assert_eq!(said.len(), 1);
    }
}
