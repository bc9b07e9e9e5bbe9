//! Templates into texts and tokens, as Go's `text/template` cuts them.

use std::borrow::Cow;

use crate::error::Problem;
use crate::source::Span;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece<'t> {
    /// Text between actions; trim markers have been applied.
    Text {
        /// What is printed.
        text: &'t str,
        /// Where it lies, trimmed.
        span: Span,
    },
    /// `{{ ... }}`; comments leave none.
    Action {
        /// What is inside.
        tokens: Vec<Token<'t>>,
        /// From `{{` to `}}`.
        span: Span,
    },
}

/// A word or sign inside an action.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token<'t> {
    pub(crate) kind: TokenKind<'t>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind<'t> {
    /// Blanks between words; they matter: `a.b` is one word, `a .b` two.
    Space,
    Pipe,
    Declare,
    Assign,
    Comma,
    Open,
    Close,
    Dot,
    /// `.name`, without the dot.
    Field(&'t str),
    /// `$name` with the dollar sign.
    Variable(&'t str),
    /// A function or a keyword.
    Word(&'t str),
    Str(Cow<'t, str>),
    Int(i64),
    Float(f64),
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Cuts a template.
pub(crate) fn lex(text: &str) -> Result<Vec<Piece<'_>>, Problem> {
    let mut pieces = Vec::new();
    let mut lexer = Lexer { text, at: 0 };
    let mut trim_next = false;
    loop {
        let start = lexer.at;
        // One character is found faster than two.
        let mut braces = lexer.rest().match_indices('{').map(|(found, _)| start + found);
        let open = braces.find(|at| text[*at..].starts_with(LEFT));
        let end = open.unwrap_or(text.len());
        let trims_before = open.is_some_and(|open| lexer.left_trim(open + LEFT.len()));
        push_text(&mut pieces, text, start..end, trim_next, trims_before);
        let Some(open) = open else { return Ok(pieces) };
        lexer.at = open + LEFT.len() + usize::from(trims_before);
        trim_next = match lexer.comment(open)? {
            Some(trims) => trims,
            None => {
                let tokens = lexer.action(open)?;
                let trims = lexer.close();
                pieces.push(Piece::Action { tokens, span: Span::new(open, lexer.at) });
                trims
            }
        };
    }
}

fn push_text<'t>(
    pieces: &mut Vec<Piece<'t>>,
    text: &'t str,
    range: std::ops::Range<usize>,
    trim_start: bool,
    trim_end: bool,
) {
    let (mut start, mut end) = (range.start, range.end);
    if trim_start {
        start += text[start..end].len() - text[start..end].trim_start_matches(is_space).len();
    }
    if trim_end {
        end -= text[start..end].len() - text[start..end].trim_end_matches(is_space).len();
    }
    if start < end {
        pieces.push(Piece::Text { text: &text[start..end], span: Span::new(start, end) });
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// `- ` behind `{{`.
    fn left_trim(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        rest.starts_with('-') && rest[1..].starts_with(is_space)
    }

    /// ` -}}` at `at`.
    fn right_trim(&self, at: usize) -> bool {
        let rest = &self.text.as_bytes()[at..];
        matches!(rest, [b' ' | b'\t' | b'\r' | b'\n', b'-', b'}', b'}', ..])
    }

    /// Skips a comment; returns whether it trims what follows.
    fn comment(&mut self, open: usize) -> Result<Option<bool>, Problem> {
        // Behind a trim marker stands one blank, and no more before a comment.
        let at = self.at + usize::from(self.at > open + LEFT.len());
        if !self.text[at..].starts_with("/*") {
            return Ok(None);
        }
        let span = Span::new(open, at + 2);
        let Some(end) = self.text[at..].find("*/") else { return Err(Problem::new(span, "unclosed comment")) };
        self.at = at + end + 2;
        if self.rest().starts_with(RIGHT) || self.right_trim(self.at) {
            return Ok(Some(self.close()));
        }
        Err(Problem::new(span, "a comment must end right before its closing delimiter")
            .help("write `*/}}` or `*/ -}}`"))
    }

    /// Goes past `}}` or ` -}}`; returns whether it trims.
    fn close(&mut self) -> bool {
        let trims = self.right_trim(self.at);
        self.at += if trims { 2 + RIGHT.len() } else { RIGHT.len() };
        trims
    }

    fn action(&mut self, open: usize) -> Result<Vec<Token<'t>>, Problem> {
        let mut tokens = Vec::new();
        let mut depth = 0_usize;
        loop {
            let start = self.at;
            if self.rest().starts_with(RIGHT) || self.right_trim(start) {
                if depth > 0 {
                    return Err(Problem::new(Span::new(open, start), "unclosed left parenthesis"));
                }
                return Ok(tokens);
            }
            let Some(c) = self.peek() else {
                return Err(Problem::new(Span::new(open, open + LEFT.len()), "unclosed action"));
            };
            let kind = match c {
                c if is_space(c) => self.space(),
                '=' => self.sign(1, TokenKind::Assign),
                ':' if self.rest().starts_with(":=") => self.sign(2, TokenKind::Declare),
                '|' => self.sign(1, TokenKind::Pipe),
                ',' => self.sign(1, TokenKind::Comma),
                '(' => {
                    depth += 1;
                    self.sign(1, TokenKind::Open)
                }
                ')' if depth == 0 => {
                    return Err(Problem::new(Span::new(start, start + 1), "unexpected right parenthesis"));
                }
                ')' => {
                    depth -= 1;
                    self.sign(1, TokenKind::Close)
                }
                '"' => self.quoted()?,
                '`' => self.raw()?,
                '\'' => self.character()?,
                '$' => {
                    self.at += 1;
                    self.word();
                    self.terminated(start)?;
                    TokenKind::Variable(&self.text[start..self.at])
                }
                '.' if !self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                    self.at += 1;
                    let name = self.word();
                    if name.is_empty() {
                        TokenKind::Dot
                    } else {
                        self.terminated(start)?;
                        TokenKind::Field(name)
                    }
                }
                '+' | '-' | '.' | '0'..='9' => self.number()?,
                c if is_word(c) => {
                    let word = self.word();
                    self.terminated(start)?;
                    TokenKind::Word(word)
                }
                c => {
                    let span = Span::new(start, start + c.len_utf8());
                    return Err(Problem::new(span, format!("unexpected character {c:?} in an action")));
                }
            };
            tokens.push(Token { kind, span: Span::new(start, self.at) });
        }
    }

    fn sign(&mut self, width: usize, kind: TokenKind<'t>) -> TokenKind<'t> {
        self.at += width;
        kind
    }

    fn space(&mut self) -> TokenKind<'t> {
        while let Some(c) = self.peek().filter(|c| is_space(*c)) {
            // The last blank belongs to the trim marker.
            if self.right_trim(self.at) {
                break;
            }
            self.at += c.len_utf8();
        }
        TokenKind::Space
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// What may stand behind a word.
    fn terminated(&self, start: usize) -> Result<(), Problem> {
        let good = match self.peek() {
            None => true,
            Some(c) => is_space(c) || ".,|:()".contains(c) || self.rest().starts_with(RIGHT),
        };
        if good {
            return Ok(());
        }
        let c = self.peek().unwrap_or(' ');
        Err(Problem::new(Span::new(start, self.at + c.len_utf8()), format!("unexpected character {c:?} behind a word")))
    }

    fn number(&mut self) -> Result<TokenKind<'t>, Problem> {
        let start = self.at;
        let rest = self.rest();
        let mut end = usize::from(rest.starts_with(['+', '-']));
        let hex = rest[end..].starts_with("0x") || rest[end..].starts_with("0X");
        let mut before = ' ';
        while let Some(c) = rest[end..].chars().next() {
            let power = if hex { matches!(before, 'p' | 'P') } else { matches!(before, 'e' | 'E') };
            let sign = (c == '+' || c == '-') && power;
            if !(c == '.' || is_word(c) || sign) {
                break;
            }
            before = c;
            end += c.len_utf8();
        }
        self.at += end;
        let (text, span) = (&rest[..end], Span::new(start, start + end));
        number(text).ok_or_else(|| Problem::new(span, format!("`{text}` is no number")))
    }

    fn quoted(&mut self) -> Result<TokenKind<'t>, Problem> {
        let start = self.at;
        let mut escaped = false;
        for (offset, c) in self.rest()[1..].char_indices() {
            match c {
                '\n' => break,
                '"' if !escaped => {
                    self.at = start + 1 + offset + 1;
                    let inner = &self.text[start + 1..start + 1 + offset];
                    let span = Span::new(start, self.at);
                    return unquote(inner, '"')
                        .map(TokenKind::Str)
                        .ok_or_else(|| Problem::new(span, "bad escape in a string"));
                }
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        Err(Problem::new(Span::new(start, start + 1), "unterminated quoted string"))
    }

    fn raw(&mut self) -> Result<TokenKind<'t>, Problem> {
        let start = self.at;
        let Some(end) = self.rest()[1..].find('`') else {
            return Err(Problem::new(Span::new(start, start + 1), "unterminated raw quoted string"));
        };
        self.at = start + end + 2;
        // Go's scanner drops carriage returns from raw strings.
        let inner = &self.text[start + 1..start + 1 + end];
        Ok(TokenKind::Str(match inner.contains('\r') {
            true => Cow::Owned(inner.replace('\r', "")),
            false => Cow::Borrowed(inner),
        }))
    }

    fn character(&mut self) -> Result<TokenKind<'t>, Problem> {
        let start = self.at;
        let bad = |end: usize| Problem::new(Span::new(start, end), "bad character constant");
        let rest = &self.rest()[1..];
        let skip = usize::from(rest.starts_with('\\'));
        let end = rest[skip..].char_indices().skip(1).find(|(_, c)| *c == '\'').ok_or_else(|| bad(start + 1))?.0 + skip;
        self.at = start + 1 + end + 1;
        let text = unquote(&rest[..end], '\'').ok_or_else(|| bad(self.at))?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(TokenKind::Int(i64::from(u32::from(c)))),
            _ => Err(bad(self.at)),
        }
    }
}

