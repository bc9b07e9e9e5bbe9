//! Tokens to a syntax tree, with the checks that Go makes while it parses.

use std::sync::Arc;

use crate::ast::{Branch, Call, Command, Define, Expr, ExprKind, File, Name, Node, NodeKind, Pipeline, Variable};
use crate::error::Problem;
use crate::functions;
use crate::lex::{Piece, Token, TokenKind, lex};
use crate::source::{Source, Span};

/// How deep actions and parentheses may lie in each other.
const DEPTH: usize = 200;

/// Reads a template file.
///
/// # Errors
/// What helm would refuse too, with its place.
pub fn parse(source: Source) -> Result<File, Problem> {
    let text = Arc::clone(&source.text);
    let mut parser = Parser {
        pieces: lex(&text)?.into_iter(),
        defines: Vec::new(),
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
    };
    let mut body = Vec::new();
    while let Some(piece) = parser.pieces.next() {
        match parser.piece(piece, true)? {
            Parsed::Node(node) => body.push(node),
            Parsed::Nothing => {}
            Parsed::End(span) => return Err(Problem::new(span, "unexpected {{end}}")),
            Parsed::Else(_, span) => return Err(Problem::new(span, "unexpected {{else}}")),
        }
    }
    Ok(File { source, body: body.into(), defines: parser.defines.into() })
}

/// What an action turned out to be.
enum Parsed<'t> {
    Node(Node),
    Nothing,
    End(Span),
    /// The tokens behind `else`.
    Else(Vec<Token<'t>>, Span),
}

