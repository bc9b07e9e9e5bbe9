//! What functions do to values that have paths instead of contents.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::walker::{Abs, Frame, Walker};
use super::{How, Literal, Mistake, ScalarKind, Shape, Step, Test, ValuePath};
use crate::functions::{self, Flow, Function, Kind};
use crate::source::Span;

impl<'c> Walker<'c> {
    /// The result of a function.
    pub(super) fn call(
        &mut self,
        known: Option<&Function>,
        args: &[(Abs, Span)],
        frame: &Frame<'c>,
        span: Span,
    ) -> Abs {
        let Some(function) = known else { return Abs::Made };
        self.check_kinds(function, args, frame);
        let values: Vec<&Abs> = args.iter().map(|(value, _)| value).collect();
        let all = |how: How, walker: &mut Self| {
            for (value, span) in args {
                walker.used(value, how, frame, *span);
            }
        };
        match (function.name, values.as_slice()) {
            ("include", [Abs::Literal(Literal::Str(template)), argument]) => {
                self.include(&Arc::from(&**template), argument, frame, args[0].1);
                Abs::Made
            }
            ("dict", _) => {
                let mut map = BTreeMap::new();
                for pair in values.chunks(2) {
                    let [key, value] = pair else { continue };
                    match key {
                        Abs::Literal(Literal::Str(key)) => {
                            map.insert(Rc::clone(key), (*value).clone());
                        }
                        other => {
                            // A key that is made of something: what is behind it is used whole.
                            self.used(other, How::Word, frame, span);
                            self.used(value, How::Whole, frame, span);
                        }
                    }
                }
                Abs::Dict(Rc::new(map))
            }
            ("list" | "tuple", _) => Abs::List(Rc::new(values.into_iter().cloned().collect())),
            ("index" | "get", [base, keys @ ..]) => {
                keys.iter().fold((*base).clone(), |value, key| self.entry(value, key, span, frame))
            }
            ("dig", [keys @ .., fallback, base]) => {
                let found = keys.iter().fold((*base).clone(), |value, key| self.entry(value, key, span, frame));
                Abs::any_of([found, (*fallback).clone()])
            }
            ("hasKey", [base, key]) => {
                let entry = self.asking(true, |walker| walker.entry((*base).clone(), key, span, frame));
                self.used(&entry, How::Asked, frame, span);
                Abs::Test(Rc::new(Test::Unknown))
            }
            ("omit", [base, keys @ ..]) => {
                for key in keys {
                    self.used(key, How::Word, frame, span);
                }
                (*base).clone()
            }
            ("pick", [base, keys @ ..]) => {
                let mut map = BTreeMap::new();
                for key in keys {
                    if let Abs::Literal(Literal::Str(word)) = key {
                        map.insert(Rc::clone(word), self.entry((*base).clone(), key, span, frame));
                    }
                }
                Abs::Dict(Rc::new(map))
            }
            ("ternary", [yes, no, which]) => {
                self.used(which, How::Asked, frame, args[2].1);
                Abs::any_of([(*yes).clone(), (*no).clone()])
            }
            ("and" | "or", _) => {
                all(How::Asked, self);
                self.junction(function.name, &values)
            }
            ("not" | "empty", [value]) => {
                self.used(value, How::Asked, frame, args[0].1);
                Abs::Test(Rc::new(Test::Not(Rc::new(self.test_of(value)))))
            }
            ("eq" | "ne", [first, rest @ ..]) => {
                all(How::Word, self);
                let test = self.equality(first, rest, frame, span);
                Abs::Test(Rc::new(if function.name == "ne" { Test::Not(Rc::new(test)) } else { test }))
            }
            ("lt" | "le" | "gt" | "ge", [first, second]) => {
                all(How::Word, self);
                self.comparable(first, second, frame, span);
                Abs::Test(Rc::new(Test::Unknown))
            }
            ("default", [fallback, given @ ..]) => {
                for value in given {
                    self.used(value, How::Asked, frame, span);
                }
                Abs::any_of(given.iter().map(|value| (*value).clone()).chain([(*fallback).clone()]))
            }
            ("coalesce", _) => {
                all(How::Asked, self);
                Abs::any_of(values.into_iter().cloned())
            }
            ("required", [message, value]) => {
                self.used(message, How::Word, frame, args[0].1);
                self.used(value, How::Asked, frame, args[1].1);
                (*value).clone()
            }
            ("first" | "last", [list]) => self.items(list),
            ("append" | "prepend", [list, item]) => {
                Abs::any_of([(*list).clone(), Abs::List(Rc::new(vec![(*item).clone()]))])
            }
            ("without", [list, omitted @ ..]) => {
                for value in omitted {
                    self.used(value, How::Word, frame, span);
                }
                (*list).clone()
            }
            ("concat" | "merge" | "mustMerge" | "mergeOverwrite", _) => Abs::any_of(values.into_iter().cloned()),
            ("keys", _) => {
                all(How::Ranged, self);
                Abs::Made
            }
            ("len" | "kindOf", _) => {
                all(How::Asked, self);
                Abs::Made
            }
            ("kindIs", [kind, value]) => {
                self.used(kind, How::Word, frame, args[0].1);
                self.used(value, How::Asked, frame, args[1].1);
                Abs::Test(Rc::new(Test::Unknown))
            }
            ("toYaml" | "mustToYaml" | "toJson" | "mustToJson" | "toRawJson" | "toPrettyJson", _) => {
                all(How::Whole, self);
                Abs::Made
            }
            (_, [value]) if function.flow == Flow::Passed => (*value).clone(),
            (_, _) => {
                all(if function.flow == Flow::Asked { How::Asked } else { How::Word }, self);
                match function.name {
                    "hasPrefix" | "hasSuffix" | "contains" | "regexMatch" | "mustRegexMatch" | "has"
                    | "semverCompare" => Abs::Test(Rc::new(Test::Unknown)),
                    _ => Abs::Made,
                }
            }
        }
    }

