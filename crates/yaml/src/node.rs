//! YAML as Helm's library reads it, with the place of everything.
//!
//! Helm reads YAML 1.1 with go-yaml 2, which is a port of libyaml; `libyaml-safer` is one too, so that both accept and
//! refuse the same texts.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use libyaml_safer::{Event, EventData, Mark, Parser, ScalarStyle};

use crate::scalar::{Scalar, resolve};

/// How deep nodes may lie in each other. Values are never so deep; an attack is.
const DEPTH: usize = 512;
/// How many nodes a document may have beyond those written in it, by aliases.
const ALIASED: usize = 200_000;

/// A node of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text. An alias has those of the alias, what lies inside it those of the anchor.
    pub span: std::ops::Range<usize>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing.
    Null,
    /// `true`, and what YAML 1.1 takes for it.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer above the largest `i64`.
    Uint(u64),
    /// A number with a point or an exponent.
    Float(f64),
    /// Text.
    Str(String),
    /// A list.
    Seq(Vec<Node>),
    /// A map, in the order of the file, duplicates included; merge keys (`<<`) are resolved.
    Map(Vec<Entry>),
}

/// An entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key as Helm sees it: `y: 1` has the key `true`.
    pub key: String,
    /// Bytes of the key in the text.
    pub span: std::ops::Range<usize>,
    /// Whether the key is quoted in the text.
    pub quoted: bool,
    /// The value.
    pub value: Node,
}

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Byte in the text.
    pub at: usize,
    /// The line that go-yaml names in its message, if it names one.
    pub line: Option<u64>,
    /// What Helm says of it, where it says it in words of Go.
    pub go: Option<String>,
}

impl SyntaxError {
    /// Something wrong at a byte.
    pub fn new(message: impl Into<String>, at: usize) -> Self {
        Self { message: message.into(), at, line: None, go: None }
    }

    /// The message as Helm's libraries write it.
    pub fn go_message(&self) -> String {
        match (&self.go, self.line) {
            (Some(go), _) => go.clone(),
            (None, Some(line)) => format!("yaml: line {line}: {}", self.message),
            (None, None) => format!("yaml: {}", self.message),
        }
    }
}

/// go-yaml counts lines from 0, adds one for its scanner's errors only, and names no line 0.
fn go_line(error: &libyaml_safer::Error) -> Option<u64> {
    let line = |mark: Option<Mark>| mark.map(|mark| mark.line).filter(|line| *line != 0);
    let scanner = u64::from(error.kind() == libyaml_safer::ErrorKind::Scanner);
    line(error.problem_mark()).map(|line| line + scanner).or(line(error.context_mark()))
}

