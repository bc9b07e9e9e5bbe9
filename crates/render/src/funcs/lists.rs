//! Lists, and `index`.

use super::{Answer, Failure};
use crate::value::{Object, Value};

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let list = |verb: &str| match args.first() {
        Some(value) if value.as_list().is_some() => Ok(value.as_list().unwrap_or_default()),
        Some(other) => Err(Failure::helm(format!("Cannot {verb} type {}", other.kind()))),
        None => Err(Failure::helm("a list is missing")),
    };
    let answer = |made: Result<Value, Failure>| Some(made);
    match name {
        "list" | "tuple" => Some(Ok(Value::list(args.to_vec()))),
        "append" => {
            answer(list("push on").map(|items| Value::list(items.iter().chain(args.get(1)).cloned().collect())))
        }
        "prepend" => answer(
            list("prepend on").map(|items| Value::list(args.get(1).into_iter().chain(items.iter()).cloned().collect())),
        ),
        "first" => answer(list("find first on").map(|items| items.first().cloned().unwrap_or(Value::Nil))),
        "last" => answer(list("find last on").map(|items| items.last().cloned().unwrap_or(Value::Nil))),
        "rest" => answer(list("find rest on").map(|items| match items.split_first() {
            Some((_, rest)) => Value::list(rest.to_vec()),
            None => Value::NilList,
        })),
        "initial" => answer(list("find initial on").map(|items| match items.split_last() {
            Some((_, initial)) => Value::list(initial.to_vec()),
            None => Value::NilList,
        })),
        "reverse" => answer(list("find reverse on").map(|items| Value::list(items.iter().rev().cloned().collect()))),
        "compact" => answer(
            list("compact on").map(|items| Value::list(items.iter().filter(|item| item.is_true()).cloned().collect())),
        ),
        "uniq" => answer(list("find uniq on").map(|items| {
            let mut kept: Vec<Value> = Vec::new();
            for item in items.iter() {
                if !kept.contains(item) {
                    kept.push(item.clone());
                }
            }
            Value::list(kept)
        })),
        "without" => answer(
            list("find without on")
                .map(|items| Value::list(items.iter().filter(|item| !args[1..].contains(item)).cloned().collect())),
        ),
        "has" => Some(match args.get(1)? {
            Value::Nil => Ok(false.into()),
            other if other.as_list().is_some() => Ok(other
                .as_list()
                .is_some_and(|items| args.first().is_some_and(|needle| items.contains(needle)))
                .into()),
            other => Err(Failure::helm(format!("Cannot find has on type {}", other.kind()))),
        }),
        "concat" => {
            let mut all = Vec::new();
            for list in args {
                match list.as_list() {
                    Some(items) => all.extend(items.iter().cloned()),
                    None => return Some(Err(Failure::helm(format!("Cannot concat type {} as list", list.kind())))),
                }
            }
            Some(Ok(if all.is_empty() { Value::NilList } else { Value::list(all) }))
        }
        "index" => Some(index(args)),
        _ => None,
    }
}

fn index(args: &[Value]) -> Answer {
    let Some((first, keys)) = args.split_first() else { return Err(Failure::helm("index of nothing")) };
    if *first == Value::Nil {
        return Err(Failure::helm("index of untyped nil"));
    }
    let mut item = first.clone();
    for key in keys {
        item = match (&item, key) {
            (Value::Map(map), Value::Str(key)) => map.get(&**key).cloned().unwrap_or(Value::Nil),
            (Value::Map(_), other) => {
                return Err(Failure::helm(format!("value has type {}; should be string", other.type_name())));
            }
            (Value::List(items), Value::Int(at) | Value::Long(at)) => {
                let found = usize::try_from(*at).ok().and_then(|at| items.get(at));
                found.cloned().ok_or_else(|| Failure::helm(format!("index out of range: {at}")))?
            }
            (Value::Str(text), Value::Int(at) | Value::Long(at)) => {
                let found = usize::try_from(*at).ok().and_then(|at| text.as_bytes().get(at));
                found
                    .map(|byte| Value::Int(i64::from(*byte)))
                    .ok_or_else(|| Failure::helm(format!("index out of range: {at}")))?
            }
            (Value::List(_) | Value::Str(_), other) => {
                return Err(Failure::helm(format!("cannot index slice/array with type {}", other.type_name())));
            }
            (Value::NilList, Value::Int(at) | Value::Long(at)) => {
                return Err(Failure::helm(format!("index out of range: {at}")));
            }
            (Value::Nil, _) => return Err(Failure::helm("index of nil pointer")),
            (Value::Object(Object::Files(_)), _) => return Err(Failure::Outside("`index` of .Files".into())),
            (other, _) => return Err(Failure::helm(format!("can't index item of type {}", other.type_name()))),
        };
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_made_and_never_changed() {
        let list = Value::list(vec!["a".into(), "b".into(), "a".into()]);
        let one = |name: &str, more: &[Value]| {
            let args: Vec<Value> = std::iter::once(list.clone()).chain(more.iter().cloned()).collect();
            call(name, &args).expect("known").expect("works")
        };
        assert_eq!(one("uniq", &[]), Value::list(vec!["a".into(), "b".into()]));
        assert_eq!(one("without", &["a".into()]), Value::list(vec!["b".into()]));
        assert_eq!(one("rest", &[]), Value::list(vec!["b".into(), "a".into()]));
        assert_eq!(one("index", &[Value::Int(1)]), "b".into());
        assert_eq!(call("has", &["b".into(), list.clone()]), Some(Ok(true.into())));
        assert!(matches!(call("index", &[list.clone(), Value::Float(1.0)]), Some(Err(Failure::Helm(_)))));
        assert!(matches!(call("first", &["x".into()]), Some(Err(Failure::Helm(_)))));
    }
}
