//! YAML, JSON, base64 and checksums.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha512};
use sparkyard_yaml::{go_yaml, node};

use super::{Answer, Failure};
use crate::print;
use crate::value::{Map, Value};

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let text = || args.first().and_then(Value::as_str).unwrap_or("");
    let value = args.first();
    Some(Ok(match name {
        "toYaml" | "mustToYaml" => match to_yaml(value?) {
            Some(text) => text.into(),
            None if name == "toYaml" => "".into(),
            None => return Some(Err(Failure::helm("yaml: control characters are not allowed"))),
        },
        "fromYaml" => from_yaml(text()),
        "fromYamlArray" => from_yaml_array(text()),
        "toJson" => print::json(value?, true).unwrap_or_default().into(),
        "mustToJson" => match print::json(value?, true) {
            Ok(text) => text.into(),
            Err(_) => return Some(Err(Failure::helm("json: unsupported value"))),
        },
        "toRawJson" => match print::json(value?, false) {
            Ok(text) => text.into(),
            Err(_) => return Some(Err(Failure::helm("json: unsupported value"))),
        },
        "toPrettyJson" => print::pretty_json(value?).unwrap_or_default().into(),
        "fromJson" => match serde_json::from_str::<serde_json::Value>(text()) {
            Ok(json @ serde_json::Value::Object(_)) => Value::of_json(&json),
            Ok(serde_json::Value::Null) => Value::map(Map::new()),
            Ok(_) => return Some(Err(Failure::Outside("`fromJson` of something else than a map".into()))),
            Err(_) => {
                return Some(Err(Failure::Outside("`fromJson` of what is no JSON gives helm's own error text".into())));
            }
        },
        "b64enc" => STANDARD.encode(text()).into(),
        "b64dec" => match unbase64(text()).map(String::from_utf8) {
            Some(Ok(text)) => text.into(),
            Some(Err(_)) => return Some(Err(Failure::Outside("`b64dec` gives bytes that are no text".into()))),
            None => {
                return Some(Err(Failure::Outside("`b64dec` of what is no base64 gives Go's own error text".into())));
            }
        },
        "sha256sum" => hex(&Sha256::digest(text())).into(),
        "sha512sum" => hex(&Sha512::digest(text())).into(),
        "sha1sum" => hex(&sha1::Sha1::digest(text())).into(),
        "adler32sum" => adler2::adler32_slice(text().as_bytes()).to_string().into(),
        _ => return None,
    }))
}

/// `toYaml`: without the last line's end.
pub(crate) fn to_yaml(value: &Value) -> Option<String> {
    let mut text = go_yaml(value)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Some(text)
}

fn error_map(message: &str) -> Value {
    Value::map([("Error".into(), Value::text(message))].into())
}

fn from_yaml(text: &str) -> Value {
    match node::document(text) {
        Ok(None) => Value::map(Map::new()),
        Ok(Some(node)) => match Value::of_node(&node) {
            value @ Value::Map(_) => value,
            Value::Nil => Value::map(Map::new()),
            other => error_map(&format!(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                json_kind(&other)
            )),
        },
        Err(error) => error_map(&format!("error converting YAML to JSON: {}", error.go_message())),
    }
}

fn from_yaml_array(text: &str) -> Value {
    match node::document(text) {
        Ok(None) => Value::list(Vec::new()),
        Ok(Some(node)) => match Value::of_node(&node) {
            value @ Value::List(_) => value,
            Value::Nil => Value::list(Vec::new()),
            other => Value::list(vec![
                format!(
                    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type []interface {{}}",
                    json_kind(&other)
                )
                .into(),
            ]),
        },
        Err(error) => Value::list(vec![format!("error converting YAML to JSON: {}", error.go_message()).into()]),
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    }
}

/// `html`: Go's five letters and the zero byte.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Go's strict decoder, which passes over line ends.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.replace(['\n', '\r'], "")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_both_ways() {
        for text in ["", "a", "ab", "abc", "abcd"] {
            assert_eq!(unbase64(&STANDARD.encode(text)).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(unbase64("aGVs\nbG8=").as_deref(), Some(&b"hello"[..]));
        assert_eq!(unbase64("a"), None);
        assert_eq!(unbase64("a$=="), None);
    }

    #[test]
    fn checksums_are_the_known_ones() {
        let sum = |name: &str| match call(name, &["abc".into()]) {
            Some(Ok(Value::Str(text))) => text.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(sum("sha1sum"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(sum("sha256sum").starts_with("ba7816bf"));
        assert!(sum("sha512sum").starts_with("ddaf35a1"));
        assert_eq!(sum("adler32sum"), "38600999");
    }

    #[test]
    fn yaml_that_is_no_map_is_an_error_in_the_result() {
        assert_eq!(from_yaml("a: 1"), Value::map([("a".into(), Value::Float(1.0))].into()));
        assert!(from_yaml("- a").as_map().is_some_and(|map| map.contains_key("Error")));
        assert!(from_yaml("a: b: c").as_map().is_some_and(|map| map.contains_key("Error")));
        assert_eq!(from_yaml(""), Value::map(Map::new()));
    }
}
