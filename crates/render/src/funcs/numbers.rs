//! Numbers.

use super::{Answer, Failure};
use crate::value::Value;

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let long = |at: usize| args.get(at).map_or(0, to_int64);
    let int = |at: usize| match args.get(at) {
        Some(Value::Int(value)) => *value,
        _ => 0,
    };
    Some(Ok(match name {
        "int" => Value::Int(long(0)),
        "int64" => Value::Long(long(0)),
        "float64" => Value::Float(args.first().map_or(0.0, to_float64)),
        "atoi" => Value::Int(args.first().and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(0)),
        "add" => Value::Long(args.iter().map(to_int64).fold(0, i64::wrapping_add)),
        "add1" => Value::Long(long(0).wrapping_add(1)),
        "sub" => Value::Long(long(0).wrapping_sub(long(1))),
        "mul" => Value::Long(args.iter().map(to_int64).fold(1, i64::wrapping_mul)),
        "div" | "mod" if long(1) == 0 => return Some(Err(Failure::helm("runtime error: integer divide by zero"))),
        "div" => Value::Long(long(0).wrapping_div(long(1))),
        "mod" => Value::Long(long(0).wrapping_rem(long(1))),
        "max" => Value::Long(args.iter().map(to_int64).max().unwrap_or(0)),
        "min" => Value::Long(args.iter().map(to_int64).min().unwrap_or(0)),
        "ceil" => Value::Float(args.first().map_or(0.0, to_float64).ceil()),
        "floor" => Value::Float(args.first().map_or(0.0, to_float64).floor()),
        "until" => return Some(steps(0, int(0), if int(0) < 0 { -1 } else { 1 })),
        "untilStep" => return Some(steps(int(0), int(1), int(2))),
        "len" => match args.first()? {
            Value::Str(text) => Value::Int(text.len() as i64),
            Value::List(items) => Value::Int(items.len() as i64),
            Value::NilList => Value::Int(0),
            Value::Map(map) => Value::Int(map.len() as i64),
            Value::Nil => return Some(Err(Failure::helm("len of nil pointer"))),
            other => return Some(Err(Failure::helm(format!("len of type {}", other.type_name())))),
        },
        _ => return None,
    }))
}

/// `cast.ToInt64`: what cannot be read is 0.
pub(super) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(value) | Value::Long(value) => *value,
        // What does not fit becomes the least number, as x86 converts it.
        Value::Float(value) if !(-9.223_372_036_854_776e18..9.223_372_036_854_776e18).contains(value) => i64::MIN,
        Value::Float(value) => *value as i64,
        Value::Bool(value) => i64::from(*value),
        Value::Str(text) => read_int(text).unwrap_or(0),
        _ => 0,
    }
}

/// `strconv.ParseInt(text, 0, 64)` after a decimal part of zeros was cut off.
fn read_int(text: &str) -> Option<i64> {
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, body) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let body = without_underscores(body, radix != 10)?;
    if !body.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let value = i128::from_str_radix(&body, radix).ok()?;
    i64::try_from(if negative { -value } else { value }).ok()
}

fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Int(value) | Value::Long(value) => *value as f64,
        Value::Float(value) => *value,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Str(text) => read_float(text).unwrap_or(0.0),
        _ => 0.0,
    }
}

fn read_float(text: &str) -> Option<f64> {
    let value: f64 = without_underscores(text, false)?.parse().ok()?;
    // What is out of range is an error in Go, unless it is written as infinity.
    let endless = text.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("inf");
    (value.is_finite() || value.is_nan() || endless).then_some(value)
}

/// Underscores may stand between digits, and behind a prefix.
fn without_underscores(text: &str, prefixed: bool) -> Option<String> {
    if !text.contains('_') {
        return Some(text.to_owned());
    }
    let mut before = if prefixed { '0' } else { '^' };
    for c in text.trim_start_matches(['+', '-']).chars() {
        let digit = c.is_ascii_digit() || (prefixed && c.is_ascii_hexdigit());
        if (c == '_' && before != '0') || (before == '_' && !digit) {
            return None;
        }
        before = if digit { '0' } else { c };
    }
    (before != '_').then(|| text.replace('_', ""))
}

fn steps(start: i64, stop: i64, step: i64) -> Answer {
    if (i128::from(stop) - i128::from(start)).unsigned_abs() > 1 << 20 {
        return Err(Failure::Outside("a list of more than a million numbers".into()));
    }
    let mut found = Vec::new();
    let (mut at, down) = (start, stop < start);
    if (down && step < 0) || (!down && step > 0) {
        while if down { at > stop } else { at < stop } {
            found.push(Value::Int(at));
            at += step;
        }
    }
    Ok(Value::list(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_is_read_as_a_number() {
        for (value, number) in [
            (Value::text("5"), 5),
            (Value::text("0x10"), 16),
            (Value::text("010"), 8),
            (Value::text("7.0"), 7),
            (Value::text("7.5"), 0),
            (Value::text("1_000"), 1000),
            (Value::text("1__0"), 0),
            (Value::text("1."), 0),
            (Value::Float(1e21), i64::MIN),
            (Value::text("x"), 0),
            (Value::Float(7.9), 7),
            (Value::Bool(true), 1),
            (Value::Nil, 0),
        ] {
            assert_eq!(to_int64(&value), number, "{value:?}");
        }
        assert_eq!(call("max", &[Value::Float(3.0), Value::Int(5)]), Some(Ok(Value::Long(5))));
        assert_eq!(call("until", &[Value::Int(-2)]), Some(Ok(Value::list(vec![Value::Int(0), Value::Int(-1)]))));
        assert!(matches!(call("div", &[Value::Int(1), Value::Int(0)]), Some(Err(Failure::Helm(_)))));
    }
}