impl Node {
    /// The value below a key of a map; the last one if it is written twice, as Helm takes it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads the first document of a text, as Helm does with a manifest; `None` for an empty one.
///
/// # Errors
/// What is wrong, and where.
pub fn document(text: &str) -> Result<Option<Node>, SyntaxError> {
    match quick(text) {
        Some(node) => Ok(Some(node)),
        None => document_by_library(text),
    }
}

/// The document of a text that needs no library to be read: most charts hold nothing else.
pub fn quick(text: &str) -> Option<Node> {
    crate::quick::document(text)
}

/// [`document`] by the library alone, which decides what is right; what [`quick`] gives must be equal to it.
///
/// # Errors
/// What is wrong, and where.
pub fn document_by_library(text: &str) -> Result<Option<Node>, SyntaxError> {
    read(text, |reader| match reader.begin()? {
        false => Ok(None),
        true => reader.document().map(Some),
    })
}

/// Reads every document of a text.
///
/// # Errors
/// What is wrong, and where.
pub fn documents(text: &str) -> Result<Vec<Node>, SyntaxError> {
    if let Some(node) = quick(text) {
        return Ok(vec![node]);
    }
    read(text, |reader| {
        let mut found = Vec::new();
        while reader.begin()? {
            found.push(reader.document()?);
        }
        Ok(found)
    })
}

/// Reads by the library, again and again without the colons that it alone refuses.
fn read<T>(text: &str, all: impl Fn(&mut Reader<'_, '_, '_>) -> Result<T, SyntaxError>) -> Result<T, SyntaxError> {
    let mut readable = Readable::of(text);
    // People write few of them. Somebody who writes thousands is not waited for.
    let mut left = (1 << 20) + 16 * text.len();
    loop {
        let error = match all(&mut Reader::new(text, &readable, &mut readable.text.as_bytes())) {
            Err(error) if error.message == UNEXPECTED_COLON && error.at < left => error,
            read => return read,
        };
        left -= error.at;
        if !readable.replace_colon(error.at) {
            return Err(error);
        }
    }
}

/// What the library says of a word in flow style that ends with a colon, as in `[x:, y]`. To go-yaml it is a word.
const UNEXPECTED_COLON: &str = "found unexpected ':'";

/// A byte order mark.
const BOM: char = '\u{feff}';

/// A text as the parser must have it.
struct Readable<'t> {
    text: Cow<'t, str>,
    /// Bytes before it that are none of the text: its own byte order mark.
    start: usize,
    /// What stands for further byte order marks: a letter to go-yaml, where the parser passes over them at the start of a line,
    /// and counts them as a column.
    stand_in: Option<char>,
    /// What stands for colons that the parser refuses.
    colon: Option<char>,
}

/// The first of some letters that a text holds in no form.
fn free(text: &str, mut letters: impl Iterator<Item = char>) -> Option<char> {
    let escapes = text.to_ascii_lowercase();
    letters.find(|letter| !text.contains(*letter) && !escapes.contains(&format!("{:x}", u32::from(*letter))))
}

impl<'t> Readable<'t> {
    fn of(text: &'t str) -> Self {
        let bare = text.strip_prefix(BOM).unwrap_or(text);
        let (start, ended) = (text.len() - bare.len(), ended(bare));
        if !ended.contains(BOM) {
            return Self { text: ended, start, stand_in: None, colon: None };
        }
        let stand_in = free(&ended, '\u{e000}'..='\u{f8ff}');
        let text = match stand_in {
            Some(letter) => Cow::Owned(ended.replace(BOM, letter.encode_utf8(&mut [0; 4]))),
            None => ended,
        };
        Self { text, start, stand_in, colon: None }
    }

    /// Puts something else in the place of the colon at a byte of the text; `false` if every letter is taken.
    fn replace_colon(&mut self, at: usize) -> bool {
        let at = at.saturating_sub(self.start);
        self.colon = self.colon.or_else(|| free(&self.text, "~^;$+=/_".chars().chain('a'..='z').chain('A'..='Z')));
        match self.colon {
            Some(letter) if self.text.as_bytes().get(at) == Some(&b':') => {
                self.text.to_mut().replace_range(at..=at, letter.encode_utf8(&mut [0; 4]));
                true
            }
            _ => false,
        }
    }
}

/// The text with an end to its last line, without which the parser panics in a block scalar and after a backslash.
/// Elsewhere the end would change the line that an error names.
fn ended(text: &str) -> Cow<'_, str> {
    let opens_block = |line: &str| {
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        line.trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit()).ends_with(['|', '>'])
    };
    if text.ends_with('\n') || !(text.ends_with('\\') || text.lines().any(opens_block)) {
        return Cow::Borrowed(text);
    }
    // A last line of blanks is none: with an end it would be an empty line of a block that keeps them (`|+`).
    let bare = text.trim_end_matches(' ');
    if bare.ends_with('\n') { Cow::Borrowed(bare) } else { Cow::Owned(format!("{text}\n")) }
}

