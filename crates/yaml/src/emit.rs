//! Writing: an own ordered walk over scalars that serde-saphyr quotes, so that Helm reads back what was
//! meant (rust-deps 1: 0 of 178 nasty strings wrong).

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};

/// How far the items of a list stand in from their key: values files read better with 2.
const STEP: usize = 2;

/// The tree as YAML, in block style, in the order of its keys.
pub fn to_string(value: &Value) -> String {
    document(value, STEP)
}

/// The tree as Helm and kubectl print it: keys sorted, items of lists flush with their key.
pub fn canonical(value: &Value) -> String {
    document(&sorted(value), 0)
}

fn document(value: &Value, step: usize) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => write_map(&mut out, map, 0, step),
        Value::Array(items) if !items.is_empty() => write_list(&mut out, items, 0, step),
        other => {
            out.push_str(&scalar(other));
            out.push('\n');
        }
    }
    out
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<&String, Value> = map.iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(ordered.into_iter().map(|(key, value)| (key.clone(), value)).collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// A scalar, or an empty map or list, as it stands behind `key: `. Other maps and lists come out as flow style JSON.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        Value::String(text) => quoted(text),
    }
}

/// A key as it stands before the colon.
pub fn key(text: &str) -> String {
    quoted(text)
}

/// Writes the entries of a map, each line indented by `indent` spaces.
fn write_map(out: &mut String, map: &Map<String, Value>, indent: usize, step: usize) {
    for (name, value) in map {
        pad(out, indent);
        out.push_str(&key(name));
        out.push(':');
        write_value(out, value, indent, step);
    }
}

/// Writes `key: value` with everything below it.
pub(crate) fn write_entry(out: &mut String, name: &str, value: &Value, indent: usize) {
    pad(out, indent);
    out.push_str(&key(name));
    out.push(':');
    write_value(out, value, indent, STEP);
}

/// Writes spaces.
pub(crate) fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Writes what stands behind `key:` at `indent`.
fn write_value(out: &mut String, value: &Value, indent: usize, step: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            write_map(out, map, indent + 2, step);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            write_list(out, items, indent + step, step);
        }
        Value::String(text) if is_literal(text) => write_literal(out, text, indent + 2),
        other => {
            let _ = writeln!(out, " {}", scalar(other));
        }
    }
}

fn write_list(out: &mut String, items: &[Value], indent: usize, step: usize) {
    for item in items {
        pad(out, indent);
        out.push('-');
        // What is inside begins on the line of the dash: write it below, then cut its first padding.
        let mut inner = String::new();
        match item {
            Value::Object(map) if !map.is_empty() => write_map(&mut inner, map, indent + 2, step),
            Value::Array(items) if !items.is_empty() => write_list(&mut inner, items, indent + 2, step),
            other => {
                write_value(out, other, indent, step);
                continue;
            }
        }
        out.push(' ');
        out.push_str(&inner[indent + 2..]);
    }
}

/// Whether a literal block (`|`) gives this text back with every YAML reader.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && !body
            .chars()
            .any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
        && body.split('\n').all(|line| line.is_empty() || !line.ends_with(' '))
}

fn write_literal(out: &mut String, text: &str, indent: usize) {
    let (body, mark) = match text.strip_suffix('\n') {
        Some(body) => (body, " |\n"),
        None => (text, " |-\n"),
    };
    out.push_str(mark);
    for line in body.split('\n') {
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let written = serde_saphyr::to_string_with_options(&text, options);
    // A string always serialises; JSON's quoting is YAML too, should that ever change.
    written.map_or_else(|_| Value::from(text).to_string(), |line| line.trim_end_matches('\n').to_owned())
}

/// Words that need no quotes with any reader: a shortcut past the serializer for most keys and values.
fn is_plain(text: &str) -> bool {
    // Longer than every word with a meaning of its own (`false`, `null`), and no number starts with these letters
    // once hex, octal and exponents are out because the first character is a letter.
    text.len() > 5
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tree_reads_like_a_person_wrote_it() {
        let tree = json!({
            "image": {"tag": "4.1", "digest": ""},
            "conf": {"spark.ui.port": "4040", "y": "on"},
            "none": {}, "empty": [], "nothing": null, "ratio": 0.5,
            "env": [{"name": "A", "list": [1, [2]]}, "x", [], [["a"]]],
            "script": "set -e\n\n  run\n", "kept": "a\nb",
        });
        let expected = "\
image:
  tag: \"4.1\"
  digest: \"\"
conf:
  spark.ui.port: \"4040\"
  \"y\": \"on\"
none: {}
empty: []
nothing: null
ratio: 0.5
env:
  - name: A
    list:
      - 1
      - - 2
  - x
  - []
  - - - a
script: |
  set -e

    run
kept: |-
  a
  b
";
        assert_eq!(to_string(&tree), expected);
    }

    #[test]
    fn canonical_is_what_helm_prints() {
        let tree = json!({"b": [{"z": 1, "a": ["x"]}], "a": "on"});
        assert_eq!(canonical(&tree), "a: \"on\"\nb:\n- a:\n  - x\n  z: 1\n");
    }
}
