//! Comparisons: Go compares within a kind and fails across kinds, so `eq 1.0 1` is an error.

use super::Failure;
use crate::value::Value;

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Bool,
    Int,
    Float,
    Str,
    Other,
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Bool,
        Value::Int(_) | Value::Long(_) => Kind::Int,
        Value::Float(_) => Kind::Float,
        Value::Str(_) => Kind::Str,
        _ => Kind::Other,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) | Value::Long(value) => Some(*value),
        _ => None,
    }
}

fn incompatible(a: &Value, b: &Value) -> Failure {
    Failure::helm(format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

pub(super) fn eq(first: &Value, rest: &[Value]) -> Result<bool, Failure> {
    if rest.is_empty() {
        return Err(Failure::helm("missing argument for comparison"));
    }
    for other in rest {
        let equal = match (first, other) {
            (Value::Nil, Value::Nil) => true,
            (Value::Nil, _) | (_, Value::Nil) => false,
            _ if kind(first) != kind(other) => return Err(incompatible(first, other)),
            _ => match kind(first) {
                Kind::Int => integer(first) == integer(other),
                Kind::Other => {
                    return Err(Failure::helm(format!(
                        "non-comparable types {} and {}",
                        first.type_name(),
                        other.type_name()
                    )));
                }
                _ => first == other,
            },
        };
        if equal {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn lt(a: &Value, b: &Value) -> Result<bool, Failure> {
    let bad = || Failure::helm("invalid type for comparison");
    if kind(a) == Kind::Other || kind(b) == Kind::Other {
        return Err(bad());
    }
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => Ok(a < b),
        (Value::Str(a), Value::Str(b)) => Ok(a < b),
        (Value::Bool(_), Value::Bool(_)) => Err(bad()),
        _ => match (integer(a), integer(b)) {
            (Some(a), Some(b)) => Ok(a < b),
            _ => Err(incompatible(a, b)),
        },
    }
}

pub(super) fn le(a: &Value, b: &Value) -> Result<bool, Failure> {
    Ok(lt(a, b)? || eq(a, std::slice::from_ref(b))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_do_not_mix() {
        assert_eq!(eq(&Value::Int(1), &[Value::Long(1)]), Ok(true));
        assert!(eq(&Value::Float(1.0), &[Value::Int(1)]).is_err());
        assert_eq!(eq(&Value::Nil, &["a".into()]), Ok(false));
        assert_eq!(eq(&"a".into(), &["b".into(), "a".into()]), Ok(true));
        assert!(lt(&Value::Bool(true), &Value::Bool(false)).is_err());
        assert_eq!(le(&Value::Float(1.0), &Value::Float(1.0)), Ok(true));
        assert!(lt(&Value::Nil, &Value::Int(1)).is_err());
    }
}
