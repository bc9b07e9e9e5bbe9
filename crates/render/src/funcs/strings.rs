//! Text.

use std::borrow::Cow;
use std::rc::Rc;

use super::{Answer, Failure};
use crate::print::{quoted, strval};
use crate::value::Value;

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let text = |at: usize| args.get(at).and_then(Value::as_str).unwrap_or("");
    let int = |at: usize| match args.get(at) {
        Some(Value::Int(value)) => *value,
        _ => 0,
    };
    Some(Ok(match name {
        "trim" => text(0).trim_matches(is_space).into(),
        "trimAll" => trim_all(text(1), text(0)).into(),
        "trimPrefix" => text(1).strip_prefix(text(0)).unwrap_or(text(1)).into(),
        "trimSuffix" => text(1).strip_suffix(text(0)).unwrap_or(text(1)).into(),
        "nospace" => Value::text(nospace(text(0))),
        "upper" => text(0).to_uppercase().into(),
        "lower" => text(0).to_lowercase().into(),
        "title" => title(text(0)).into(),
        "repeat" => return Some(repeated(int(0), text(1)).map(Value::from)),
        "trunc" => return Some(trunc(int(0), text(1))),
        "substr" => return Some(substr(int(0), int(1), text(2))),
        "contains" => text(1).contains(text(0)).into(),
        "hasPrefix" => text(1).starts_with(text(0)).into(),
        "hasSuffix" => text(1).ends_with(text(0)).into(),
        "quote" => joined(args, |value| quoted(&strval(value))),
        "squote" => joined(args, |value| format!("'{}'", strval(value))),
        "cat" => {
            let words: Vec<String> = args.iter().filter(|value| **value != Value::Nil).map(strval).collect();
            // sprig trims its format, not what comes out of it.
            words.join(" ").into()
        }
        "indent" => return Some(indented("", int(0), text(1))),
        "nindent" => return Some(indented("\n", int(0), text(1))),
        "replace" => text(2).replace(text(0), text(1)).into(),
        "toString" => args.first().map(strval).unwrap_or_default().into(),
        "toStrings" => Value::list(words(args.first()?)),
        "join" => {
            let words: Vec<String> = words(args.get(1)?).iter().map(strval).collect();
            words.join(text(0)).into()
        }
        "splitList" => Value::list(pieces(text(1), text(0)).map(Value::text).collect()),
        "split" => {
            let parts = pieces(text(1), text(0)).enumerate();
            Value::map(parts.map(|(index, part)| (Rc::from(format!("_{index}")), Value::text(part))).collect())
        }
        "sortAlpha" => match args.first()? {
            Value::List(_) | Value::NilList => {
                let mut words: Vec<String> = words(args.first()?).iter().map(strval).collect();
                words.sort();
                Value::list(words.into_iter().map(Value::from).collect())
            }
            other => Value::list(vec![strval(other).into()]),
        },
        _ => return None,
    }))
}

/// Bytes that one call may make.
const MOST: usize = 1 << 20;

/// Go's `unicode.IsSpace` of Latin letters and beyond.
fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{180e}'
}

/// Sprig's library takes bytes for letters: a text with a byte that is a space in Latin-1 comes out as Latin-1 read as
/// Unicode, and any other as it is.
fn nospace(text: &str) -> Cow<'_, str> {
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ' | 0x85 | 0xa0);
    if !text.bytes().any(|byte| is_space(&byte)) {
        return Cow::Borrowed(text);
    }
    text.bytes().filter(|byte| !is_space(byte)).map(char::from).collect()
}

fn trim_all<'t>(text: &'t str, set: &str) -> &'t str {
    text.trim_matches(|c| set.contains(c))
}