struct Parser<'t> {
    pieces: std::vec::IntoIter<Piece<'t>>,
    defines: Vec<Define>,
    /// Variables in scope.
    variables: Vec<Arc<str>>,
    /// How many `range`s are open, for `break` and `continue`.
    ranges: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn piece(&mut self, piece: Piece<'t>, top: bool) -> Result<Parsed<'t>, Problem> {
        let (tokens, span) = match piece {
            Piece::Text { text, span } => return Ok(Parsed::Node(Node { kind: NodeKind::Text(text.into()), span })),
            Piece::Action { tokens, span } => (tokens, span),
        };
        let mut words = Words::new(tokens, span);
        words.skip_space();
        let keyword = match words.peek() {
            Some(TokenKind::Word(word)) => *word,
            _ => "",
        };
        let simple = |kind| Ok(Parsed::Node(Node { kind, span }));
        match keyword {
            "if" | "with" | "range" => self.branch(keyword, words, span).map(Parsed::Node),
            "define" if top => self.define(words, span).map(|()| Parsed::Nothing),
            "define" => {
                Err(Problem::new(span, "unexpected {{define}}").help("`define` stands outside of every other action"))
            }
            "block" => self.block(words, span).map(Parsed::Node),
            "template" => simple(NodeKind::Template(self.call(words)?)),
            "end" => words.keyword_alone().map(|()| Parsed::End(span)),
            "else" => {
                words.next();
                Ok(Parsed::Else(words.rest(), span))
            }
            "break" | "continue" => {
                words.keyword_alone()?;
                if self.ranges == 0 {
                    return Err(Problem::new(span, format!("{{{{{keyword}}}}} outside {{{{range}}}}")));
                }
                simple(if keyword == "break" { NodeKind::Break } else { NodeKind::Continue })
            }
            _ => {
                let pipeline = self.pipeline(&mut words, "command", false)?;
                words.finish()?;
                simple(NodeKind::Action(pipeline))
            }
        }
    }

    /// Nodes up to the `end` or `else` of the action at `opened`.
    fn list(&mut self, opened: Span) -> Result<(Vec<Node>, Parsed<'t>), Problem> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Problem::new(opened, format!("actions lie more than {DEPTH} deep in each other")));
        }
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            match self.piece(piece, false)? {
                Parsed::Node(node) => nodes.push(node),
                Parsed::Nothing => {}
                end => {
                    self.depth -= 1;
                    return Ok((nodes, end));
                }
            }
        }
        Err(Problem::new(opened, "this action has no {{end}}"))
    }

    fn branch(&mut self, keyword: &str, mut words: Words<'t>, span: Span) -> Result<Node, Problem> {
        words.next();
        let scope = self.variables.len();
        let pipeline = self.pipeline(&mut words, keyword, keyword == "range")?;
        words.finish()?;
        self.ranges += usize::from(keyword == "range");
        let (body, end) = self.list(span)?;
        self.ranges -= usize::from(keyword == "range");
        let otherwise = match end {
            Parsed::Else(tokens, at) => self.otherwise(keyword, tokens, at, span)?,
            _ => Vec::new(),
        };
        self.variables.truncate(scope);
        let branch = Branch { pipeline, body, otherwise };
        let kind = match keyword {
            "if" => NodeKind::If(branch),
            "with" => NodeKind::With(branch),
            _ => NodeKind::Range(branch),
        };
        Ok(Node { kind, span })
    }

    /// What follows an `else`: a list, or an `else if` or `else with`, which ends with its own `end`.
    fn otherwise(
        &mut self,
        keyword: &str,
        tokens: Vec<Token<'t>>,
        at: Span,
        opened: Span,
    ) -> Result<Vec<Node>, Problem> {
        let mut words = Words::new(tokens, at);
        words.skip_space();
        match words.peek() {
            None => {
                let (body, end) = self.list(opened)?;
                match end {
                    Parsed::Else(_, second) => Err(Problem::new(second, "a second {{else}}")),
                    _ => Ok(body),
                }
            }
            Some(TokenKind::Word(word)) if *word == keyword && keyword != "range" => {
                Ok(vec![self.branch(keyword, words, at)?])
            }
            Some(_) => Err(words.unexpected("else")),
        }
    }

    fn define(&mut self, mut words: Words<'t>, span: Span) -> Result<(), Problem> {
        words.next();
        let (name, name_span) = words.name("define")?;
        words.finish()?;
        self.body(name, name_span, span)
    }

    /// The body of a `define` or `block`, which sees no variables but `$`.
    fn body(&mut self, name: Arc<str>, name_span: Span, span: Span) -> Result<(), Problem> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (body, end) = self.list(span)?;
        if let Parsed::Else(_, at) = end {
            return Err(Problem::new(at, "unexpected {{else}}"));
        }
        (self.variables, self.ranges) = (variables, ranges);
        self.defines.push(Define { name, name_span, span, body });
        Ok(())
    }

    fn block(&mut self, mut words: Words<'t>, span: Span) -> Result<Node, Problem> {
        words.next();
        let (name, name_span) = words.name("block")?;
        let argument = Some(self.pipeline(&mut words, "block", false)?);
        words.finish()?;
        self.body(Arc::clone(&name), name_span, span)?;
        Ok(Node { kind: NodeKind::Template(Call { name, name_span, argument }), span })
    }

    fn call(&mut self, mut words: Words<'t>) -> Result<Call, Problem> {
        words.next();
        let (name, name_span) = words.name("template")?;
        words.skip_space();
        let argument = match words.peek() {
            None => None,
            Some(_) => Some(self.pipeline(&mut words, "template", false)?),
        };
        words.finish()?;
        Ok(Call { name, name_span, argument })
    }

    fn pipeline(&mut self, words: &mut Words<'t>, what: &str, ranges: bool) -> Result<Pipeline, Problem> {
        words.skip_space();
        let start = words.span();
        let (variables, declares) = self.declaration(words, ranges)?;
        let mut commands = Vec::new();
        loop {
            commands.push(self.command(words, what)?);
            words.skip_space();
            if words.peek() != Some(&TokenKind::Pipe) {
                break;
            }
            words.next();
        }
        for command in commands.iter().skip(1) {
            if let Some(Expr {
                kind:
                    ExprKind::Bool(_)
                    | ExprKind::Dot
                    | ExprKind::Nil
                    | ExprKind::Int(_)
                    | ExprKind::Float(_)
                    | ExprKind::Str(_),
                span,
            }) = command.words.first()
            {
                return Err(Problem::new(*span, "a value cannot stand behind a pipe, only a function can"));
            }
        }
        // Declared here, because a pipeline cannot use the variables that it declares.
        if declares {
            self.variables.extend(variables.iter().map(|variable| Arc::clone(&variable.name)));
        }
        let end = commands.last().map_or(start, |command| command.span);
        Ok(Pipeline { variables, declares, commands, span: start.to(end) })
    }

    /// `$x :=`, `$x =`, `$i, $x :=`
    fn declaration(&mut self, words: &mut Words<'t>, ranges: bool) -> Result<(Vec<Variable>, bool), Problem> {
        let mut ahead = 0;
        let mut variables = Vec::new();
        loop {
            let Some((TokenKind::Variable(name), span)) = words.ahead(ahead) else { return Ok((Vec::new(), false)) };
            variables.push(Variable { name: (*name).into(), span });
            ahead += 1;
            while matches!(words.ahead(ahead), Some((TokenKind::Space, _))) {
                ahead += 1;
            }
            match words.ahead(ahead) {
                Some((TokenKind::Comma, _)) if ranges && variables.len() == 1 => {
                    ahead += 1;
                    while matches!(words.ahead(ahead), Some((TokenKind::Space, _))) {
                        ahead += 1;
                    }
                }
                Some((kind @ (TokenKind::Declare | TokenKind::Assign), _)) => {
                    let declares = *kind == TokenKind::Declare;
                    for _ in 0..=ahead {
                        words.next();
                    }
                    for variable in &variables {
                        if !declares {
                            self.known(&variable.name, variable.span)?;
                        }
                    }
                    return Ok((variables, declares));
                }
                _ => return Ok((Vec::new(), false)),
            }
        }
    }

    fn known(&self, name: &str, span: Span) -> Result<(), Problem> {
        if self.variables.iter().any(|known| &**known == name) {
            return Ok(());
        }
        Err(Problem::new(span, format!("undefined variable {name:?}"))
            .help(format!("in scope here: {}", self.variables.join(", "))))
    }

    fn command(&mut self, words: &mut Words<'t>, what: &str) -> Result<Command, Problem> {
        words.skip_space();
        let start = words.span();
        let mut found = Vec::new();
        while let Some(operand) = self.operand(words)? {
            found.push(operand);
            match words.peek() {
                Some(TokenKind::Space) => words.skip_space(),
                None | Some(TokenKind::Close | TokenKind::Pipe) => break,
                Some(_) => return Err(words.unexpected("operand")),
            }
        }
        let Some(last) = found.last() else {
            return Err(Problem::new(start, format!("missing value for {what}")));
        };
        let span = start.to(last.span);
        Ok(Command { words: found, span })
    }

    /// A word and the fields that hang on it.
    fn operand(&mut self, words: &mut Words<'t>) -> Result<Option<Expr>, Problem> {
        let span = words.span();
        let kind = match words.peek() {
            None | Some(TokenKind::Pipe | TokenKind::Close) => return Ok(None),
            Some(TokenKind::Word(word)) => {
                let word = *word;
                words.next();
                match word {
                    "nil" => ExprKind::Nil,
                    "true" => ExprKind::Bool(true),
                    "false" => ExprKind::Bool(false),
                    "if" | "with" | "range" | "define" | "block" | "template" | "end" | "else" | "break"
                    | "continue" => {
                        return Err(Problem::new(span, format!("unexpected <{word}>")));
                    }
                    name => {
                        if !functions::helm_knows(name) {
                            let problem = Problem::new(span, format!("function {name:?} not defined"));
                            return Err(match functions::nearest(name) {
                                Some(near) => problem.help(format!("did you mean `{near}`?")),
                                None => problem,
                            });
                        }
                        ExprKind::Function(name.into(), functions::function(name))
                    }
                }
            }
            Some(TokenKind::Dot) => {
                words.next();
                ExprKind::Dot
            }
            Some(TokenKind::Variable(name)) => {
                let name: Arc<str> = (*name).into();
                words.next();
                self.known(&name, span)?;
                ExprKind::Variable(name, Vec::new())
            }
            Some(TokenKind::Field(name)) => {
                let first = Name { text: (*name).into(), span };
                words.next();
                ExprKind::Field(vec![first])
            }
            Some(TokenKind::Str(text)) => {
                let text = (**text).into();
                words.next();
                ExprKind::Str(text)
            }
            Some(TokenKind::Int(value)) => {
                let value = *value;
                words.next();
                ExprKind::Int(value)
            }
            Some(TokenKind::Float(value)) => {
                let value = *value;
                words.next();
                ExprKind::Float(value)
            }
            Some(TokenKind::Open) => {
                words.next();
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(Problem::new(span, format!("parentheses lie more than {DEPTH} deep in each other")));
                }
                let pipeline = self.pipeline(words, "parenthesized pipeline", false)?;
                self.depth -= 1;
                words.skip_space();
                if words.peek() != Some(&TokenKind::Close) {
                    return Err(words.unexpected("parenthesized pipeline"));
                }
                words.next();
                ExprKind::Paren(Box::new(pipeline), Vec::new())
            }
            Some(_) => return Err(words.unexpected("operand")),
        };
        let end = words.before();
        self.fields(Expr { kind, span: span.to(end) }, words).map(Some)
    }

    /// `.a.b` behind a word.
    fn fields(&mut self, mut expr: Expr, words: &mut Words<'t>) -> Result<Expr, Problem> {
        while let Some(TokenKind::Field(name)) = words.peek() {
            let name = Name { text: (*name).into(), span: words.span() };
            match &mut expr.kind {
                ExprKind::Field(names) | ExprKind::Variable(_, names) | ExprKind::Paren(_, names) => {
                    names.push(name.clone())
                }
                _ => return Err(Problem::new(name.span, "unexpected . after a value")),
            }
            expr.span = expr.span.to(name.span);
            words.next();
        }
        Ok(expr)
    }
}

