//! Values as text: Go's `fmt`, and JSON as `encoding/json` writes it.

use std::fmt::Write as _;

use sparkyard_yaml::float;

use crate::value::{Object, Value};

/// `%v`, as an action prints a value.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        other => {
            let mut out = String::new();
            write_plain(&mut out, other, true);
            out
        }
    }
}

fn write_plain(out: &mut String, value: &Value, top: bool) {
    match value {
        // Inside a list or map nil has another word than alone.
        Value::Nil => out.push_str(if top { "<no value>" } else { "<nil>" }),
        Value::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Int(value) | Value::Long(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Float(value) => out.push_str(&float::general(*value)),
        Value::Str(text) => out.push_str(text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                write_plain(out, item, false);
            }
            out.push(']');
        }
        Value::NilList => out.push_str("[]"),
        Value::Map(map) => {
            out.push_str("map[");
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                let _ = write!(out, "{key}:");
                write_plain(out, item, false);
            }
            out.push(']');
        }
        Value::Object(Object::KubeVersion(capabilities)) => out.push_str(&capabilities.normalized),
        Value::Object(Object::ApiVersions(capabilities)) => {
            let _ = write!(out, "[{}]", capabilities.api_versions.join(" "));
        }
        Value::Object(_) => out.push_str("{...}"),
    }
}

/// What sprig's `toString` and `quote` make of a value.
pub(crate) fn strval(value: &Value) -> String {
    match value {
        Value::Nil => "<nil>".to_owned(),
        other => plain(other),
    }
}

/// `%q`: a Go string literal.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if is_printable(c) => out.push(c),
            c if c < ' ' || c == '\u{7f}' => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if (c as u32) < 0x10000 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => {
                let _ = write!(out, "\\U{:08x}", c as u32);
            }
        }
    }
    out.push('"');
    out
}

/// Go's `IsPrint`, near enough: letters, marks, numbers, signs and the plain space.
fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{0}'..='\u{a0}' | '\u{ad}' => false,
        _ => !(c.is_control() || c.is_whitespace() || is_unassigned(c)),
    }
}

/// Formats, private use and what no letter has been given to; the blocks that turn up in practice.
fn is_unassigned(c: char) -> bool {
    matches!(u32::from(c),
        0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xd800..=0xf8ff | 0xfeff | 0xfff0..=0xfffb
        | 0xfffe..=0xffff | 0xe0000..=0x10ffff)
}

/// Why JSON cannot hold a value.
pub(crate) struct NotJson;

/// `toJson`: keys sorted, `<`, `>` and `&` escaped.
pub(crate) fn json(value: &Value, escape_html: bool) -> Result<String, NotJson> {
    let mut out = String::new();
    write_json(&mut out, value, escape_html)?;
    Ok(out)
}

fn write_json(out: &mut String, value: &Value, html: bool) -> Result<(), NotJson> {
    match value {
        Value::Nil | Value::NilList => out.push_str("null"),
        Value::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Int(value) | Value::Long(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Float(value) => out.push_str(&float::json(*value).ok_or(NotJson)?),
        Value::Str(text) => write_json_text(out, text, html),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(out, item, html)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json_text(out, key, html);
                out.push(':');
                write_json(out, item, html)?;
            }
            out.push('}');
        }
        Value::Object(_) => return Err(NotJson),
    }
    Ok(())
}

