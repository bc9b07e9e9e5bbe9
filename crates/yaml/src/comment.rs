//! `values.yaml` for people: every key under what its doc comment says.

use serde_json::{Map, Value};

use crate::emit::{pad, write_entry};
use crate::{emit, schema};

/// Comments are wrapped so that no line is longer, its `#` included.
const WIDTH: usize = 100;
/// However deep a key lies, its comment keeps room for a few words a line.
const LEAST: usize = 40;

/// The body of a values.yaml: each key below the description of its schema, top-level keys set apart.
pub fn commented(tree: &Map<String, Value>, of: &Value) -> String {
    let mut out = String::new();
    write_commented(&mut out, tree, Some(of), 0, true);
    out
}

/// A key with a map below it: `about` as its comment, then the map, each key below the description of its schema.
pub fn section(name: &str, about: &str, tree: &Map<String, Value>, of: &Value) -> String {
    let mut out = comment(about, 0);
    if tree.is_empty() {
        write_entry(&mut out, name, &Value::Object(Map::new()), 0);
        return out;
    }
    out.push_str(&emit::key(name));
    out.push_str(":\n");
    write_commented(&mut out, tree, Some(of), 2, false);
    out
}

/// Text as comment lines: paragraphs kept, lines of a list kept, long lines wrapped.
pub fn comment(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let width = (WIDTH.saturating_sub(indent + 2)).max(LEAST);
    let mut paragraph = String::new();
    for line in text.lines() {
        let trimmed = line.trim_end();
        // List items, indented code and tables are laid out by hand; they stay as they are.
        if trimmed.is_empty() || trimmed.starts_with(['-', '*', ' ', '\t', '|', '#']) {
            write_wrapped(&mut out, &std::mem::take(&mut paragraph), width, indent);
            write_comment_line(&mut out, trimmed, indent);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed.trim_start());
        }
    }
    write_wrapped(&mut out, &paragraph, width, indent);
    out
}

fn write_commented(out: &mut String, tree: &Map<String, Value>, of: Option<&Value>, indent: usize, apart: bool) {
    let named = of.and_then(schema::properties);
    let mut after_group = false;
    for (index, (name, value)) in tree.iter().enumerate() {
        let of = named.and_then(|named| named.get(name));
        let group = match value {
            Value::Object(map) if !map.is_empty() && of.is_some_and(|of| schema::properties(of).is_some()) => Some(map),
            _ => None,
        };
        // A group of keys stands apart from its neighbours, or a long file has no shape.
        if index > 0 && (apart || after_group || group.is_some()) {
            out.push('\n');
        }
        after_group = group.is_some();
        if let Some(of) = of {
            if let Some(text) = schema::description(of) {
                out.push_str(&comment(text, indent));
            }
            write_members(out, of, indent);
        }
        match group {
            Some(map) => {
                pad(out, indent);
                out.push_str(&emit::key(name));
                out.push_str(":\n");
                write_commented(out, map, of, indent + 2, false);
            }
            None => write_entry(out, name, value, indent),
        }
    }
}

/// Says which words an enum allows, unless its description names them all already.
fn write_members(out: &mut String, of: &Value, indent: usize) {
    let members = schema::members(of);
    let said = schema::description(of).unwrap_or("");
    if members.is_empty() || members.iter().all(|m| said.contains(&format!("`{}`", m.word()))) {
        return;
    }
    if members.iter().all(|member| member.description.is_none()) {
        let words: Vec<_> = members.iter().map(schema::Member::word).collect();
        out.push_str(&comment(&format!("one of: {}", words.join(", ")), indent));
        return;
    }
    write_comment_line(out, "one of:", indent);
    for member in &members {
        let meaning = member.description.map(|text| format!(": {}", text.replace('\n', " "))).unwrap_or_default();
        write_comment_line(out, &format!("  {}{meaning}", member.word()), indent);
    }
}

fn write_wrapped(out: &mut String, paragraph: &str, width: usize, indent: usize) {
    let mut line = String::new();
    let mut length = 0;
    for word in words(paragraph) {
        let more = word.chars().count();
        if length > 0 && length + 1 + more > width {
            write_comment_line(out, &line, indent);
            line.clear();
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += more;
    }
    if length > 0 {
        write_comment_line(out, &line, indent);
    }
}

/// The words of a paragraph; code between backticks is one word, because nobody can copy it from two lines.
fn words(paragraph: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    paragraph
        .split(move |c: char| {
            in_code ^= c == '`';
            c.is_whitespace() && !in_code
        })
        .filter(|word| !word.is_empty())
}

fn write_comment_line(out: &mut String, line: &str, indent: usize) {
    pad(out, indent);
    out.push('#');
    if !line.is_empty() {
        out.push(' ');
        out.push_str(line);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_values_file_reads_well() {
        let of = json!({"properties": {
            "mode": {"description": "Where executors come from.", "oneOf": [
                {"const": "k8s", "description": "Pods of their own."}, {"const": "standalone", "description": "Workers of a cluster."}]},
            "pull": {"description": "When to pull.", "enum": ["Always", "Never"]},
            "kind": {"description": "`a` or `b`.", "enum": ["a", "b"]},
            "masters": {"description": "Masters.", "type": "integer", "enum": [1, 3]},
            "executor": {"description": "Each executor.", "properties": {
                "memory": {"description": "Heap of one executor. The pod asks for more, because Spark adds an overhead of a tenth and no less than 384 MiB for the JVM itself.\n\nUnits of Spark."},
                "nodeSelector": {"description": "Labels of nodes:\n- a\n- b", "type": "object"},
                "bare": {}
            }},
            "conf": {"description": "Free.", "type": "object", "additionalProperties": {"type": "string"}},
            "list": {"type": "array"}
        }});
        let tree = json!({
            "mode": "k8s", "pull": "Always", "kind": "a", "masters": 1,
            "executor": {"memory": "1g", "nodeSelector": {}, "bare": 1},
            "conf": {"spark.a": "true"}, "list": []
        });
        let expected = "\
# Where executors come from.
# one of:
#   k8s: Pods of their own.
#   standalone: Workers of a cluster.
mode: k8s

# When to pull.
# one of: Always, Never
pull: Always

# `a` or `b`.
kind: a

# Masters.
# one of: 1, 3
masters: 1

# Each executor.
executor:
  # Heap of one executor. The pod asks for more, because Spark adds an overhead of a tenth and no
  # less than 384 MiB for the JVM itself.
  #
  # Units of Spark.
  memory: 1g
  # Labels of nodes:
  # - a
  # - b
  nodeSelector: {}
  bare: 1

# Free.
conf:
  spark.a: \"true\"

list: []
";
        assert_eq!(commented(tree.as_object().expect("map"), &of), expected);
    }

    #[test]
    fn a_section_is_a_key_with_its_words() {
        let of = json!({"properties": {"a": {"description": "First."}}});
        let tree = json!({"a": 1});
        let text = section("global", "Shared.", tree.as_object().expect("map"), &of);
        assert_eq!(text, "# Shared.\nglobal:\n  # First.\n  a: 1\n");
        assert_eq!(section("none", "", &Map::new(), &of), "none: {}\n");
    }

    #[test]
    fn code_stays_on_one_line() {
        let text = comment(&format!("{} `helm upgrade --install`.", "word ".repeat(18)), 0);
        assert!(text.contains("# `helm upgrade --install`.\n"), "{text}");
    }

    #[test]
    fn deep_comments_keep_room() {
        let text = comment(&"word ".repeat(30), 90);
        assert!(text.lines().all(|line| line.len() <= 90 + 2 + LEAST), "{text}");
    }
}