struct Reader<'r, 't, 'b> {
    text: &'t str,
    parser: Parser<&'r mut &'b [u8]>,
    /// As [`Readable`] says.
    start: usize,
    stand_in: Option<char>,
    colon: Option<char>,
    anchors: HashMap<String, Node>,
    aliased: usize,
    /// Where the collections in flow style begin that are open.
    flows: Vec<usize>,
    /// The anchors that were met.
    names: HashSet<String>,
    /// Whether an error was of the text's form, and not of what it means.
    malformed: bool,
    /// What is no error of YAML, and cannot be written as JSON.
    no_json: Option<SyntaxError>,
}

impl<'r, 't, 'b> Reader<'r, 't, 'b> {
    fn new(text: &'t str, readable: &Readable<'_>, bytes: &'r mut &'b [u8]) -> Self {
        let mut parser = Parser::new();
        parser.set_input(bytes);
        parser.set_encoding(libyaml_safer::Encoding::Utf8);
        Self {
            text,
            parser,
            start: readable.start,
            stand_in: readable.stand_in,
            colon: readable.colon,
            anchors: HashMap::new(),
            aliased: 0,
            flows: Vec::new(),
            names: HashSet::new(),
            malformed: false,
            no_json: None,
        }
    }

    fn next(&mut self) -> Result<Event, SyntaxError> {
        let mut event = self.parser.parse().map_err(|error| {
            self.malformed = true;
            let mark = error.problem_mark().or(error.context_mark());
            let at = mark.map_or(0, |mark| self.byte(&mark));
            SyntaxError { message: error.problem().to_owned(), at, line: go_line(&error), go: None }
        })?;
        if let EventData::Scalar { value, .. } = &mut event.data {
            for (letter, meant) in [(self.stand_in, BOM), (self.colon, ':')] {
                if let Some(letter) = letter {
                    *value = value.replace(letter, meant.encode_utf8(&mut [0; 4]));
                }
            }
        }
        match &event.data {
            EventData::Alias { anchor } if !self.names.contains(anchor) => {
                self.malformed = true;
                let at = self.byte(&event.start_mark);
                return Err(SyntaxError::new(format!("unknown anchor '{anchor}' referenced"), at));
            }
            EventData::Scalar { anchor: Some(anchor), .. }
            | EventData::SequenceStart { anchor: Some(anchor), .. }
            | EventData::MappingStart { anchor: Some(anchor), .. } => {
                self.names.insert(anchor.clone());
            }
            _ => {}
        }
        Ok(event)
    }

    /// Whether another document begins.
    fn begin(&mut self) -> Result<bool, SyntaxError> {
        self.anchors.clear();
        self.names.clear();
        loop {
            match self.next()?.data {
                EventData::DocumentStart { .. } => return Ok(true),
                EventData::StreamEnd => return Ok(false),
                _ => {}
            }
        }
    }

    fn document(&mut self) -> Result<Node, SyntaxError> {
        let first = self.next()?;
        let node = self.node(first, 0);
        // go-yaml reads a document to its end before it asks what it means.
        if !self.malformed {
            self.rest()?;
        }
        match self.no_json.take() {
            Some(error) => node.and(Err(error)),
            None => node,
        }
    }

    /// Reads on to the end of the document.
    fn rest(&mut self) -> Result<(), SyntaxError> {
        while !matches!(self.next()?.data, EventData::DocumentEnd { .. }) {}
        Ok(())
    }

