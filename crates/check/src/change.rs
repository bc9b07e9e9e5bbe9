//! What changed from one version of a stack to the next.

use serde_json::Value;

use crate::context::Stack;
use crate::grammar::quantity;
use crate::object::Object;
use crate::path::Path;

/// Objects of a group and kind that both versions have: index in the new one, old, new. Hooks are made anew each time.
pub(crate) fn pairs<'s>(
    before: &'s Stack,
    after: &'s Stack,
    group: &str,
    kind: &str,
) -> Vec<(usize, &'s Object, &'s Object)> {
    let is = |object: &Object| object.kind() == kind && object.group() == group && object.hook.is_empty();
    let new = after.objects.iter().enumerate().filter(|(_, object)| is(object));
    new.filter_map(|(index, new)| {
        let old = before.objects.iter().find(|old| is(old) && is_same_object(before, old, after, new))?;
        Some((index, old, new))
    })
    .collect()
}

/// How many objects of the new version take the place of one of the old.
pub fn upgraded(before: &Stack, after: &Stack) -> usize {
    let is_kept = |new: &&Object| {
        before.objects.iter().any(|old| {
            old.kind() == new.kind() && old.group() == new.group() && is_same_object(before, old, after, new)
        })
    };
    after.objects.iter().filter(|object| object.hook.is_empty()).filter(is_kept).count()
}

/// Objects of a group and kind that the new version lacks.
pub(crate) fn removed<'s>(before: &'s Stack, after: &'s Stack, group: &str, kind: &str) -> Vec<&'s Object> {
    let is = |object: &&Object| object.kind() == kind && object.group() == group && object.hook.is_empty();
    let gone = |old: &&Object| {
        !after
            .objects
            .iter()
            .any(|new| new.kind() == kind && new.group() == group && is_same_object(before, old, after, new))
    };
    before.objects.iter().filter(is).filter(gone).collect()
}

fn is_same_object(before: &Stack, old: &Object, after: &Stack, new: &Object) -> bool {
    let namespace = |stack: &Stack, object: &Object| {
        object
            .at("metadata.namespace")
            .as_str()
            .filter(|name| !name.is_empty())
            .unwrap_or(&stack.target.namespace)
            .to_owned()
    };
    old.name() == new.name() && namespace(before, old) == namespace(after, new)
}

/// The first place below `path` where two values differ. Nothing and null are the same, and so are `1Gi` and `1024Mi`.
pub(crate) fn difference(old: &Value, new: &Value, path: &Path) -> Option<Path> {
    match (old, new) {
        (Value::Object(was), Value::Object(is)) => {
            let changed = is.iter().find_map(|(key, new)| difference(&old[key], new, &path.key(key)));
            let lost = || was.keys().find(|key| !is.contains_key(*key) && !nothing(&old[key.as_str()]));
            changed.or_else(|| lost().map(|key| path.key(key)))
        }
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
            was.iter().zip(is).enumerate().find_map(|(index, (old, new))| difference(old, new, &path.index(index)))
        }
        _ if old == new || nothing(old) && nothing(new) => None,
        (Value::String(_) | Value::Number(_), Value::String(_) | Value::Number(_)) => {
            let (was, is) = (quantity(old), quantity(new));
            (was.is_none() || was != is).then(|| path.clone())
        }
        _ => Some(path.clone()),
    }
}

/// Whether a value is as good as not there.
fn nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// A value, or what Kubernetes sets when it is not there.
pub(crate) fn or_default(value: &Value, default: &str) -> Value {
    if nothing(value) { Value::from(default) } else { value.clone() }
}

/// A value for a message: short, and on one line.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) if text.len() <= 60 => format!("`{text}`"),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => "another value".to_owned(),
    }
}

/// The value at a path.
pub(crate) fn value_at<'v>(value: &'v Value, path: &Path) -> &'v Value {
    path.value(value).unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_means_the_same_is_no_difference() {
        let same = |old, new| difference(&old, &new, &Path::root()).map(|path| path.to_string());
        assert_eq!(same(json!({"a": null, "b": "1Gi"}), json!({"b": "1024Mi", "c": {}})), None);
        assert_eq!(same(json!({"a": [{"b": 1}]}), json!({"a": [{"b": 2}]})), Some("a[0].b".to_owned()));
        assert_eq!(same(json!({"a": {"b": 1}}), json!({"a": {}})), Some("a.b".to_owned()));
    }
}