/// The tokens of one action, read one by one.
struct Words<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    /// The whole action.
    action: Span,
}

impl<'t> Words<'t> {
    fn new(tokens: Vec<Token<'t>>, action: Span) -> Self {
        Self { tokens, at: 0, action }
    }

    fn peek(&self) -> Option<&TokenKind<'t>> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn ahead(&self, by: usize) -> Option<(&TokenKind<'t>, Span)> {
        self.tokens.get(self.at + by).map(|token| (&token.kind, token.span))
    }

    fn next(&mut self) {
        self.at += 1;
    }

    /// Where the next token stands, or where the action ends.
    fn span(&self) -> Span {
        let end = Span { start: self.action.end.saturating_sub(2), end: self.action.end };
        self.tokens.get(self.at).map_or(end, |token| token.span)
    }

    /// Where the token before stands.
    fn before(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(self.action, |token| token.span)
    }

    fn skip_space(&mut self) {
        while self.peek() == Some(&TokenKind::Space) {
            self.next();
        }
    }

    fn rest(self) -> Vec<Token<'t>> {
        self.tokens.into_iter().skip(self.at).collect()
    }

    fn finish(&mut self) -> Result<(), Problem> {
        self.skip_space();
        if self.peek().is_none() { Ok(()) } else { Err(self.unexpected("action")) }
    }

    fn keyword_alone(mut self) -> Result<(), Problem> {
        self.next();
        self.finish()
    }

    fn name(&mut self, of: &str) -> Result<(Arc<str>, Span), Problem> {
        self.skip_space();
        let span = self.span();
        let Some(TokenKind::Str(name)) = self.peek() else { return Err(self.unexpected(&format!("{of} clause"))) };
        let name = (**name).into();
        self.next();
        Ok((name, span))
    }

    fn unexpected(&self, place: &str) -> Problem {
        let what = match self.peek() {
            None => "the end of the action".to_owned(),
            Some(TokenKind::Close) => "\")\"".to_owned(),
            Some(TokenKind::Word(word)) => format!("{word:?}"),
            Some(TokenKind::Dot | TokenKind::Field(_)) => "\".\"".to_owned(),
            Some(TokenKind::Variable(name)) => format!("{name:?}"),
            Some(TokenKind::Str(text)) => format!("{text:?}"),
            Some(TokenKind::Pipe) => "\"|\"".to_owned(),
            Some(TokenKind::Declare) => "\":=\"".to_owned(),
            Some(TokenKind::Assign) => "\"=\"".to_owned(),
            Some(TokenKind::Comma) => "\",\"".to_owned(),
            Some(TokenKind::Int(value)) => value.to_string(),
            Some(TokenKind::Float(value)) => value.to_string(),
            Some(TokenKind::Open) => "\"(\"".to_owned(),
            Some(TokenKind::Space) => "a blank".to_owned(),
        };
        Problem::new(self.span(), format!("unexpected {what} in {place}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> File {
        parse(Source::new("t.yaml", text)).unwrap_or_else(|problem| panic!("{text}: {problem}"))
    }

    fn refused(text: &str) -> (String, usize) {
        let source = Source::new("t.yaml", text);
        let problem = parse(source.clone()).expect_err(text);
        (problem.message.clone(), source.position(problem.span.start).1)
    }

    #[test]
    fn branches_nest_and_else_if_is_an_if_in_the_else() {
        let file = read(
            "{{ if .a }}1{{ else if .b }}2{{ else }}3{{ end }}{{ range $i, $x := .l }}{{ break }}{{ else }}-{{ end }}",
        );
        let NodeKind::If(branch) = &file.body[0].kind else { panic!("an if") };
        let NodeKind::If(inner) = &branch.otherwise[0].kind else { panic!("an if in the else") };
        assert_eq!(inner.otherwise.len(), 1);
        let NodeKind::Range(range) = &file.body[1].kind else { panic!("a range") };
        assert_eq!(range.pipeline.variables.len(), 2);
    }

    #[test]
    fn defines_and_blocks_are_kept_apart_from_the_body() {
        let file = read("a{{ define \"x\" }}b{{ end }}{{ block \"y\" .z }}c{{ end }}");
        assert_eq!(file.defines.iter().map(|d| &*d.name).collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(file.body.len(), 2);
    }

    #[test]
    fn words_carry_their_fields_and_places() {
        let file = read("{{ (include \"a\" .).b.c | quote }}{{ $.Values.x }}");
        let NodeKind::Action(pipeline) = &file.body[0].kind else { panic!("an action") };
        assert_eq!(file.source.slice(pipeline.commands[0].words[0].span), "(include \"a\" .).b.c");
        assert!(matches!(&pipeline.commands[0].words[0].kind, ExprKind::Paren(_, fields) if fields.len() == 2));
        let NodeKind::Action(pipeline) = &file.body[1].kind else { panic!("an action") };
        assert_eq!(file.source.slice(pipeline.only_word().expect("one word").span), "$.Values.x");
    }

    #[test]
    fn what_go_refuses_is_refused_with_its_place() {
        for (text, part, column) in [
            ("{{ if .a }}", "no {{end}}", 1),
            ("{{ end }}", "unexpected {{end}}", 1),
            ("{{ if .a }}{{ else }}{{ else }}{{ end }}", "second {{else}}", 22),
            ("{{ $x }}", "undefined variable \"$x\"", 4),
            ("{{ if $x := .a }}{{ end }}{{ $x }}", "undefined variable", 30),
            ("{{ toYalm .a }}", "function \"toYalm\" not defined", 4),
            ("{{ .a | 5 }}", "behind a pipe", 9),
            ("{{ 5.x }}", "no number", 4),
            ("{{ \"a\".b }}", "unexpected . after a value", 7),
            ("{{ break }}", "outside {{range}}", 1),
            ("{{ if .a }}{{ define \"x\" }}{{ end }}{{ end }}", "unexpected {{define}}", 12),
            ("{{ }}", "missing value for command", 4),
            ("{{ .a | }}", "missing value", 9),
            ("{{ template .x }}", "in template clause", 13),
            ("{{ else if }}", "unexpected {{else}}", 1),
            ("{{ $x = 1 }}", "undefined variable", 4),
            ("{{ if a b := c }}{{ end }}", "not defined", 7),
        ] {
            let (message, at) = refused(text);
            assert!(message.contains(part), "{text}: {message}");
            assert_eq!(at, column, "{text}: {message}");
        }
    }
}
