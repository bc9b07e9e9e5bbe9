//! Paths into trees of values. A list is one leaf, because values files replace lists whole; so is an empty map.

use serde_json::Value;
use sparkyard_model::Tree;

/// The value at `path`.
pub(crate) fn get<'a, S: AsRef<str>>(tree: &'a Tree, path: &[S]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(tree.get(first.as_ref())?, |value, step| match value {
        Value::Object(map) => map.get(step.as_ref()),
        Value::Array(items) => items.get(step.as_ref().parse::<usize>().ok()?),
        _ => None,
    })
}

/// The value at a dotted path of plain keys: `s3.endpoint`.
pub(crate) fn get_dotted<'a>(tree: &'a Tree, path: &str) -> Option<&'a Value> {
    get(tree, &path.split('.').collect::<Vec<_>>())
}

/// Sets the value at `path`, with maps made on the way.
pub(crate) fn set<S: AsRef<str>>(tree: &mut Tree, path: &[S], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        tree.insert(first.as_ref().to_owned(), value);
        return;
    }
    let below = tree.entry(first.as_ref()).or_insert_with(|| Value::Object(Tree::new()));
    if !below.is_object() {
        *below = Value::Object(Tree::new());
    }
    if let Value::Object(below) = below {
        set(below, rest, value);
    }
}

/// Calls `visit` with the path and value of every leaf.
pub(crate) fn leaves<'a>(tree: &'a Tree, visit: &mut dyn FnMut(&[&'a str], &'a Value)) {
    fn walk<'a>(tree: &'a Tree, path: &mut Vec<&'a str>, visit: &mut dyn FnMut(&[&'a str], &'a Value)) {
        for (key, value) in tree {
            path.push(key);
            match value {
                Value::Object(below) if !below.is_empty() => walk(below, path, visit),
                leaf => visit(path, leaf),
            }
            path.pop();
        }
    }
    walk(tree, &mut Vec::new(), visit);
}

/// The part of `tree` at these dotted paths and below them, in the order of the tree.
pub(crate) fn only(tree: &Tree, paths: &[&str]) -> Tree {
    let mut kept = Tree::new();
    for (key, value) in tree {
        if paths.contains(&key.as_str()) {
            kept.insert(key.clone(), value.clone());
            continue;
        }
        let below: Vec<&str> = paths.iter().filter_map(|path| path.strip_prefix(key)?.strip_prefix('.')).collect();
        if let Value::Object(inner) = value
            && !below.is_empty()
        {
            let inner = only(inner, &below);
            if !inner.is_empty() {
                kept.insert(key.clone(), Value::Object(inner));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_got_and_set() {
        let mut tree = Tree::new();
        set(&mut tree, &["a", "b", "c"], json!(1));
        set(&mut tree, &["a", "list"], json!([{"x": 2}]));
        assert_eq!(get(&tree, &["a", "list", "0", "x"]), Some(&json!(2)));
        assert_eq!(get_dotted(&tree, "a.b.c"), Some(&json!(1)));
        assert_eq!(get_dotted(&tree, "a.z.c"), None);
        let mut found = Vec::new();
        leaves(&tree, &mut |path, _| found.push(path.join(".")));
        assert_eq!(found, ["a.b.c", "a.list"]);
    }

    #[test]
    fn parts_are_taken_by_path() {
        let Value::Object(tree) = json!({"a": {"b": 1, "c": {"d": 2}}, "ab": 3, "z": {}}) else {
            unreachable!("a map")
        };
        let taken = |paths: &[&str]| Value::Object(only(&tree, paths));
        assert_eq!(taken(&["z", "a.c"]), json!({"a": {"c": {"d": 2}}, "z": {}}));
        assert_eq!(taken(&["a.b", "a"]), json!({"a": {"b": 1, "c": {"d": 2}}}));
        assert_eq!(taken(&["a.x", "b"]), json!({}));
    }
}
