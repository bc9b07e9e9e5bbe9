//! Maps.

use std::rc::Rc;

use super::{Answer, Failure};
use crate::print::strval;
use crate::value::{Map, Value};

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let map = || args.first().and_then(Value::as_map);
    let keys = || args.iter().skip(1).filter_map(Value::as_str);
    Some(Ok(match name {
        "dict" => {
            let mut made = Map::new();
            for pair in args.chunks(2) {
                let key = match &pair[0] {
                    Value::Str(key) => Rc::clone(key),
                    other => strval(other).into(),
                };
                made.insert(key, pair.get(1).cloned().unwrap_or_else(|| "".into()));
            }
            Value::map(made)
        }
        "get" => map()?.get(args.get(1)?.as_str()?).cloned().unwrap_or_else(|| "".into()),
        "hasKey" => map()?.contains_key(args.get(1)?.as_str()?).into(),
        "keys" => {
            let all = args.iter().filter_map(Value::as_map).flat_map(|map| map.keys());
            Value::list(all.map(|key| Value::Str(Rc::clone(key))).collect())
        }
        "pick" => {
            let map = map()?;
            Value::map(
                keys().filter_map(|key| map.get_key_value(key)).map(|(k, v)| (Rc::clone(k), v.clone())).collect(),
            )
        }
        "omit" => {
            let map = map()?;
            let kept = map.iter().filter(|(key, _)| !keys().any(|omitted| omitted == &***key));
            Value::map(kept.map(|(k, v)| (Rc::clone(k), v.clone())).collect())
        }
        "deepCopy" => match args.first()? {
            Value::Nil => return Some(Err(Failure::helm("reflect: call of reflect.Value.Type on zero Value"))),
            value => value.clone(),
        },
        "merge" | "mustMerge" => merged(args, false)?,
        "mergeOverwrite" => merged(args, true)?,
        "dig" => return Some(dig(args)),
        _ => return None,
    }))
}

/// mergo: maps merge. What is empty in the first counts as missing, and nil in the later ones too; with `over` the later
/// ones win, whatever they say.
fn merged(args: &[Value], over: bool) -> Option<Value> {
    let (first, rest) = args.split_first()?;
    let mut made = (**first.as_map()?).clone();
    for source in rest {
        merge_into(&mut made, source.as_map()?, over);
    }
    Some(Value::map(made))
}

fn merge_into(target: &mut Map, source: &Map, over: bool) {
    for (key, value) in source {
        match (target.get(key), value) {
            (_, Value::Nil) if !over => {}
            (Some(Value::Map(inner)), Value::Map(more)) => {
                let mut inner = (**inner).clone();
                merge_into(&mut inner, more, over);
                target.insert(Rc::clone(key), Value::map(inner));
            }
            (Some(there), _) if !over && there.is_true() => {}
            _ => {
                target.insert(Rc::clone(key), value.clone());
            }
        }
    }
}

fn dig(args: &[Value]) -> Answer {
    let [keys @ .., fallback, map] = args else { return Err(Failure::helm("dig needs at least three arguments")) };
    let mut item = map.clone();
    for key in keys {
        let (Value::Map(map), Value::Str(key)) = (&item, key) else {
            return Err(Failure::helm("interface conversion: a step of `dig` is no map"));
        };
        let Some(next) = map.get(&**key) else { return Ok(fallback.clone()) };
        item = next.clone();
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: serde_json::Value) -> Value {
        Value::of_json(&value)
    }

    #[test]
    fn the_first_map_wins_where_it_says_something() {
        let a = map(json!({"x": "", "y": "a", "m": {"p": 1.0}}));
        let b = map(json!({"x": "b", "y": "b", "m": {"p": 2.0, "q": 3.0}, "z": 0.0, "n": null}));
        let merged = call("merge", &[a.clone(), b.clone()]).expect("known").expect("works");
        assert_eq!(merged, map(json!({"x": "b", "y": "a", "m": {"p": 1.0, "q": 3.0}, "z": 0.0})));
        let over = call("mergeOverwrite", &[a, b]).expect("known").expect("works");
        assert_eq!(over, map(json!({"x": "b", "y": "b", "m": {"p": 2.0, "q": 3.0}, "z": 0.0, "n": null})));
    }

    #[test]
    fn keys_are_read_and_left_out() {
        let tree = map(json!({"a": {"b": "c"}, "d": 1.0}));
        let value = |name: &str, args: &[Value]| call(name, args).expect("known").expect("works");
        assert_eq!(value("dig", &["a".into(), "b".into(), "".into(), tree.clone()]), "c".into());
        assert_eq!(value("dig", &["a".into(), "x".into(), "-".into(), tree.clone()]), "-".into());
        assert!(call("dig", &["d".into(), "x".into(), "-".into(), tree.clone()]).expect("known").is_err());
        assert_eq!(value("omit", &[tree.clone(), "a".into()]), map(json!({"d": 1.0})));
        assert_eq!(value("pick", &[tree.clone(), "a".into(), "z".into()]), map(json!({"a": {"b": "c"}})));
        assert_eq!(value("get", &[tree, "z".into()]), "".into());
        assert_eq!(
            value("dict", &["a".into(), Value::Int(1), "b".into()]),
            Value::map([("a".into(), Value::Int(1)), ("b".into(), "".into())].into())
        );
    }
}