    fn byte(&self, mark: &Mark) -> usize {
        let at = usize::try_from(mark.index).unwrap_or(usize::MAX).saturating_add(self.start).min(self.text.len());
        // Marks are bytes, but a broken text may be counted differently.
        (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    fn span(&self, event: &Event) -> std::ops::Range<usize> {
        let start = self.byte(&event.start_mark);
        start..self.byte(&event.end_mark).max(start)
    }

    fn node(&mut self, event: Event, depth: usize) -> Result<Node, SyntaxError> {
        let span = self.span(&event);
        if depth > DEPTH {
            return Err(SyntaxError::new(format!("nodes lie more than {DEPTH} deep in each other"), span.start));
        }
        let (kind, anchor) = match event.data {
            EventData::Scalar { anchor, tag, value, plain_implicit, quoted_implicit, style } => {
                let plain = style == ScalarStyle::Plain;
                let value = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.without_added_end(value, &event.end_mark),
                    _ => value,
                };
                if plain {
                    self.ends_at_question_mark(&span)?;
                }
                (self.scalar(tag, value, plain, plain_implicit || quoted_implicit, span.start)?, anchor)
            }
            EventData::SequenceStart { anchor, .. } => {
                self.open(span.start);
                let mut items: Vec<Node> = Vec::new();
                let end = loop {
                    let event = self.next()?;
                    if let EventData::SequenceEnd = event.data {
                        break self.span(&event).start;
                    }
                    items.push(self.node(event, depth + 1)?);
                };
                self.close(span.start);
                let end = if self.flows(span.start) { end + 1 } else { items.last().map_or(end, |item| item.span.end) };
                return Ok(self.keep(anchor, Node { kind: Kind::Seq(items), span: span.start..end.max(span.start) }));
            }
            EventData::MappingStart { anchor, .. } => {
                self.open(span.start);
                let (entries, end) = self.entries(depth)?;
                self.close(span.start);
                let end =
                    if self.flows(span.start) { end + 1 } else { entries.last().map_or(end, |e| e.value.span.end) };
                return Ok(self.keep(anchor, Node { kind: Kind::Map(entries), span: span.start..end.max(span.start) }));
            }
            EventData::Alias { anchor } => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(SyntaxError::new(format!("anchor '{anchor}' value contains itself"), span.start));
                };
                let node = Node { kind: node.kind.clone(), span: span.clone() };
                self.aliased += count(&node);
                if self.aliased > ALIASED {
                    return Err(SyntaxError::new("document contains excessive aliasing", span.start));
                }
                return Ok(node);
            }
            _ => (Kind::Null, None),
        };
        Ok(self.keep(anchor, Node { kind, span }))
    }

    fn open(&mut self, start: usize) {
        if self.flows(start) {
            self.flows.push(start);
        }
    }

    fn close(&mut self, start: usize) {
        if self.flows(start) {
            self.flows.pop();
        }
    }

    /// A block scalar without the line end that [`ended`] has added.
    fn without_added_end(&self, mut value: String, end: &Mark) -> String {
        let last = usize::try_from(end.index).unwrap_or(usize::MAX) > self.text.len();
        let line = self.text.rsplit('\n').next().unwrap_or("");
        // On a line of blanks the end counts only where all ends are kept.
        let added = if line.trim().is_empty() { value.ends_with("\n\n") } else { value.ends_with('\n') };
        if last && !self.text.ends_with('\n') && added {
            value.pop();
        }
        value
    }

    /// In flow style go-yaml 2 ends a word at `?` (scannerc.go), where newer libraries go on; what follows is then wrong.
    fn ends_at_question_mark(&mut self, span: &std::ops::Range<usize>) -> Result<(), SyntaxError> {
        let Some(start) = self.flows.last().copied() else { return Ok(()) };
        let word = self.text.get(span.clone()).unwrap_or_default();
        let Some(at) = word.bytes().skip(1).position(|byte| byte == b'?') else { return Ok(()) };
        let close = if self.text.as_bytes().get(start) == Some(&b'[') { ']' } else { '}' };
        let line = |at: usize| Some(self.text[..at].matches('\n').count() as u64).filter(|line| *line != 0);
        let at = span.start + 1 + at;
        let line = line(start).or(line(at));
        self.malformed = true;
        Err(SyntaxError { message: format!("did not find expected ',' or '{close}'"), at, line, go: None })
    }

    /// Whether a collection is written in flow style.
    fn flows(&self, start: usize) -> bool {
        matches!(self.text.as_bytes().get(start), Some(b'{' | b'['))
    }

    fn keep(&mut self, anchor: Option<String>, node: Node) -> Node {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node.clone());
        }
        node
    }

    fn entries(&mut self, depth: usize) -> Result<(Vec<Entry>, usize), SyntaxError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let event = self.next()?;
            if let EventData::MappingEnd = event.data {
                return Ok((entries, self.span(&event).start));
            }
            let span = self.span(&event);
            let (merge, quoted) = match &event.data {
                EventData::Scalar { tag, value, style, .. } => {
                    let plain = *style == ScalarStyle::Plain;
                    let tagged = tag.as_deref().is_some_and(|tag| tag == "tag:yaml.org,2002:merge");
                    (value == "<<" && ((plain && tag.is_none()) || tagged), !plain)
                }
                _ => (false, false),
            };
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if merge {
                self.merge(&mut entries, value)?;
            } else {
                let is_yaml = matches!(key.kind, Kind::Null | Kind::Uint(_));
                match key_text(key.kind, span.start) {
                    Ok(key) => entries.push(Entry { key, span, quoted, value }),
                    Err(error) if is_yaml => {
                        self.no_json.get_or_insert(with_value(error, &value.kind));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// `<<: *map`, `<<: [*a, *b]`: earlier maps of a list win over later ones.
    fn merge(&mut self, entries: &mut Vec<Entry>, value: Node) -> Result<(), SyntaxError> {
        let at = value.span.start;
        let wrong = || SyntaxError::new("map merge requires map or sequence of maps as the value", at);
        match value.kind {
            Kind::Map(more) => entries.extend(more),
            Kind::Seq(maps) => {
                for map in maps.into_iter().rev() {
                    let Kind::Map(more) = map.kind else { return Err(wrong()) };
                    entries.extend(more);
                }
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }

    fn scalar(
        &self,
        tag: Option<String>,
        value: String,
        plain: bool,
        implicit: bool,
        at: usize,
    ) -> Result<Kind, SyntaxError> {
        let Some(tag) = tag.filter(|tag| tag != "!") else {
            return Ok(if plain && implicit { meaning(value) } else { Kind::Str(value) });
        };
        let short = tag.strip_prefix("tag:yaml.org,2002:").unwrap_or("");
        match (short, meaning(value.clone())) {
            ("bool", kind @ Kind::Bool(_))
            | ("int", kind @ (Kind::Int(_) | Kind::Uint(_)))
            | ("float", kind @ Kind::Float(_))
            | ("null", kind @ Kind::Null) => Ok(kind),
            ("float", Kind::Int(value)) => Ok(Kind::Float(value as f64)),
            ("bool" | "int" | "float" | "null", kind) => Err(SyntaxError {
                go: Some(format!("yaml: cannot decode !!{} `{value}` as a !!{short}", tag_of(&kind))),
                ..SyntaxError::new(format!("`{value}` cannot be read as !!{short}"), at)
            }),
            // Any text is accepted as a string; tags that nobody knows are passed over.
            _ => Ok(Kind::Str(value)),
        }
    }
}

fn tag_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool(_) => "bool",
        Kind::Int(_) | Kind::Uint(_) => "int",
        Kind::Float(_) => "float",
        Kind::Str(_) => "str",
        Kind::Seq(_) => "seq",
        Kind::Map(_) => "map",
    }
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Seq(items) => items.iter().map(count).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| 1 + count(&entry.value)).sum(),
        _ => 0,
    }
}