    /// An entry of a map or item of a list.
    fn entry(&mut self, value: Abs, key: &Abs, span: Span, frame: &Frame<'c>) -> Abs {
        match key {
            Abs::Literal(Literal::Str(key)) => {
                let all: Vec<Abs> = value.each().iter().map(|one| self.field(one.clone(), key, span, frame)).collect();
                Abs::any_of(all)
            }
            _ => self.items(&value),
        }
    }

    /// Any item of a list.
    fn items(&self, list: &Abs) -> Abs {
        Abs::any_of(list.each().iter().map(|one| match one {
            Abs::Value(path) => Abs::Value(Rc::new(path.below(Step::Any))),
            Abs::List(items) => Abs::any_of(items.iter().cloned()),
            _ => Abs::Made,
        }))
    }

    /// `and` and `or` give one of their arguments; where they are asked, they are a question.
    fn junction(&self, name: &str, values: &[&Abs]) -> Abs {
        let tests: Vec<Test> = values.iter().map(|value| self.test_of(value)).collect();
        let are_tests = values.iter().all(|value| matches!(value, Abs::Test(_) | Abs::Literal(_) | Abs::Made))
            || values.iter().any(|value| matches!(value, Abs::Test(_)))
            || values.iter().all(|value| self.is_boolean(value));
        if are_tests {
            return Abs::Test(Rc::new(if name == "and" { Test::And(tests) } else { Test::Or(tests) }));
        }
        Abs::any_of(values.iter().map(|value| (*value).clone()))
    }

    fn is_boolean(&self, value: &Abs) -> bool {
        match value {
            Abs::Test(_) => true,
            Abs::Value(path) => {
                matches!(self.shape(path), Some(Shape::Scalar { kinds, .. }) if kinds == &[ScalarKind::Bool])
            }
            _ => false,
        }
    }

    fn equality(&mut self, first: &Abs, rest: &[&Abs], frame: &Frame<'c>, span: Span) -> Test {
        let mut tests = Vec::new();
        for other in rest {
            self.comparable(first, other, frame, span);
            let (path, word) = match (first, other) {
                (Abs::Value(path), Abs::Literal(word)) | (Abs::Literal(word), Abs::Value(path)) => (path, word),
                _ => {
                    tests.push(Test::Unknown);
                    continue;
                }
            };
            let members = self.members(path);
            if !members.is_empty() && !members.contains(word) {
                let words: Vec<String> = members.iter().map(ToString::to_string).collect();
                let message = format!("`{path}` is never {word}");
                self.wrong(
                    Mistake::NotAMember,
                    frame,
                    span,
                    &message,
                    Some(format!("it is one of: {}", words.join(", "))),
                );
            }
            // Booleans are asked either way.
            tests.push(match word {
                Literal::Bool(true) => Test::Truthy(Rc::clone(path)),
                Literal::Bool(false) => Test::Not(Rc::new(Test::Truthy(Rc::clone(path)))),
                word => Test::Equals(Rc::clone(path), word.clone()),
            });
        }
        if tests.len() == 1 { tests.swap_remove(0) } else { Test::Or(tests) }
    }