/// Go splits an empty separator at every letter.
fn pieces<'t>(text: &'t str, separator: &'t str) -> Box<dyn Iterator<Item = &'t str> + 't> {
    if separator.is_empty() {
        return Box::new(text.char_indices().map(move |(at, c)| &text[at..at + c.len_utf8()]));
    }
    Box::new(text.split(separator))
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let separator = match before {
            '_' => false,
            b if b.is_alphanumeric() => false,
            b if b.is_ascii() => true,
            b => b.is_whitespace(),
        };
        if separator {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

fn half() -> Failure {
    Failure::Outside("a text is cut in the middle of a letter, which gives no text".into())
}

fn trunc(count: i64, text: &str) -> Answer {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let cut = if count < 0 && length + count > 0 {
        text.get((length + count) as usize..)
    } else if count >= 0 && length > count {
        text.get(..count as usize)
    } else {
        Some(text)
    };
    cut.map(Value::text).ok_or_else(half)
}

fn substr(start: i64, end: i64, text: &str) -> Answer {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let (from, to) = if start < 0 {
        (0, end)
    } else if end < 0 || end > length {
        (start, length)
    } else {
        (start, end)
    };
    if from > to || to > length || to < 0 {
        return Err(Failure::helm("slice bounds out of range"));
    }
    text.get(from as usize..to as usize).map(Value::text).ok_or_else(half)
}

fn repeated(count: i64, text: &str) -> Result<String, Failure> {
    match usize::try_from(count) {
        Ok(count) if count.saturating_mul(text.len()) <= MOST => Ok(text.repeat(count)),
        Ok(_) => Err(Failure::Outside("more text than a release can hold".into())),
        Err(_) => Err(Failure::helm("strings: negative Repeat count")),
    }
}

/// Every line behind blanks, all of it behind `start`.
fn indented(start: &str, spaces: i64, text: &str) -> Result<Value, Failure> {
    let pad = repeated(spaces, " ")?;
    let lines = 1 + memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let size = pad.len().saturating_mul(lines).saturating_add(text.len());
    if size.saturating_sub(text.len() + pad.len()) > MOST {
        return Err(Failure::Outside("more text than a release can hold".into()));
    }
    let mut out = String::with_capacity(start.len() + size);
    out.push_str(start);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        out.push_str(&pad);
        out.push_str(&text[start..=end]);
        start = end + 1;
    }
    // An empty last line has its blanks too.
    out.push_str(&pad);
    out.push_str(&text[start..]);
    Ok(out.into())
}

fn joined(values: &[Value], one: impl Fn(&Value) -> String) -> Value {
    let words: Vec<String> = values.iter().filter(|value| **value != Value::Nil).map(one).collect();
    words.join(" ").into()
}

/// sprig's `strslice`: a list of texts out of anything.
fn words(value: &Value) -> Vec<Value> {
    match value {
        Value::Nil | Value::NilList => Vec::new(),
        Value::List(items) => {
            items.iter().filter(|item| **item != Value::Nil).map(|item| strval(item).into()).collect()
        }
        other => vec![strval(other).into()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    fn text(name: &str, args: &[Value]) -> String {
        match call(name, args) {
            Ok(value) => strval(&value),
            Err(failure) => panic!("{name}: {failure:?}"),
        }
    }

    #[test]
    fn texts_are_cut_and_joined_as_sprig_does() {
        assert_eq!(text("trunc", &[Value::Int(-3), "abcdef".into()]), "def");
        assert_eq!(text("trunc", &[Value::Int(9), "abc".into()]), "abc");
        assert!(matches!(call("trunc", &[Value::Int(1), "é".into()]), Err(Failure::Outside(_))));
        assert_eq!(text("substr", &[Value::Int(1), Value::Int(-1), "abc".into()]), "bc");
        assert!(matches!(call("substr", &[Value::Int(9), Value::Int(-1), "abc".into()]), Err(Failure::Helm(_))));
        assert_eq!(text("trimAll", &["-".into(), "--a-b-".into()]), "a-b");
        assert_eq!(text("nindent", &[Value::Int(2), "a\n\nb".into()]), "\n  a\n  \n  b");
        assert_eq!(text("quote", &["a".into(), Value::Nil, Value::Float(1e6)]), "\"a\" \"1e+06\"");
        assert_eq!(text("squote", &["it's".into()]), "'it's'");
        assert_eq!(text("nospace", &[" a b\t".into()]), "ab");
        assert_eq!(text("nospace", &["é".into()]), "é");
        assert_eq!(text("nospace", &["é b".into()]), "Ã©b", "helm says so too");
        assert_eq!(text("cat", &["a".into(), Value::Nil, Value::Int(1)]), "a 1");
        assert_eq!(text("title", &["hello wOrld-x a_b".into()]), "Hello WOrld-X A_b");
        assert_eq!(text("splitList", &[",".into(), "a,b,".into()]), "[a b ]");
        assert_eq!(text("split", &["/".into(), "a/b".into()]), "map[_0:a _1:b]");
        assert_eq!(text("join", &["-".into(), Value::list(vec!["a".into(), Value::Int(1), Value::Nil])]), "a-1");
        assert_eq!(text("sortAlpha", &[Value::list(vec!["b".into(), "a".into()])]), "[a b]");
        assert_eq!(text("replace", &[".".into(), "-".into(), "a.b.c".into()]), "a-b-c");
    }
}
