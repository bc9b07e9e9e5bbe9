//! YAML byte for byte as Helm's `toYaml` prints it: sigs.k8s.io/yaml over go-yaml 2, which is libyaml's emitter with
//! keys in natural order and long lines folded at 80 columns.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::scalar::needs_quotes;

/// Column behind which a space becomes a line break.
const WIDTH: usize = 80;
/// Spaces of one step.
const STEP: usize = 2;
/// Longest key that stands before a colon; longer ones get a `?` of their own.
const SIMPLE_KEY: usize = 128;

/// A tree that can be written.
pub trait Tree: Sized {
    /// What this node is.
    fn shape(&self) -> Shape<'_, Self>;
}

/// What a node of a [`Tree`] is.
pub enum Shape<'a, T> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, written already.
    Number(String),
    /// Text.
    Str(&'a str),
    /// Items of a list.
    Seq(Vec<&'a T>),
    /// Entries of a map, in any order.
    Map(Vec<(&'a str, &'a T)>),
}

/// Writes a tree as `toYaml` does, with the last line's end. `None` when Go's library refuses it: a text with control
/// characters that YAML cannot hold.
pub fn go_yaml<T: Tree>(tree: &T) -> Option<String> {
    let mut emitter = Emitter::default();
    emitter.node(tree, Context { indent: None, mapping: false, key: false })?;
    emitter.write_indent(0);
    Some(emitter.out)
}

impl Tree for serde_json::Value {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Self::Null => Shape::Null,
            Self::Bool(value) => Shape::Bool(*value),
            Self::Number(number) => Shape::Number(match number.as_f64() {
                Some(value) if number.is_f64() => number_text(value),
                _ => number.to_string(),
            }),
            Self::String(text) => Shape::Str(text),
            Self::Array(items) => Shape::Seq(items.iter().collect()),
            Self::Object(map) => Shape::Map(map.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        }
    }
}