    /// Go compares only what has the same kind: a number of a values file is a float, a number in a template is not.
    fn comparable(&mut self, a: &Abs, b: &Abs, frame: &Frame<'c>, span: Span) {
        let (Some(a_kinds), Some(b_kinds)) = (self.kinds(a), self.kinds(b)) else { return };
        let nil = |kinds: &[ScalarKind]| kinds.contains(&ScalarKind::Null);
        let common = a_kinds.iter().any(|kind| b_kinds.contains(kind));
        let whole = |value: &Abs| matches!(value, Abs::Literal(Literal::Int(_)));
        let from_file = |value: &Abs| matches!(value, Abs::Value(_));
        let help = "numbers of a values file are floats: write `eq (int .Values.x) 1`";
        if (whole(a) && from_file(b) || whole(b) && from_file(a)) && common {
            let message = "a number of a values file is never equal in kind to a whole number, helm fails here";
            self.wrong(Mistake::TypeMisuse, frame, span, message, Some(help.to_owned()));
        } else if !common && !nil(&a_kinds) && !nil(&b_kinds) {
            let message = "these can never be compared: they have different kinds, and helm fails";
            self.wrong(Mistake::TypeMisuse, frame, span, message, None);
        }
    }

    fn kinds(&self, value: &Abs) -> Option<Vec<ScalarKind>> {
        match value {
            Abs::Literal(literal) => Some(vec![literal.kind()]),
            Abs::Value(path) => match self.shape(path)? {
                Shape::Scalar { kinds, .. } => Some(kinds.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether arguments can have the kinds that Go's reflection asks for.
    fn check_kinds(&mut self, function: &functions::Function, args: &[(Abs, Span)], frame: &Frame<'c>) {
        for (index, (value, span)) in args.iter().enumerate() {
            let Some(kind) = function.parameters.get(index).or(function.rest.as_ref()).copied() else { continue };
            for one in value.each() {
                let what = match (kind, &one) {
                    (Kind::Any, _) => continue,
                    (_, Abs::Value(path)) => match self.misfit(kind, path) {
                        Some(what) => format!("`{path}` is {what}"),
                        None => continue,
                    },
                    (Kind::Str, Abs::Literal(Literal::Str(_)))
                    | (Kind::Int, Abs::Literal(Literal::Int(_)))
                    | (Kind::Bool, Abs::Literal(Literal::Bool(_)))
                    | (Kind::Bool, Abs::Test(_)) => continue,
                    (_, Abs::Literal(literal)) => format!("{literal} is {}", word_of(literal.kind())),
                    (Kind::Str | Kind::Int | Kind::Bool, Abs::Dict(_)) => "a map stands here".to_owned(),
                    (Kind::Str | Kind::Int | Kind::Bool | Kind::Map, Abs::List(_)) => "a list stands here".to_owned(),
                    _ => continue,
                };
                let message = format!("`{}` takes a {} here, but {what}: helm fails", function.name, kind_word(kind));
                let help = match kind {
                    Kind::Str => Some("`| toString` makes text of it"),
                    Kind::Int => Some("numbers of a values file are floats: write `(int .Values.x)`"),
                    _ => None,
                };
                self.wrong(Mistake::TypeMisuse, frame, *span, &message, help.map(str::to_owned));
            }
        }
    }

    /// What a value is, if no value of that shape is of this kind.
    fn misfit(&self, kind: Kind, path: &ValuePath) -> Option<&'static str> {
        match (kind, self.shape(path)?) {
            (_, Shape::Any) => None,
            (Kind::Map, Shape::Map { .. }) => None,
            (_, Shape::Map { .. }) => Some("a map"),
            (_, Shape::List(_)) => Some("a list"),
            (kind, Shape::Scalar { kinds, .. }) => {
                let wanted = match kind {
                    Kind::Str => ScalarKind::Str,
                    Kind::Bool => ScalarKind::Bool,
                    // No value of a values file is Go's int.
                    _ => return kinds.first().map(|kind| word_of(*kind)),
                };
                if kinds.contains(&wanted) { None } else { kinds.first().map(|kind| word_of(*kind)) }
            }
        }
    }
}

fn word_of(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Str => "text",
        ScalarKind::Number => "a number",
        ScalarKind::Bool => "a boolean",
        ScalarKind::Null => "nothing",
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "value",
        Kind::Str => "text",
        Kind::Int => "whole number",
        Kind::Bool => "boolean",
        Kind::Map => "map",
    }
}
