//! Conditions: what an `if` asks, and whether it can hold where it is asked.

use std::rc::Rc;

use super::{Literal, ValuePath};

/// What an `if` asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Whether a value is not empty.
    Truthy(Rc<ValuePath>),
    /// Whether a value is a word.
    Equals(Rc<ValuePath>, Literal),
    /// The opposite.
    Not(Rc<Test>),
    /// All of them.
    And(Vec<Test>),
    /// One of them.
    Or(Vec<Test>),
    /// What nobody can say beforehand.
    Unknown,
}

/// What is known about a value where something stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The value.
    pub path: Rc<ValuePath>,
    /// What is known.
    pub what: Known,
}

/// What is known about a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// It is not empty.
    Truthy,
    /// It is empty.
    Empty,
    /// It is this word.
    Is(Literal),
    /// It is not this word.
    IsNot(Literal),
}

impl Test {
    /// What is known where the test has come out this way.
    pub(super) fn facts(&self, outcome: bool, into: &mut Vec<Fact>) {
        match (self, outcome) {
            (Test::Truthy(path), _) => {
                into.push(Fact { path: Rc::clone(path), what: if outcome { Known::Truthy } else { Known::Empty } });
            }
            (Test::Equals(path, word), true) => {
                into.push(Fact { path: Rc::clone(path), what: Known::Is(word.clone()) })
            }
            (Test::Equals(path, word), false) => {
                into.push(Fact { path: Rc::clone(path), what: Known::IsNot(word.clone()) });
            }
            (Test::Not(inner), _) => inner.facts(!outcome, into),
            (Test::And(all), true) => all.iter().for_each(|test| test.facts(true, into)),
            (Test::Or(all), false) => all.iter().for_each(|test| test.facts(false, into)),
            _ => {}
        }
    }

    /// Whether any value has a say in it.
    pub(super) fn is_about_values(&self) -> bool {
        match self {
            Test::Truthy(_) | Test::Equals(..) => true,
            Test::Not(inner) => inner.is_about_values(),
            Test::And(all) | Test::Or(all) => all.iter().any(Test::is_about_values),
            Test::Unknown => false,
        }
    }

    /// How it comes out where this is known; `None` if nobody can say.
    pub(super) fn outcome(&self, facts: &[Fact], members: &dyn Fn(&ValuePath) -> Vec<Literal>) -> Option<bool> {
        match self {
            Test::Truthy(path) => about(facts, path).find_map(|known| match known {
                Known::Truthy => Some(true),
                Known::Empty => Some(false),
                Known::Is(word) => Some(word.is_true()),
                Known::IsNot(_) => None,
            }),
            Test::Equals(path, word) => {
                let words = members(path);
                if !words.is_empty() && !words.contains(word) {
                    return Some(false);
                }
                about(facts, path).find_map(|known| match known {
                    Known::Is(other) => Some(other == word),
                    Known::IsNot(other) if other == word => Some(false),
                    Known::Truthy if !word.is_true() => Some(false),
                    Known::Empty if word.is_true() => Some(false),
                    _ => None,
                })
            }
            Test::Not(inner) => inner.outcome(facts, members).map(|outcome| !outcome),
            Test::And(all) => decided(all.iter().map(|test| test.outcome(facts, members)), false),
            Test::Or(all) => decided(all.iter().map(|test| test.outcome(facts, members)), true),
            Test::Unknown => None,
        }
    }
}

/// `and` is decided by one that is false, `or` by one that is true; else all must be known.
fn decided(outcomes: impl Iterator<Item = Option<bool>>, by: bool) -> Option<bool> {
    let mut all = true;
    for outcome in outcomes {
        match outcome {
            Some(outcome) if outcome == by => return Some(by),
            Some(_) => {}
            None => all = false,
        }
    }
    all.then_some(!by)
}

fn about<'f>(facts: &'f [Fact], path: &'f ValuePath) -> impl Iterator<Item = &'f Known> {
    // What was learnt last stands nearest.
    facts.iter().rev().filter(move |fact| *fact.path == *path).map(|fact| &fact.what)
}