/// What a plain scalar without a tag is.
pub(crate) fn meaning(text: impl Into<String> + AsRef<str>) -> Kind {
    match resolve(text.as_ref()) {
        Scalar::Null => Kind::Null,
        Scalar::Bool(value) => Kind::Bool(value),
        Scalar::Int(value) => Kind::Int(value),
        Scalar::Uint(value) => Kind::Uint(value),
        Scalar::Float(value) => Kind::Float(value),
        Scalar::Str => Kind::Str(text.into()),
    }
}

/// A key as the step from YAML to JSON writes it.
pub(crate) fn key_text(key: Kind, at: usize) -> Result<String, SyntaxError> {
    match key {
        Kind::Str(text) => Ok(text),
        Kind::Bool(value) => Ok(value.to_string()),
        Kind::Int(value) => Ok(value.to_string()),
        Kind::Float(value) => Ok(match crate::float::general_single(value).as_str() {
            "+Inf" => ".inf".into(),
            "-Inf" => "-.inf".into(),
            "NaN" => ".nan".into(),
            text => text.to_owned(),
        }),
        Kind::Null => Err(SyntaxError {
            go: Some("unsupported map key of type: %!s(<nil>), key: <nil>".into()),
            ..SyntaxError::new("a key must not be empty", at)
        }),
        Kind::Uint(value) => Err(SyntaxError {
            go: Some(format!("unsupported map key of type: uint64, key: {value:#x}")),
            ..SyntaxError::new("a key must be a word", at)
        }),
        Kind::Seq(_) | Kind::Map(_) => Err(SyntaxError {
            go: Some(format!("yaml: invalid map key: {}", go_syntax(&key))),
            ..SyntaxError::new("a key must be a word", at)
        }),
    }
}