/// A number as Go writes constants.
fn number(text: &str) -> Option<TokenKind<'static>> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let plain = digits.replace('_', "");
    let bytes = plain.as_bytes();
    let (radix, body) = match bytes {
        [b'0', b'x' | b'X', ..] => (16, &plain[2..]),
        [b'0', b'b' | b'B', ..] => (2, &plain[2..]),
        [b'0', b'o' | b'O', ..] => (8, &plain[2..]),
        [b'0', b'0'..=b'9', ..] if bytes.iter().all(u8::is_ascii_digit) => (8, &plain[1..]),
        _ => (10, plain.as_str()),
    };
    if body.bytes().all(|b| b.is_ascii_alphanumeric())
        && let Ok(value) = i128::from_str_radix(body, radix)
    {
        return i64::try_from(if negative { -value } else { value }).ok().map(TokenKind::Int);
    }
    if radix == 16 {
        let value = hex_float(body)?;
        return Some(TokenKind::Float(if negative { -value } else { value }));
    }
    let good = radix == 10
        && plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    let value: f64 = plain.parse().ok().filter(|_| good)?;
    Some(TokenKind::Float(if negative { -value } else { value }))
}

/// A number like `1.8p10`: digits to the base of 16, and the power of 2 that it is multiplied with.
fn hex_float(text: &str) -> Option<f64> {
    let (digits, power) = text.split_once(['p', 'P'])?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for digit in whole.chars().chain(part.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let shift = i32::try_from(part.len()).ok()?.checked_mul(4)?;
    let power = power.parse::<i32>().ok()?.checked_sub(shift)?;
    Some(value * 2f64.powi(power))
}

/// Go's escapes.
fn unquote(text: &str, quote: char) -> Option<Cow<'_, str>> {
    if !text.contains('\\') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let plain = |value: Option<u32>| value.and_then(char::from_u32);
        let c = match chars.clone().next()? {
            'x' | 'u' | 'U' => {
                let digits = match chars.next()? {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let mut value = 0_u32;
                for _ in 0..digits {
                    value = value.checked_mul(16)?.checked_add(chars.next()?.to_digit(16)?)?;
                }
                // A byte above 127 is half a letter; no template needs one.
                plain(Some(value).filter(|value| digits != 2 || *value < 128))?
            }
            first @ '0'..='7' => {
                chars.next();
                let mut value = first.to_digit(8)?;
                for _ in 0..2 {
                    value = value * 8 + chars.next()?.to_digit(8)?;
                }
                plain(Some(value).filter(|value| *value < 128))?
            }
            other => {
                chars.next();
                match other {
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\u{b}',
                    '\\' => '\\',
                    c if c == quote => c,
                    _ => return None,
                }
            }
        };
        out.push(c);
    }
    Some(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(template: &str) -> Vec<&str> {
        let pieces = lex(template).expect("lexes");
        pieces.into_iter().filter_map(|p| if let Piece::Text { text, .. } = p { Some(text) } else { None }).collect()
    }

    fn kinds(action: &str) -> Vec<TokenKind<'static>> {
        // The tokens borrow from the text, which here lives as long as the test's process.
        let pieces = lex(format!("{{{{{action}}}}}").leak()).expect("lexes");
        let Some(Piece::Action { tokens, .. }) = pieces.into_iter().next() else { panic!("an action") };
        tokens.into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn trim_markers_need_a_blank() {
        assert_eq!(texts("a \n {{- .x -}} \n b"), ["a", "b"]);
        assert_eq!(texts("a {{-1}} b"), ["a ", " b"]);
        assert_eq!(texts("a {{- /* c */ -}} b {{/* d */}} e"), ["a", "b ", " e"]);
    }

    #[test]
    fn words_signs_and_numbers_are_told_apart() {
        use TokenKind::*;
        assert_eq!(
            kinds("$x := .a.b | f"),
            [Variable("$x"), Space, Declare, Space, Field("a"), Field("b"), Space, Pipe, Space, Word("f")]
        );
        assert_eq!(kinds("-1"), [Int(-1)]);
        assert_eq!(
            kinds("0x1F 1e3 .5 1_000 010"),
            [Int(31), Space, Float(1000.0), Space, Float(0.5), Space, Int(1000), Space, Int(8)]
        );
        assert_eq!(
            kinds("1e-3 0x1p10 0x1.8p-1 -0x1P+4"),
            [Float(0.001), Space, Float(1024.0), Space, Float(0.75), Space, Float(-16.0)]
        );
        assert_eq!(kinds("'a' '\\n' '\\''"), [Int(97), Space, Int(10), Space, Int(39)]);
        assert_eq!(kinds(r#""a\"b\n" `c\d`"#), [Str("a\"b\n".into()), Space, Str("c\\d".into())]);
        assert_eq!(kinds("(f $.a).b"), [Open, Word("f"), Space, Variable("$"), Field("a"), Close, Field("b")]);
    }

    #[test]
    fn what_go_refuses_is_refused_with_its_place() {
        for (template, at, part) in [
            ("x {{ .a", 2, "unclosed action"),
            ("{{ (.a }}", 0, "unclosed left parenthesis"),
            ("{{ .a) }}", 5, "unexpected right parenthesis"),
            ("{{ \"a }}", 3, "unterminated quoted"),
            ("{{ `a }}", 3, "unterminated raw"),
            ("{{ /* a */ }}", 0, "unexpected character"),
            ("{{/* a */ x}}", 0, "right before its closing"),
            ("{{/* a", 0, "unclosed comment"),
            ("{{ a@b }}", 3, "unexpected character '@'"),
            ("{{ 1x }}", 3, "no number"),
            ("{{ \"\\q\" }}", 3, "bad escape"),
        ] {
            let problem = lex(template).expect_err(template);
            assert!(problem.message.contains(part), "{template}: {}", problem.message);
            assert!(problem.span.start >= at, "{template}: {:?}", problem.span);
        }
    }

    #[test]
    fn any_text_is_lexed_or_refused() {
        for text in
            ["{{", "{{-", "{{- ", "{{'", "{{'\\", "{{\"\\", "{{0x", "{{.}}}}", "é{{é}}", "{{$}}", "{{- -}}", "{{-}}"]
        {
            let _ = lex(text);
        }
    }
}