/// A floating point number after the way through JSON, where whole numbers lose their point.
pub fn number_text(value: f64) -> String {
    match crate::float::json(value) {
        Some(text) if !text.contains(['.', 'e']) => match text.parse::<i128>() {
            Ok(0) => "0".to_owned(),
            Ok(whole) if i64::try_from(whole).is_ok() || u64::try_from(whole).is_ok() => text,
            _ => crate::float::general(value),
        },
        _ => crate::float::general(value),
    }
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Context {
    /// Indent of the collection around it; none at the root.
    indent: Option<usize>,
    /// Whether that is a map.
    mapping: bool,
    /// Whether it is a key before a colon.
    key: bool,
}

/// libyaml's emitter, as far as block style needs it.
struct Emitter {
    out: String,
    column: usize,
    /// Whether the last thing written was a space.
    whitespace: bool,
    /// Whether only spaces and indicators stand on the line.
    indention: bool,
}

impl Default for Emitter {
    fn default() -> Self {
        Self { out: String::new(), column: 0, whitespace: true, indention: true }
    }
}

impl Emitter {
    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn write_indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, need_space: bool, is_space: bool, is_indention: bool) {
        if need_space && !self.whitespace {
            self.put(' ');
        }
        for c in text.chars() {
            self.put(c);
        }
        self.whitespace = is_space;
        self.indention = self.indention && is_indention;
    }

    fn node<T: Tree>(&mut self, tree: &T, at: Context) -> Option<()> {
        match tree.shape() {
            Shape::Null => self.word("null", at),
            Shape::Bool(value) => self.word(if value { "true" } else { "false" }, at),
            Shape::Number(text) => self.word(&text, at),
            Shape::Str(text) => self.text(text, at)?,
            Shape::Seq(items) if items.is_empty() => {
                self.indicator("[", true, true, false);
                self.indicator("]", false, false, false);
            }
            Shape::Map(entries) if entries.is_empty() => {
                self.indicator("{", true, true, false);
                self.indicator("}", false, false, false);
            }
            Shape::Seq(items) => {
                // A list in a map stands below its key without a step.
                let indentless = at.mapping && !self.indention;
                let indent = at.indent.map_or(0, |indent| if indentless { indent } else { indent + STEP });
                for item in items {
                    self.write_indent(indent);
                    self.indicator("-", true, false, true);
                    self.node(item, Context { indent: Some(indent), mapping: false, key: false })?;
                }
            }
            Shape::Map(mut entries) => {
                entries.sort_by(|(a, _), (b, _)| natural(a, b));
                let indent = at.indent.map_or(0, |indent| indent + STEP);
                let value_at = Context { indent: Some(indent), mapping: true, key: false };
                for (key, value) in entries {
                    self.write_indent(indent);
                    // A key that holds a line break cannot be read back on its way through JSON.
                    if key.contains(NEL) {
                        return None;
                    }
                    if key.len() <= SIMPLE_KEY && !key.contains(is_break) {
                        self.text(key, Context { key: true, ..value_at })?;
                        self.indicator(":", false, false, false);
                    } else {
                        self.indicator("?", true, false, true);
                        self.text(key, value_at)?;
                        self.write_indent(indent);
                        self.indicator(":", true, false, true);
                    }
                    self.node(value, value_at)?;
                }
            }
        }
        Some(())
    }

    fn word(&mut self, text: &str, at: Context) {
        self.plain(text, at.indent.map_or(STEP, |indent| indent + STEP), false);
    }

    fn text(&mut self, text: &str, at: Context) -> Option<()> {
        if !text.chars().all(is_readable) {
            return None;
        }
        let folded = folded(text);
        let text = folded.as_ref();
        let indent = at.indent.map_or(STEP, |indent| indent + STEP);
        let facts = Facts::of(text);
        let folds = !at.key;
        if text.contains('\n') {
            if facts.block && !at.key {
                self.literal(text, indent);
            } else {
                self.double_quoted(text, indent, folds);
            }
        } else if needs_quotes(text) {
            self.double_quoted(text, indent, folds);
        } else if facts.plain && !facts.multiline {
            self.plain(text, indent, folds);
        } else if facts.single && !(at.key && facts.multiline) {
            self.single_quoted(text, indent, folds);
        } else {
            self.double_quoted(text, indent, folds);
        }
        Some(())
    }

    fn plain(&mut self, text: &str, indent: usize, folds: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' {
                if folds && !spaces && self.column > WIDTH && chars.peek() != Some(&' ') {
                    self.write_indent(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, text: &str, indent: usize, folds: bool) {
        self.indicator("'", true, false, false);
        let (mut spaces, mut breaks) = (false, false);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == ' ' {
                let next = chars.peek().map(|(_, c)| *c);
                let inside = at > 0 && at + 1 < text.len();
                if folds && !spaces && self.column > WIDTH && inside && next != Some(' ') {
                    self.write_indent(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent(indent);
                }
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                spaces = false;
                breaks = false;
            }
        }
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn double_quoted(&mut self, text: &str, indent: usize, folds: bool) {
        self.indicator("\"", true, false, false);
        let mut spaces = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_printable(c) || c == '\u{feff}' || is_break(c) || c == '"' || c == '\\' {
                for c in escape(c).chars() {
                    self.put(c);
                }
                spaces = false;
            } else if c == ' ' {
                if folds && !spaces && self.column > WIDTH && at > 0 && at + 1 < text.len() {
                    self.write_indent(indent);
                    if chars.peek().is_some_and(|(_, c)| *c == ' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false, false);
        if text.starts_with([' ', '\n', '\u{85}', '\u{2028}', '\u{2029}', '\r']) {
            self.indicator("2", false, false, false);
        }
        let mut ends = text.chars().rev();
        let last = ends.next().is_some_and(is_break);
        let before = ends.next();
        let chomp = match (last, before) {
            (false, _) => Some("-"),
            (true, None) => Some("+"),
            (true, Some(c)) => is_break(c).then_some("+"),
        };
        if let Some(chomp) = chomp {
            self.indicator(chomp, false, false, false);
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent(indent);
                }
                self.put(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}

/// What libyaml finds out about a text before it chooses a style.
#[allow(clippy::struct_excessive_bools, reason = "these are libyaml's own four")]
struct Facts {
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

impl Facts {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { multiline: false, plain: true, single: true, block: false };
        }
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut breaks, mut special) = (false, false);
        let (mut trailing_space, mut break_space, mut space_break, mut outer_space) = (false, false, false, false);
        let (mut previous_space, mut previous_break) = (false, false);
        let mut after_blank = true;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let before_blank = chars.peek().is_none_or(|(_, next)| matches!(next, ' ' | '\t'));
            let first = at == 0;
            let last = chars.peek().is_none();
            indicators |= match c {
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`'
                    if first =>
                {
                    true
                }
                '?' | ':' | '-' if first => before_blank,
                ':' => before_blank,
                '#' => after_blank,
                _ => false,
            };
            special |= !is_printable(c);
            if c == ' ' {
                outer_space |= first || last;
                trailing_space |= last;
                break_space |= previous_break;
                (previous_space, previous_break) = (true, false);
            } else if is_break(c) {
                breaks = true;
                outer_space |= first || last;
                space_break |= previous_space;
                (previous_space, previous_break) = (false, true);
            } else {
                (previous_space, previous_break) = (false, false);
            }
            after_blank = c == ' ' || c == '\t' || c == '\0' || is_break(c);
        }
        let mangled = space_break || special;
        Self {
            multiline: breaks,
            plain: !(outer_space || break_space || mangled || breaks || indicators),
            single: !(break_space || mangled),
            block: !(trailing_space || mangled),
        }
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// libyaml's own idea of what can be printed; a tab cannot.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// What the reader accepts, which every text passes on its way through JSON: there, characters below the space are
/// escaped, others are not.
fn is_readable(c: char) -> bool {
    c < ' '
        || matches!(c, ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// A line break to YAML, a letter to JSON.
const NEL: char = '\u{85}';

/// Every text passes through JSON, where it is read as a quoted YAML scalar. There, a NEL is a line break: it becomes a
/// space, several become one break less.
fn folded(text: &str) -> Cow<'_, str> {
    if !text.contains(NEL) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(NEL) {
        out.push_str(rest[..at].trim_end_matches(' '));
        let behind = &rest[at..];
        let end = behind.find(|c| c != ' ' && c != NEL).unwrap_or(behind.len());
        match behind[..end].matches(NEL).count() {
            1 => out.push(' '),
            breaks => out.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        rest = &behind[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn escape(c: char) -> String {
    match c {
        '\0' => "\\0".into(),
        '\u{7}' => "\\a".into(),
        '\u{8}' => "\\b".into(),
        '\t' => "\\t".into(),
        '\n' => "\\n".into(),
        '\u{b}' => "\\v".into(),
        '\u{c}' => "\\f".into(),
        '\r' => "\\r".into(),
        '\u{1b}' => "\\e".into(),
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\u{85}' => "\\N".into(),
        '\u{a0}' => "\\_".into(),
        '\u{2028}' => "\\L".into(),
        '\u{2029}' => "\\P".into(),
        c if (c as u32) <= 0xff => format!("\\x{:02X}", c as u32),
        c if (c as u32) <= 0xffff => format!("\\u{:04X}", c as u32),
        c => format!("\\U{:08X}", c as u32),
    }
}

/// The order of keys: letters behind all else, numbers by their value.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    for at in 0..a.len().min(b.len()) {
        let (x, y) = (a[at], b[at]);
        if x == y {
            continue;
        }
        match (x.is_alphabetic(), y.is_alphabetic()) {
            (true, true) => return x.cmp(&y),
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) => {}
        }
        let digit = |c: char| c.is_ascii_digit();
        let mut start = 0_i64;
        if x == '0' || y == '0' {
            // A zero behind other digits is part of their number.
            let behind = a[..at].iter().rev().take_while(|c| digit(**c)).any(|c| *c != '0');
            start = i64::from(behind);
        }
        let number = |chars: &[char]| {
            let digits = chars[at..].iter().take_while(|c| digit(**c));
            digits.fold((start, 0), |(value, count), c| {
                (value.wrapping_mul(10).wrapping_add(i64::from(*c as u32 - '0' as u32)), count + 1)
            })
        };
        let ((xn, xc), (yn, yc)) = (number(&a), number(&b));
        return xn.cmp(&yn).then(xc.cmp(&yc)).then(x.cmp(&y));
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn yaml(value: &Value) -> String {
        go_yaml(value).expect("can be written")
    }

    #[test]
    fn a_tree_looks_as_helm_prints_it() {
        let tree =
            json!({"b": [{"z": 1, "a": ["x", []]}, [1, [2]]], "a": "on", "c": {}, "n1": null, "f": 1.5, "m": 1e6});
        assert_eq!(
            yaml(&tree),
            "a: \"on\"\nb:\n- a:\n  - x\n  - []\n  z: 1\n- - 1\n  - - 2\nc: {}\nf: 1.5\nm: 1000000\nn1: null\n"
        );
        assert_eq!(yaml(&json!("x")), "x\n");
        assert_eq!(yaml(&json!([])), "[]\n");
    }

    #[test]
    fn texts_get_the_quotes_that_go_gives() {
        for (text, written) in [
            ("", "\"\""),
            ("plain words", "plain words"),
            ("5", "\"5\""),
            ("1:30", "\"1:30\""),
            ("a: b", "'a: b'"),
            ("- a", "'- a'"),
            ("-a", "-a"),
            ("#a", "'#a'"),
            ("a #b", "'a #b'"),
            ("a#b", "a#b"),
            (" a", "' a'"),
            ("it's", "it's"),
            ("'a", "'''a'"),
            ("a\tb", "\"a\\tb\""),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n", "|\n  a"),
            ("a\n\n", "|+\n  a\n"),
            ("a \nb", "\"a \\nb\""),
            ("{a}", "'{a}'"),
            ("a{b}", "a{b}"),
            ("é", "é"),
            ("\u{1F600}", "\"\\U0001F600\""),
            ("a:b", "a:b"),
            ("a:", "'a:'"),
            ("~", "\"~\""),
            ("<<", "<<"),
            ("a\u{85}b", "a b"),
            ("a \u{85} \u{85}b", "|-\n  a\n  b"),
        ] {
            assert_eq!(yaml(&json!(text)), format!("{written}\n"), "{text:?}");
        }
        assert_eq!(go_yaml(&json!("\u{7f}")), None);
        assert_eq!(yaml(&json!("\u{1}")), "\"\\x01\"\n");
    }

    #[test]
    fn long_lines_are_folded() {
        let words = "word ".repeat(30);
        let text = yaml(&json!({"a": {"b": words.trim_end()}}));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[2].starts_with("    word"), "{text}");
    }

    #[test]
    fn keys_are_in_natural_order() {
        let mut keys = ["b10", "b9", "a", "_", "B", "1", "10", "2", "b", "a.b", "ab", "b010"];
        keys.sort_by(|a, b| natural(a, b));
        assert_eq!(keys, ["_", "1", "2", "10", "B", "a", "a.b", "ab", "b", "b9", "b10", "b010"]);
    }
}
