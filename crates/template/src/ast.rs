//! The syntax tree of a template file: Go's `text/template`, with a position on everything.

use std::sync::Arc;

use crate::functions::Function;
use crate::source::{Source, Span};

/// One parsed template file. Cheap to clone: files of the same text share their trees.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it came from.
    pub source: Source,
    /// What stands outside of `define`.
    pub body: Arc<[Node]>,
    /// Its `define`s, and the bodies of its `block`s, in the order of the file.
    pub defines: Arc<[Define]>,
}

/// `{{ define "name" }}...{{ end }}`
#[derive(Debug, Clone)]
pub struct Define {
    /// Name, unquoted.
    pub name: Arc<str>,
    /// The quoted name.
    pub name_span: Span,
    /// From the opening `{{` to the closing `}}`.
    pub span: Span,
    /// What is between.
    pub body: Vec<Node>,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The action with its delimiters (of an `if`, the opening one), or the text.
    pub span: Span,
}

/// What a part of a template is. Comments leave no node; trim markers have been applied to the text.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Text that is printed as it is, trimmed already.
    Text(Arc<str>),
    /// `{{ pipeline }}`; prints its value unless it declares or assigns.
    Action(Pipeline),
    /// `{{ if }}` with its `else`; `else if` is an `If` alone in `otherwise`.
    If(Branch),
    /// `{{ with }}`, `{{ else with }}` likewise.
    With(Branch),
    /// `{{ range }}`.
    Range(Branch),
    /// `{{ template "name" pipeline }}`, and `block` after its body went to the defines.
    Template(Call),
    /// `{{ break }}`
    Break,
    /// `{{ continue }}`
    Continue,
}

/// A call of a named template as a statement.
#[derive(Debug, Clone)]
pub struct Call {
    /// Name, unquoted.
    pub name: Arc<str>,
    /// The quoted name.
    pub name_span: Span,
    /// The dot of the called template.
    pub argument: Option<Pipeline>,
}

/// `if`, `with` or `range`.
#[derive(Debug, Clone)]
pub struct Branch {
    /// What is asked.
    pub pipeline: Pipeline,
    /// Done when it is not empty; for each item.
    pub body: Vec<Node>,
    /// Done when it is empty.
    pub otherwise: Vec<Node>,
}

/// `$a, $b := command | command`
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Variables that it sets; for `range`, index and item or item alone.
    pub variables: Vec<Variable>,
    /// Whether the variables are declared (`:=`) or assigned (`=`).
    pub declares: bool,
    /// At least one. The value of each is the last argument of the next.
    pub commands: Vec<Command>,
    /// All of it.
    pub span: Span,
}

/// A variable that a pipeline sets.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Name with its dollar sign: `$name`.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// Words between pipes: a function and its arguments, or one value.
#[derive(Debug, Clone)]
pub struct Command {
    /// At least one. When the first is a [`ExprKind::Function`], the others are its arguments.
    pub words: Vec<Expr>,
    /// All of it.
    pub span: Span,
}

/// A word.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What a word is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`
    Bool(bool),
    /// `42`, `0x1F`, `'a'`
    Int(i64),
    /// `1.5`, `1e3`
    Float(f64),
    /// `"quoted"` or `` `raw` ``, unquoted.
    Str(Arc<str>),
    /// `.Values.image.tag`: fields of the dot.
    Field(Vec<Name>),
    /// `$`, `$.Values.x`, `$name.field`: the name has its dollar sign.
    Variable(Arc<str>, Vec<Name>),
    /// `include`, `and`; a function of Helm or of Go, and what the dialect knows of it.
    Function(Arc<str>, Option<&'static Function>),
    /// `(pipeline)`, `(pipeline).field`.
    Paren(Box<Pipeline>, Vec<Name>),
}

/// A field name in a chain, without its dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Expr {
    /// The text of a literal string.
    pub fn literal(&self) -> Option<&Arc<str>> {
        match &self.kind {
            ExprKind::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl Pipeline {
    /// The only word of a pipeline of one word.
    pub fn only_word(&self) -> Option<&Expr> {
        match self.commands.as_slice() {
            [command] if command.words.len() == 1 => command.words.first(),
            _ => None,
        }
    }
}
