//! `--set`, `--set-string`, `--set-json` and `--set-literal`: helm's own little language of paths and values.

use std::rc::Rc;

use crate::value::{Map, Value};

/// How the words behind `=` are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// `--set`: booleans, whole numbers and `null` are told from words.
    Typed,
    /// `--set-string`: everything is a word.
    Words,
    /// `--set-json`
    Json,
}

/// Largest index of a list.
const MOST: usize = 65_536;
/// How deep a path may lead.
const DEPTH: usize = 30;

/// Lays `a.b=c,d[0].e=f` over a map.
pub(crate) fn set(text: &str, into: &mut Map, reading: Reading) -> Result<(), String> {
    let mut parser = Parser { chars: text.chars().collect(), at: 0, reading };
    while parser.at < parser.chars.len() {
        match parser.key(into, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Bad(message)) => return Err(message),
        }
    }
    Ok(())
}

/// Lays `a.b=anything at all` over a map: nothing behind the sign has a meaning.
pub(crate) fn set_literal(text: &str, into: &mut Map) -> Result<(), String> {
    let Some((key, value)) = text.split_once('=') else { return Err(format!("key {text:?} has no value")) };
    if key.contains(['[', ']']) {
        return Err("a literal into a list".to_owned());
    }
    let mut steps: Vec<&str> = key.split('.').collect();
    let Some(last) = steps.pop() else { return Ok(()) };
    let mut here = into;
    for step in steps {
        here = table(here, step)?;
    }
    here.insert(last.into(), Value::text(value));
    Ok(())
}

enum Stop {
    /// The text is at its end.
    End,
    Bad(String),
}

fn bad<T>(message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Bad(message.into()))
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    reading: Reading,
}

fn table<'m>(map: &'m mut Map, key: &str) -> Result<&'m mut Map, String> {
    let slot = map.entry(key.into()).or_insert_with(|| Value::map(Map::new()));
    match slot {
        Value::Map(inner) => Ok(Rc::make_mut(inner)),
        other => Err(format!("unable to parse key: {key:?} holds a {}, not a map", other.type_name())),
    }
}

impl Parser {
    /// Letters up to one of `stops`, which is taken too; `None` for the end of the text.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(c) = self.chars.get(self.at).copied() {
            self.at += 1;
            if stops.contains(&c) {
                return (text, Some(c));
            }
            if c == '\\' {
                match self.chars.get(self.at) {
                    Some(next) => text.push(*next),
                    None => return (text, None),
                }
                self.at += 1;
            } else {
                text.push(c);
            }
        }
        (text, None)
    }

    fn key(&mut self, into: &mut Map, depth: usize) -> Result<(), Stop> {
        let (key, stop) = self.until(&['=', '[', ',', '.']);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => bad(format!("key {key:?} has no value")),
            Some('[') => {
                let at = self.index()?;
                let list = match into.get(key.as_str()) {
                    None => Vec::new(),
                    Some(Value::List(items)) => (**items).clone(),
                    Some(_) => return bad(format!("unable to parse key: {key:?} holds no list")),
                };
                let (list, outcome) = self.item(list, at, depth);
                put(into, &key, Value::list(list));
                outcome
            }
            Some('=') => {
                let value = self.value();
                match value {
                    Ok(value) => {
                        put(into, &key, value);
                        Ok(())
                    }
                    Err((Some(value), stop)) => {
                        put(into, &key, value);
                        Err(stop)
                    }
                    Err((None, stop)) => Err(stop),
                }
            }
            Some(',') => {
                put(into, &key, "".into());
                bad(format!("key {key:?} has no value (cannot end with ,)"))
            }
            Some(_) => {
                if depth + 1 > DEPTH {
                    return bad(format!(
                        "value name nested level is greater than maximum supported nested level of {DEPTH}"
                    ));
                }
                let mut inner = match into.get(key.as_str()) {
                    None => Map::new(),
                    Some(Value::Map(map)) => (**map).clone(),
                    Some(_) => return bad(format!("unable to parse key: {key:?} holds no map")),
                };
                let outcome = self.key(&mut inner, depth + 1);
                if outcome.is_ok() && inner.is_empty() {
                    return bad(format!("key map {key:?} has no value"));
                }
                if !inner.is_empty() {
                    put(into, &key, Value::map(inner));
                }
                outcome
            }
        }
    }

    fn index(&mut self) -> Result<usize, Stop> {
        let (digits, stop) = self.until(&[']']);
        if stop.is_none() {
            return bad("error parsing index: EOF");
        }
        match digits.parse::<i64>() {
            Ok(at) if at < 0 => bad(format!("negative {at} index not allowed")),
            Ok(at) => usize::try_from(at).or_else(|_| bad("error parsing index")),
            Err(_) => bad(format!("error parsing index: {digits:?}")),
        }
    }

    fn item(&mut self, mut list: Vec<Value>, at: usize, depth: usize) -> (Vec<Value>, Result<(), Stop>) {
        let (key, stop) = self.until(&['[', '.', '=']);
        if !key.is_empty() {
            return (list, bad(format!("unexpected data at end of array index: {key:?}")));
        }
        let fits = |list: &[Value]| -> Result<(), Stop> {
            let _ = list;
            if at > MOST {
                return bad(format!("index of {at} is greater than maximum supported index of {MOST}"));
            }
            Ok(())
        };
        let outcome = match stop {
            None => Err(Stop::End),
            Some('=') => match self.value() {
                Ok(value) => fits(&list).map(|()| place(&mut list, at, value)),
                Err((Some(value), Stop::End)) => fits(&list).map(|()| place(&mut list, at, value)),
                Err((_, stop)) => Err(stop),
            },
            Some('[') => self.index().and_then(|next| {
                let inner = match list.get(at) {
                    Some(Value::List(items)) => (**items).clone(),
                    None | Some(Value::Nil) => Vec::new(),
                    Some(_) => return bad("unable to parse key: an item holds no list"),
                };
                let (inner, outcome) = self.item(inner, next, depth);
                outcome?;
                fits(&list)?;
                place(&mut list, at, Value::list(inner));
                Ok(())
            }),
            Some(_) => {
                let mut inner = match list.get(at) {
                    Some(Value::Map(map)) => (**map).clone(),
                    _ => Map::new(),
                };
                match self.key(&mut inner, depth) {
                    Ok(()) => fits(&list).map(|()| place(&mut list, at, Value::map(inner))),
                    Err(stop) => Err(stop),
                }
            }
        };
        (list, outcome)
    }

    /// What stands behind `=`. A value may come together with the end of the text.
    #[allow(clippy::type_complexity, reason = "a value and why the rest cannot be read")]
    fn value(&mut self) -> Result<Value, (Option<Value>, Stop)> {
        if self.reading == Reading::Json {
            return self.json().map_err(|stop| (None, stop));
        }
        match self.chars.get(self.at) {
            None => return Err((Some("".into()), Stop::End)),
            Some('{') => {
                self.at += 1;
                return self.list().map_err(|stop| (None, stop));
            }
            Some(_) => {}
        }
        let (text, _) = self.until(&[',']);
        Ok(self.read(&text))
    }

    fn list(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            match stop {
                None => return bad("list must terminate with '}'"),
                Some('}') => {
                    if self.chars.get(self.at) == Some(&',') {
                        self.at += 1;
                    }
                    items.push(self.read(&text));
                    return Ok(Value::list(items));
                }
                Some(_) => items.push(self.read(&text)),
            }
        }
    }

    fn json(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        if self.blank() {
            return Ok(Value::Nil);
        }
        let rest: String = self.chars[start..].iter().collect();
        let mut stream = serde_json::Deserializer::from_str(&rest).into_iter::<serde_json::Value>();
        match stream.next() {
            Some(Ok(json)) => {
                let taken = rest[..stream.byte_offset()].chars().count();
                self.at = start + taken;
                self.blank();
                Ok(Value::of_json(&json))
            }
            _ => bad("no JSON value"),
        }
    }

    /// Skips blanks; true at a comma, which is taken, or at the end.
    fn blank(&mut self) -> bool {
        while let Some(c) = self.chars.get(self.at) {
            if *c == ',' {
                self.at += 1;
                return true;
            }
            if !c.is_whitespace() {
                return false;
            }
            self.at += 1;
        }
        true
    }

    fn read(&self, text: &str) -> Value {
        if self.reading == Reading::Words {
            return Value::text(text);
        }
        match text.to_lowercase().as_str() {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Nil,
            "0" => return Value::Long(0),
            _ => {}
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let number = !text.starts_with('0') && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<i64>() {
            Ok(value) if number => Value::Long(value),
            _ => Value::text(text),
        }
    }
}