fn write_json_text(out: &mut String, text: &str, html: bool) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' if html => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// `toPrettyJson`: two spaces a step.
pub(crate) fn pretty_json(value: &Value) -> Result<String, NotJson> {
    let compact = json(value, true)?;
    let mut out = String::with_capacity(compact.len() * 2);
    let (mut depth, mut inside, mut escaped) = (0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let mut chars = compact.chars().peekable();
    while let Some(c) = chars.next() {
        if inside {
            out.push(c);
            inside = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                if matches!(chars.peek(), Some('}' | ']')) {
                    out.extend(chars.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                inside = true;
                escaped = false;
                out.push(c);
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

/// `printf`.
pub(crate) fn formatted(format: &str, values: &[Value]) -> String {
    let mut out = String::new();
    let mut next = 0;
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let spec = Spec::read(&mut rest);
        let Some(verb) = rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            rest = "";
            break;
        };
        rest = &rest[verb.len_utf8()..];
        if verb == '%' {
            out.push('%');
            continue;
        }
        match values.get(next) {
            None => {
                let _ = write!(out, "%!{verb}(MISSING)");
            }
            Some(value) => out.push_str(&spec.pad(&verb_text(verb, value, &spec))),
        }
        next += 1;
    }
    out.push_str(rest);
    if next < values.len() {
        out.push_str("%!(EXTRA ");
        let extra: Vec<String> = values[next..]
            .iter()
            .map(|value| match value {
                Value::Nil => "<nil>".to_owned(),
                value => format!("{}={}", value.type_name(), strval(value)),
            })
            .collect();
        out.push_str(&extra.join(", "));
        out.push(')');
    }
    out
}

/// Flags, width and precision of a verb.
#[derive(Default)]
struct Spec {
    minus: bool,
    plus: bool,
    zero: bool,
    space: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

impl Spec {
    fn read(rest: &mut &str) -> Self {
        let mut spec = Spec::default();
        while let Some(flag) = rest.chars().next() {
            match flag {
                '-' => spec.minus = true,
                '+' => spec.plus = true,
                '0' => spec.zero = true,
                ' ' => spec.space = true,
                '#' => spec.sharp = true,
                _ => break,
            }
            *rest = &rest[1..];
        }
        let number = |rest: &mut &str| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let value = rest[..digits].parse().ok().map(|value: usize| value.min(10_000));
            *rest = &rest[digits..];
            value
        };
        spec.width = number(rest);
        if let Some(after) = rest.strip_prefix('.') {
            *rest = after;
            spec.precision = Some(number(rest).unwrap_or(0));
        }
        spec
    }

    fn pad(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if missing == 0 {
            return text.to_owned();
        }
        if self.minus {
            return format!("{text}{}", " ".repeat(missing));
        }
        if self.zero {
            let sign = usize::from(text.starts_with(['-', '+']));
            return format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..]);
        }
        format!("{}{text}", " ".repeat(missing))
    }

    fn signed(&self, text: String) -> String {
        if text.starts_with('-') {
            text
        } else if self.plus {
            format!("+{text}")
        } else if self.space {
            format!(" {text}")
        } else {
            text
        }
    }
}

fn verb_text(verb: char, value: &Value, spec: &Spec) -> String {
    let cut = |text: &str| match spec.precision {
        Some(most) => text.chars().take(most).collect(),
        None => text.to_owned(),
    };
    // Only as an argument of its own nil is a mistake: inside a list or map Go writes it with any verb.
    let inside = |item: &Value| match item {
        Value::Nil => "<nil>".to_owned(),
        item => verb_text(verb, item, spec),
    };
    match (verb, value) {
        ('v', Value::Nil) => "<nil>".to_owned(),
        ('T', value) => value.type_name().to_owned(),
        ('v', Value::Str(text)) | ('s', Value::Str(text)) => cut(text),
        ('v', Value::Int(_) | Value::Long(_) | Value::Float(_)) => spec.signed(strval(value)),
        ('v', value) => strval(value),
        ('s', Value::Object(Object::KubeVersion(capabilities))) => capabilities.normalized.clone(),
        ('q', Value::Str(text)) => quoted(&cut(text)),
        ('t', Value::Bool(value)) => value.to_string(),
        ('d', Value::Int(value) | Value::Long(value)) => spec.signed(value.to_string()),
        ('x', Value::Int(value) | Value::Long(value)) => {
            format!("{}{:x}", if *value < 0 { "-" } else { "" }, value.unsigned_abs())
        }
        ('x', Value::Str(text)) => text.bytes().map(|b| format!("{b:02x}")).collect(),
        ('o', Value::Int(value) | Value::Long(value)) => {
            format!("{}{:o}", if *value < 0 { "-" } else { "" }, value.unsigned_abs())
        }
        ('c', Value::Int(value) | Value::Long(value)) => {
            u32::try_from(*value).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string()
        }
        ('f' | 'F', Value::Float(value)) if value.is_finite() => {
            spec.signed(format!("{value:.*}", spec.precision.unwrap_or(6)))
        }
        ('g', Value::Float(value)) if spec.precision.is_none() => spec.signed(float::general(*value)),
        ('s' | 'd' | 'q' | 't', Value::List(items)) => {
            let inner: Vec<String> = items.iter().map(inside).collect();
            format!("[{}]", inner.join(" "))
        }
        ('s' | 'd' | 'q' | 't', Value::Map(map)) => {
            let key = |key: &str| verb_text(verb, &Value::text(key), spec);
            let inner: Vec<String> = map.iter().map(|(name, item)| format!("{}:{}", key(name), inside(item))).collect();
            format!("map[{}]", inner.join(" "))
        }
        ('s' | 'd' | 'q' | 't', Value::NilList) => "[]".to_owned(),
        (verb, Value::Nil) => format!("%!{verb}(<nil>)"),
        (verb, value) => format!("%!{verb}({}={})", value.type_name(), strval(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: serde_json::Value) -> Value {
        Value::of_json(&json)
    }

    #[test]
    fn values_print_as_go_prints_them() {
        let tree = value(serde_json::json!({"b": [1, "x", null, 1_000_000], "a": {"c": true}}));
        assert_eq!(plain(&tree), "map[a:map[c:true] b:[1 x <nil> 1e+06]]");
        assert_eq!(plain(&Value::Nil), "<no value>");
        assert_eq!(plain(&Value::Long(1_000_000)), "1000000");
    }

    #[test]
    fn quotes_are_go_literals() {
        assert_eq!(quoted("a\"\\\n\u{1}é\u{a0}😀\u{feff}"), "\"a\\\"\\\\\\n\\x01é\\u00a0😀\\ufeff\"");
    }

    #[test]
    fn json_is_compact_sorted_and_escaped() {
        let tree = value(serde_json::json!({"b": "<a&b>", "a": [1.5, null], "c": {}}));
        assert_eq!(json(&tree, true).ok().as_deref(), Some(r#"{"a":[1.5,null],"b":"\u003ca\u0026b\u003e","c":{}}"#));
        let pretty = "{\n  \"a\": [\n    1.5,\n    null\n  ],\n  \"b\": \"\\u003ca\\u0026b\\u003e\",\n  \"c\": {}\n}";
        assert_eq!(pretty_json(&tree).ok().as_deref(), Some(pretty));
    }

    #[test]
    fn printf_formats_and_complains_as_go_does() {
        let v = |values: &[Value]| values.to_vec();
        for (format, values, text) in [
            ("%s-%s", v(&["a".into(), "b".into()]), "a-b"),
            ("%d", v(&[Value::Float(5.0)]), "%!d(float64=5)"),
            ("%d %v", v(&[Value::Int(5), Value::Float(1e6)]), "5 1e+06"),
            ("%s", v(&[Value::Int(5)]), "%!s(int=5)"),
            ("%q %t", v(&["a\"".into(), true.into()]), "\"a\\\"\" true"),
            ("%05d|%-4s|%4s", v(&[Value::Int(-42), "a".into(), "b".into()]), "-0042|a   |   b"),
            ("%s", v(&[]), "%!s(MISSING)"),
            ("a", v(&["x".into()]), "a%!(EXTRA string=x)"),
            ("100%%", v(&[]), "100%"),
            ("%", v(&[]), "%!(NOVERB)"),
            ("%v %s", v(&[Value::Nil, Value::Nil]), "<nil> %!s(<nil>)"),
            ("%.2f", v(&[Value::Float(1.0)]), "1.00"),
            ("%s", v(&[Value::list(vec!["a".into(), Value::Int(1)])]), "[a %!s(int=1)]"),
            ("%s", v(&[Value::list(vec![Value::Nil, "a".into()])]), "[<nil> a]"),
        ] {
            assert_eq!(formatted(format, &values), text, "{format}");
        }
    }
}
