//! An abstract walk through the templates of a chart: which value is used where and as what, in which case, and what
//! cannot be right.
//!
//! Values have paths instead of contents. The walk goes into every `include` with what it is given, into both sides of
//! every `if`, once through every `range`. Because nothing in the dialect is computed, what it finds is complete: a
//! value that no use reaches is read by nobody.

mod call;
mod guard;
mod shape;
mod test;
mod walker;

use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use crate::ast::File;
use crate::source::{Source, Span};

pub use shape::{ScalarKind, Shape};
pub use test::{Fact, Known, Test};
pub use walker::walk;

/// A chart as the walk sees it.
pub struct ChartView<'c> {
    /// Its templates, by path below the chart: `templates/service.yaml`.
    pub files: Vec<(&'c str, &'c File)>,
    /// Paths of its other files, which `.Files` gives.
    pub others: Vec<&'c str>,
    /// What its values look like.
    pub shape: Shape,
    /// Its subcharts: name, and index in the list of charts.
    pub subcharts: Vec<(String, usize)>,
}

/// Where a value lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValuePath {
    /// Index of the chart whose values it is one of.
    pub chart: usize,
    /// Steps from the root of its values.
    pub steps: Vec<Step>,
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A key with a name.
    Key(Rc<str>),
    /// Any entry of a map or item of a list.
    Any,
}

impl ValuePath {
    /// One step further.
    pub(crate) fn below(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { chart: self.chart, steps }
    }

    /// The names of its steps; `*` for any.
    pub fn names(&self) -> Vec<&str> {
        self.steps
            .iter()
            .map(|step| match step {
                Step::Key(key) => &**key,
                Step::Any => "*",
            })
            .collect()
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join("."))
    }
}

/// A literal of a template or a word of an enum.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Text.
    Str(Rc<str>),
    /// A whole number as templates write it.
    Int(i64),
    /// A number with a point, and every number of a values file.
    Float(f64),
    /// A boolean.
    Bool(bool),
    /// Nothing.
    Nil,
}

impl Literal {
    pub(crate) fn of_json(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Literal::Str(text.as_str().into())),
            Value::Number(number) => number.as_f64().map(Literal::Float),
            Value::Bool(value) => Some(Literal::Bool(*value)),
            Value::Null => Some(Literal::Nil),
            _ => None,
        }
    }

    pub(crate) fn kind(&self) -> ScalarKind {
        match self {
            Literal::Str(_) => ScalarKind::Str,
            Literal::Int(_) | Literal::Float(_) => ScalarKind::Number,
            Literal::Bool(_) => ScalarKind::Bool,
            Literal::Nil => ScalarKind::Null,
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        match self {
            Literal::Str(text) => !text.is_empty(),
            Literal::Int(value) => *value != 0,
            Literal::Float(value) => *value != 0.0,
            Literal::Bool(value) => *value,
            Literal::Nil => false,
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Literal::Str(text) => Value::from(&**text),
            Literal::Int(value) => Value::from(*value),
            Literal::Float(value) => Value::from(*value),
            Literal::Bool(value) => Value::from(*value),
            Literal::Nil => Value::Null,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

/// As what a value is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As a word: printed, compared, calculated with.
    Word,
    /// With everything that lies inside it.
    Whole,
    /// Only asked whether it is empty.
    Asked,
    /// Gone through, entry by entry.
    Ranged,
}

/// A use of a value.
#[derive(Debug, Clone)]
pub struct Use {
    /// The value.
    pub path: Rc<ValuePath>,
    /// As what.
    pub how: How,
    /// In which file.
    pub source: Source,
    /// Where in it.
    pub span: Span,
    /// What is known where it is used.
    pub facts: Rc<[Fact]>,
}

/// Rules of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistake {
    /// A value that does not exist.
    UndefinedValue,
    /// A named template that does not exist.
    UnknownInclude,
    /// A comparison with a word that the value cannot be.
    NotAMember,
    /// A part of a template that is never reached.
    Unreachable,
    /// A value as what it is not.
    TypeMisuse,
    /// A file that does not exist.
    UnknownFile,
    /// Something outside of the dialect that only the walk sees.
    Outside,
}

/// What cannot be right.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// Which rule.
    pub mistake: Mistake,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Whether the template asks first whether it is there, so that nothing fails.
    pub guarded: bool,
    /// In which file.
    pub source: Source,
    /// Where in it.
    pub span: Span,
}

/// What the walk found out.
#[derive(Debug, Default)]
pub struct Walk {
    /// Every use of every value; one in a named template stands once for all calls that know no less.
    pub uses: Vec<Use>,
    /// What cannot be right, each once.
    pub wrong: Vec<Wrong>,
    /// Named templates that something calls.
    pub called: Vec<Rc<str>>,
}
