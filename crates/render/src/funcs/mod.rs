//! The functions of the dialect, as Go, sprig and helm define them.

mod compare;
mod encode;
mod lists;
mod maps;
mod numbers;
mod paths;
mod regex;
mod strings;

use crate::print;
use crate::value::Value;

/// What a function gives, or what it says when it cannot.
pub(crate) type Answer = Result<Value, Failure>;

/// Why a function fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Helm fails too, with such a message.
    Helm(String),
    /// The chart said so: `fail`, `required`.
    Said(String),
    /// Helm goes on, but with something that this renderer cannot make.
    Outside(String),
}

impl Failure {
    fn helm(message: impl Into<String>) -> Self {
        Failure::Helm(message.into())
    }
}

/// What is said of a function that is in the dialect and not here.
const UNKNOWN: &str = "no renderer for the function ";

/// Calls a function whose arguments have the kinds that its signature asks for. `include`, `and` and `or` are not here,
/// because they need the templates, or not all of their arguments.
pub(crate) fn call(name: &str, args: &[Value]) -> Answer {
    Ok(match (name, args) {
        ("eq", [first, rest @ ..]) => compare::eq(first, rest)?.into(),
        ("ne", [a, b]) => (!compare::eq(a, std::slice::from_ref(b))?).into(),
        ("lt", [a, b]) => compare::lt(a, b)?.into(),
        ("le", [a, b]) => compare::le(a, b)?.into(),
        ("gt", [a, b]) => (!compare::le(a, b)?).into(),
        ("ge", [a, b]) => (!compare::lt(a, b)?).into(),
        ("not", [value]) => (!value.is_true()).into(),
        ("empty", [value]) => (!value.is_true()).into(),
        ("kindOf", [value]) => value.kind().into(),
        ("kindIs", [kind, value]) => (kind.as_str() == Some(value.kind())).into(),
        ("default", [fallback, given @ ..]) => match given.first() {
            Some(value) if value.is_true() => value.clone(),
            _ => fallback.clone(),
        },
        ("coalesce", values) => values.iter().find(|value| value.is_true()).cloned().unwrap_or(Value::Nil),
        ("ternary", [yes, no, Value::Bool(which)]) => if *which { yes } else { no }.clone(),
        ("required", [message, value]) => match value {
            Value::Nil => return Err(Failure::Said(print::plain(message))),
            Value::Str(text) if text.is_empty() => return Err(Failure::Said(print::plain(message))),
            value => value.clone(),
        },
        ("fail", [message]) => return Err(Failure::Said(print::plain(message))),
        ("print", values) => print_all(values).into(),
        ("println", values) => {
            let words: Vec<String> = values.iter().map(print::strval).collect();
            format!("{}\n", words.join(" ")).into()
        }
        ("printf", [format, values @ ..]) => print::formatted(&print::plain(format), values).into(),
        ("html", values) => {
            // This one prints as an action does, so that nil has another word.
            let shown = |value: &Value| if *value == Value::Nil { "<no value>".into() } else { value.clone() };
            let shown: Vec<Value> = values.iter().map(shown).collect();
            encode::html(&print_all(&shown)).into()
        }
        (name, args) => {
            for family in
                [strings::call, numbers::call, lists::call, maps::call, encode::call, paths::call, regex::call]
            {
                if let Some(answer) = family(name, args) {
                    return answer;
                }
            }
            return Err(Failure::Outside(format!("{UNKNOWN}{name}")));
        }
    })
}

/// `fmt.Sprint`: a space between two that are both no text.
fn print_all(values: &[Value]) -> String {
    let mut out = String::new();
    let mut before_text = true;
    for (index, value) in values.iter().enumerate() {
        let text = matches!(value, Value::Str(_));
        if index > 0 && !text && !before_text {
            out.push(' ');
        }
        out.push_str(&print::strval(value));
        before_text = text;
    }
    out
}

#[cfg(test)]
mod tests {
    use sparkyard_template::functions::{self, Kind};

    use super::*;

    /// A function that is in the dialect and not here would be refused as if it were outside.
    #[test]
    fn every_function_of_the_dialect_is_here() {
        for function in functions::all() {
            if matches!(function.name, "include" | "and" | "or") {
                continue;
            }
            let sample = |kind: &Kind| match kind {
                Kind::Str => Value::text("1"),
                Kind::Int => Value::Int(1),
                Kind::Bool => Value::Bool(true),
                Kind::Map => Value::map([("a".into(), Value::text("b"))].into()),
                Kind::Any => Value::list(vec![Value::text("a")]),
            };
            let args: Vec<Value> = function.parameters.iter().chain(function.rest.iter()).map(sample).collect();
            if let Err(Failure::Outside(message)) = call(function.name, &args) {
                assert!(!message.starts_with(UNKNOWN), "{message}");
            }
        }
    }

    #[test]
    fn sprint_puts_spaces_between_what_is_no_text() {
        assert_eq!(print_all(&[Value::Int(1), Value::Int(2), "a".into(), Value::Int(3)]), "1 2a3");
    }
}
