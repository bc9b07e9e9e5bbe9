//! What named templates gave for the same argument before: labels, names and settings are asked for by every file.
//!
//! A template's text depends on its argument alone: no function of the dialect is random, asks a clock or changes a value.
//! Only `.Template` differs from file to file; who reads it is not remembered.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::rc::Rc;

use foldhash::fast::FixedState;
use sparkyard_template::ast::Node;

use crate::value::{Object, Value};

/// How deep arguments are compared by what they hold: a `dict` with the root in it, whose entries are the same for all
/// files. What lies deeper is the same only if it is one and the same in memory.
const DEPTH: usize = 2;
/// How many entries are compared: more are a value of the user's, which is the same for all files anyway.
const WIDE: usize = 32;

/// How many texts are kept. A chart asks for some hundreds; a loop over a million makes a million, of which none comes again.
const KEPT: usize = 4096;
/// How many of them may have one hash.
const ALIKE: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct Memo<'t> {
    known: HashMap<u64, Vec<Known<'t>>, FixedState>,
}

#[derive(Debug)]
struct Known<'t> {
    body: &'t [Node],
    /// Kept, so that nothing else can come to lie where it lies.
    argument: Value,
    text: Rc<str>,
}

/// What a template and its argument come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key(u64);

impl<'t> Memo<'t> {
    pub(crate) fn key(body: &'t [Node], argument: &Value) -> Key {
        // What lies in the root is the same for every file, so that one look at each entry is enough.
        let is_root = matches!(argument, Value::Map(map) if map.contains_key("Template"));
        Key(mixed(body.as_ptr().addr() as u64, argument, if is_root { 1 } else { DEPTH }))
    }

    pub(crate) fn get(&self, key: Key, body: &'t [Node], argument: &Value) -> Option<Rc<str>> {
        let is_it = |known: &&Known<'_>| std::ptr::eq(known.body, body) && is_same(&known.argument, argument, DEPTH);
        Some(Rc::clone(&self.known.get(&key.0)?.iter().find(is_it)?.text))
    }

    pub(crate) fn keep(&mut self, key: Key, body: &'t [Node], argument: Value, text: &Rc<str>) {
        if self.known.len() < KEPT {
            let alike = self.known.entry(key.0).or_default();
            if alike.len() < ALIKE {
                alike.push(Known { body, argument, text: Rc::clone(text) });
            }
        }
    }
}

/// Whether a list or map is the same as another only if it is one and the same in memory.
fn is_far(depth: usize, length: usize) -> bool {
    depth == 0 || length > WIDE
}

/// Mixes a value into a hash. Keys are left out: what they hold tells nearly all arguments apart, and the others are
/// compared.
fn mixed(hash: u64, value: &Value, depth: usize) -> u64 {
    let with = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    match value {
        Value::Nil | Value::NilList | Value::Object(_) => with(hash, 1),
        Value::Bool(value) => with(hash, 2 + u64::from(*value)),
        Value::Int(value) | Value::Long(value) => with(hash, *value as u64),
        Value::Float(value) => with(hash, value.to_bits()),
        Value::Str(text) => with(hash, FixedState::default().hash_one(text)),
        Value::List(items) if is_far(depth, items.len()) => with(hash, Rc::as_ptr(items).addr() as u64),
        Value::List(items) => items.iter().fold(with(hash, 4), |hash, item| mixed(hash, item, depth - 1)),
        Value::Map(map) if is_far(depth, map.len()) => with(hash, Rc::as_ptr(map).addr() as u64),
        Value::Map(map) => map.values().fold(with(hash, 5), |hash, item| mixed(hash, item, depth - 1)),
    }
}

/// Whether no template can tell two values apart.
fn is_same(a: &Value, b: &Value, depth: usize) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            let all = || a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| is_same(a, b, depth - 1));
            Rc::ptr_eq(a, b) || !is_far(depth, a.len()) && all()
        }
        (Value::Map(a), Value::Map(b)) => {
            let entry =
                |((key, a), (other, b)): ((&Rc<str>, _), (&Rc<str>, _))| key == other && is_same(a, b, depth - 1);
            Rc::ptr_eq(a, b) || !is_far(depth, a.len()) && a.len() == b.len() && a.iter().zip(&**b).all(entry)
        }
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Object(Object::Template(_)), Value::Object(Object::Template(_))) => true,
        (Value::Object(a), Value::Object(b)) => a.is_one_with(b),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
    }

    #[test]
    fn a_loop_does_not_fill_the_memory() {
        let (mut memo, body, text) = (Memo::default(), &[] as &[Node], Rc::from("text"));
        for number in 0..3 * KEPT as i64 {
            let argument = Value::Int(number);
            memo.keep(Memo::key(body, &argument), body, argument, &text);
            memo.keep(Key(0), body, Value::Int(number), &text);
        }
        assert_eq!(memo.known.len(), KEPT);
        assert_eq!(memo.known[&0].len(), ALIKE);
        assert!(memo.get(Memo::key(body, &Value::Int(1)), body, &Value::Int(1)).is_some());
        assert!(memo.get(Key(0), body, &Value::Int(5)).is_none());
    }

    #[test]
    fn arguments_are_the_same_by_what_they_hold_or_by_where_it_lies() {
        let deep = map(&[("a", map(&[("b", map(&[]))]))]);
        let again = map(&[("a", map(&[("b", map(&[]))]))]);
        let (values, list) = (map(&[("x", Value::Int(1))]), Value::list(vec![Value::Float(1.0)]));
        let [wide, wide_again] = [(); 2].map(|()| Value::list(vec![Value::Nil; WIDE + 1]));
        for (a, b, same) in [
            (map(&[("root", values.clone())]), map(&[("root", values.clone())]), true),
            (map(&[("root", values.clone())]), map(&[("root", map(&[("x", Value::Int(1))]))]), true),
            (map(&[("root", values.clone())]), map(&[("root", map(&[("x", Value::Long(1))]))]), false),
            (map(&[("root", values.clone())]), map(&[("base", values.clone())]), false),
            (map(&[("root", values)]), map(&[]), false),
            (deep.clone(), deep.clone(), true),
            // It might be the same, which is not looked into.
            (deep, again, false),
            (list.clone(), Value::list(vec![Value::Float(1.0)]), true),
            (list, Value::list(vec![Value::Int(1)]), false),
            // So wide that it is not looked into either.
            (wide.clone(), wide.clone(), true),
            (wide, wide_again, false),
            (Value::Nil, Value::NilList, false),
            (Value::Float(0.0), Value::Float(-0.0), false),
        ] {
            assert_eq!(is_same(&a, &b, DEPTH), same, "{a:?} {b:?}");
            assert!(!same || Memo::key(&[], &a).0 == Memo::key(&[], &b).0, "{a:?} {b:?}");
        }
    }
}