/// The step to JSON (sigs.k8s.io/yaml) names the value of a key that it cannot write.
fn with_value(error: SyntaxError, value: &Kind) -> SyntaxError {
    let value = if *value == Kind::Null { "<nil>".into() } else { go_syntax(value) };
    SyntaxError { go: error.go.map(|go| format!("{go}, value: {value}")), ..error }
}

/// A value as Go's `%#v` writes what go-yaml has read.
fn go_syntax(kind: &Kind) -> String {
    match kind {
        Kind::Null => "interface {}(nil)".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => format!("{value:#x}"),
        Kind::Float(value) => crate::float::general(*value),
        Kind::Str(text) => format!("{text:?}"),
        Kind::Seq(items) => {
            let items: Vec<String> = items.iter().map(|item| go_syntax(&item.kind)).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Kind::Map(entries) => {
            let mut sorted: Vec<&Entry> = entries.iter().collect();
            sorted.sort_by(|a, b| a.key.cmp(&b.key));
            let entries: Vec<String> =
                sorted.iter().map(|entry| format!("{:?}:{}", entry.key, go_syntax(&entry.value.kind))).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Node {
        document(text).expect("reads").expect("a document")
    }

    #[test]
    fn places_are_bytes_of_the_text() {
        let text = "# ä\na:\n  - {b: \"x y\", c: 1}\n  - d\nlast: |\n  one\n  two\n";
        let node = read(text);
        assert_eq!(&text[node.get("a").expect("a").span.clone()], "- {b: \"x y\", c: 1}\n  - d");
        let Kind::Seq(items) = &node.get("a").expect("a").kind else { panic!("a list") };
        assert_eq!(&text[items[0].span.clone()], "{b: \"x y\", c: 1}");
        assert_eq!(&text[items[0].get("b").expect("b").span.clone()], "\"x y\"");
        assert_eq!(node.get("last").expect("last").as_str(), Some("one\ntwo\n"));
    }

    #[test]
    fn keys_aliases_and_merges_are_what_helm_sees() {
        let node = read("base: &b {x: 1, y: 2}\nc:\n  x: 0\n  <<: *b\n  z: 3\n12: a\n0.1: b\n");
        let c = node.get("c").expect("c");
        assert_eq!(c.get("x").map(|n| &n.kind), Some(&Kind::Int(1)), "go-yaml 2 lets a later merge win");
        assert_eq!(c.get("true").map(|n| &n.kind), Some(&Kind::Int(2)), "y is a boolean");
        assert!(node.get("12").is_some() && node.get("0.1").is_some());
    }

    #[test]
    fn words_in_flow_style_may_end_with_a_colon() {
        // What go-yaml 2 reads of the same texts.
        let words = |text: &str| match read(text).kind {
            Kind::Seq(items) => items.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
            other => vec![format!("{other:?}")],
        };
        assert_eq!(words("[x:]"), ["x:"]);
        assert_eq!(words("[x:, \"~:]\", a::]"), ["x:", "~:]", "a::"]);
        let map = read("a: {b: x:}\nc: {d:,\"e\":[1]}\n");
        assert_eq!(map.get("a").and_then(|a| a.get("b")).and_then(Node::as_str), Some("x:"));
        let c = map.get("c").expect("c");
        assert!(c.get("d:").is_some() && matches!(c.get("e").map(|e| &e.kind), Some(Kind::Seq(_))), "{c:?}");
        for (text, message) in [
            ("[map[x:[1]] b]", "did not find expected ',' or ']'"),
            ("{a: x:{}}", "did not find expected ',' or '}'"),
            ("[x:?y]", "did not find expected ',' or ']'"),
            ("[map[x:['] b]", "found unexpected end of stream"),
            ("[x:,':'::]", "did not find expected node content"),
        ] {
            assert_eq!(document(text).expect_err(text).message, message, "{text}");
        }
    }

    #[test]
    fn block_scalars_need_no_last_line_end() {
        // What go-yaml 2 reads of the same texts.
        let cases = [
            ("a: |\n b", "b"),
            ("a: |-\n b", "b"),
            ("a: |+\n b", "b"),
            ("a: |\n b\n ", "b\n"),
            ("a: |+\n b\n\n ", "b\n\n"),
            ("a: >\n b\n c", "b c"),
            ("a: |", ""),
        ];
        for (text, value) in cases {
            let node = document(text).expect("yaml").expect("a document");
            assert_eq!(node.get("a").and_then(Node::as_str), Some(value), "{text:?}");
        }
    }

    #[test]
    fn a_backslash_at_the_end_is_an_error() {
        assert!(document("a: \"x\\").is_err());
    }

    #[test]
    fn messages_name_the_line_that_go_yaml_names() {
        // What go-yaml 2.4.4 said of the same texts: of a line and the place where it was noticed, the latter.
        for (text, message) in [
            ("a: 1\nc:\n  d: x\n  b\nother: 2\n", "line 5: could not find expected ':'"),
            ("a: {}\nb: x \"\nc: y\n d: z\n", "line 4: mapping values are not allowed in this context"),
            ("- a\n- b\n\t\n- c\n", "line 3: found a tab character that violates indentation"),
            ("a:\n  b: 1\n  c: 2\n d: 3\n", "line 3: did not find expected key"),
            ("a: {} \"\n\nb: 1\n", "line 4: found unexpected end of stream"),
            ("{{ .Values }}: 1\n", "invalid map key: map[interface {}]interface {}{\".Values\":interface {}(nil)}"),
            ("[a, 1]: 1\n", "invalid map key: []interface {}{\"a\", 1}"),
        ] {
            assert_eq!(document(text).expect_err(text).go_message(), format!("yaml: {message}"), "{text:?}");
        }
        // The form is read before the meaning, and the step to JSON has words of its own.
        for (text, message) in [
            ("{{ .Values }}: 1\nb: 1\n- c\n", "yaml: line 2: did not find expected key"),
            ("~: \"a \\n b\"\n", r#"unsupported map key of type: %!s(<nil>), key: <nil>, value: "a \n b""#),
            ("18446744073709551615: ~\n", "unsupported map key of type: uint64, key: 0xffffffffffffffff, value: <nil>"),
            ("a: &x [*x]\n", "yaml: anchor 'x' value contains itself"),
            ("[1]: 1\nb: *q\n", "yaml: unknown anchor 'q' referenced"),
            ("~: 1\na: !!int x\n", "yaml: cannot decode !!str `x` as a !!int"),
        ] {
            assert_eq!(document(text).expect_err(text).go_message(), message, "{text:?}");
        }
    }

    #[test]
    fn errors_have_a_place() {
        let error = |text: &str| document(text).expect_err(text);
        assert_eq!(error("a: b: c\n").message, "mapping values are not allowed in this context");
        assert_eq!(error("a: b: c\n").at, 4);
        assert!(error("a: *x\n").message.contains("unknown anchor"));
        assert!(error("a: !!int x\n").message.contains("!!int"));
        assert!(error("~: 1\n").message.contains("empty"));
        assert!(error("a: \u{1}\n").message.contains("control"));
    }

    #[test]
    fn attacks_are_refused() {
        let deep = "[".repeat(100_000);
        assert!(document(&deep).is_err());
        let mut laughs = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            laughs.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(",")));
        }
        assert_eq!(document(&laughs).expect_err("refused").message, "document contains excessive aliasing");
    }

    #[test]
    fn tags_and_quotes_make_words() {
        let node = read("a: '5'\nb: !!str 5\nc: !!float 5\nd: !x 5\ne: !!null ''\n");
        assert_eq!(node.get("a").and_then(Node::as_str), Some("5"));
        assert_eq!(node.get("b").and_then(Node::as_str), Some("5"));
        assert_eq!(node.get("c").map(|n| &n.kind), Some(&Kind::Float(5.0)));
        assert_eq!(node.get("d").and_then(Node::as_str), Some("5"));
        assert_eq!(node.get("e").map(|n| &n.kind), Some(&Kind::Null));
    }

    #[test]
    fn documents_are_told_apart() {
        assert_eq!(document("").expect("reads"), None);
        assert_eq!(documents("a: 1\n---\nb: 2\n...\n").expect("reads").len(), 2);
    }

    /// What go-yaml gives; `include` often ends a text in the middle of a line of blanks.
    #[test]
    fn a_last_line_of_blanks_is_no_line_of_a_block() {
        let text =
            |yaml: &str| match document(yaml).expect("yaml").expect("a document").get("a").map(|a| a.kind.clone()) {
                Some(Kind::Str(text)) => text,
                other => panic!("{other:?}"),
            };
        assert_eq!(text("a: |2+\n  "), "");
        assert_eq!(text("a: |+\n  x\n  "), "x\n");
        assert_eq!(text("a: |2+\n\n"), "\n");
        assert_eq!(text("a: |\n  x"), "x");
    }

    /// What go-yaml gives of files that were put together: only the first one's mark is none of the text.
    #[test]
    fn a_late_byte_order_mark_is_a_letter() {
        let keys = |yaml: &str| match document(yaml).map(|node| node.map(|node| node.kind)) {
            Ok(Some(Kind::Map(entries))) => entries.into_iter().map(|entry| entry.key).collect::<Vec<_>>(),
            other => panic!("{yaml:?}: {other:?}"),
        };
        assert_eq!(keys("\u{feff}a: 1\nb: 2\n\u{feff}c: 3\n"), ["a", "b", "\u{feff}c"]);
        let second = document("\u{feff}a: 1\nb: 2\n").expect("yaml").expect("a document");
        assert_eq!(second.get("b").map(|b| b.span.clone()), Some(11..12));
        assert_eq!(keys("a: 1\n\u{feff}: 2\n\u{e000}: 3"), ["a", "\u{feff}", "\u{e000}"]);
        assert_eq!(keys("\"\\uE000\": 1\n\u{feff}b: 2"), ["\u{e000}", "\u{feff}b"]);
        assert_eq!(keys("a: |\n  x\n\u{feff}b: 1"), ["a", "\u{feff}b"]);
        let error = document("a: x\n\u{feff}  y\nb: 1").expect_err("a word alone");
        assert_eq!(error.go_message(), "yaml: line 3: could not find expected ':'");
    }
}