fn put(map: &mut Map, key: &str, value: Value) {
    if !key.is_empty() {
        map.insert(key.into(), value);
    }
}

fn place(list: &mut Vec<Value>, at: usize, value: Value) {
    if list.len() <= at {
        list.resize(at + 1, Value::Nil);
    }
    list[at] = value;
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn read(text: &str, reading: Reading) -> Result<Json, String> {
        let mut map = Map::new();
        set(text, &mut map, reading)?;
        Ok(Value::map(map).to_json())
    }

    #[test]
    fn paths_and_values_are_what_helm_reads() {
        for (text, tree) in [
            ("a=1,b=true,c=null,d=x", json!({"a": 1, "b": true, "c": null, "d": "x"})),
            ("a.b.c=1", json!({"a": {"b": {"c": 1}}})),
            ("a={x,1,}", json!({"a": ["x", 1, ""]})),
            ("a[1].b=x", json!({"a": [null, {"b": "x"}]})),
            ("a[0][1]=x", json!({"a": [[null, "x"]]})),
            ("a=0123", json!({"a": "0123"})),
            ("a=1\\,2", json!({"a": "1,2"})),
            ("a\\.b=1", json!({"a.b": 1})),
            ("a=", json!({"a": ""})),
            ("a=b=c", json!({"a": "b=c"})),
            ("a=-5", json!({"a": -5})),
            ("a=TRUE", json!({"a": true})),
            ("a.b=1,a.c=2", json!({"a": {"b": 1, "c": 2}})),
        ] {
            assert_eq!(read(text, Reading::Typed), Ok(tree), "{text}");
        }
        assert_eq!(read("a=1,b=true", Reading::Words), Ok(json!({"a": "1", "b": "true"})));
        assert_eq!(read("a={\"b\": [1]},c=2", Reading::Json), Ok(json!({"a": {"b": [1]}, "c": 2})));
        let mut map = Map::new();
        set_literal("a.b=x,y=z{", &mut map).expect("reads");
        assert_eq!(Value::map(map).to_json(), json!({"a": {"b": "x,y=z{"}}));
    }

    #[test]
    fn what_helm_refuses_is_refused() {
        for text in ["a", "a,b=1", "a[x]=1", "a[-1]=1", "a[99999]=1", "a={x", "a.=1", "a[0]x=1", "a=1,a.b=2"] {
            assert!(read(text, Reading::Typed).is_err(), "{text}");
        }
        assert!(read("a=x", Reading::Json).is_err());
    }
}
