//! A short way through the YAML that charts hold.
//!
//! Values files and rendered manifests are nearly always block maps and lists of plain, quoted and literal scalars with a
//! little flow style. This reader takes them in one pass, without tokens and events. It gives what the way through the
//! library gives, spans included, or gives up: whatever is rare or wrong is left to the library, which then decides.

use crate::node::{Entry, Kind, Node, key_text, meaning};

/// How deep it follows nodes; what lies deeper is left to the library.
const DEPTH: usize = 64;
/// The longest key it takes, in bytes. The library stops at 1024.
const KEY: usize = 1000;

/// The only document of a text, or nothing where this way does not lead.
pub(crate) fn document(text: &str) -> Option<Node> {
    if !is_simple(text) {
        return None;
    }
    let mut quick = Quick { text, at: 0, column: 0 };
    quick.line()?;
    let root = quick.block(0)?;
    quick.is_done().then_some(root)
}

/// Whether the only line ends are `\n`, and there is no tab, no control character and no byte order mark.
fn is_simple(text: &str) -> bool {
    // Without a way out in the middle many bytes are looked at at once.
    let control = |byte: u8| (byte < b' ') & (byte != b'\n') | (byte == 0x7f);
    let rare = |c| matches!(c, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !text.bytes().fold(false, |found, byte| found | control(byte)) && (text.is_ascii() || !text.contains(rare))
}

struct Quick<'t> {
    text: &'t str,
    /// Where reading goes on: between two nodes that is the next line's first word, or the end.
    at: usize,
    /// The column of that word.
    column: usize,
}

impl Quick<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    /// Whether a blank, the end of the line or of the text stands there.
    fn is_gap(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), None | Some(b' ' | b'\n'))
    }

    fn is_dash(&self) -> bool {
        self.byte(0) == Some(b'-') && self.is_gap(1)
    }

    fn blanks(&mut self) -> usize {
        let start = self.at;
        while self.byte(0) == Some(b' ') {
            self.at += 1;
        }
        self.at - start
    }

    fn finish_line(&mut self) {
        self.at = self.text[self.at..].find('\n').map_or(self.text.len(), |more| self.at + more);
    }

    /// From the start of a line to the next word, over empty lines and comments.
    fn line(&mut self) -> Option<()> {
        loop {
            self.column = self.blanks();
            match self.byte(0) {
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.finish_line(),
                Some(b'-' | b'.') if self.column == 0 && self.is_document_mark() => return None,
                _ => return Some(()),
            }
        }
    }

    fn is_document_mark(&self) -> bool {
        self.text[self.at..].starts_with("---") || self.text[self.at..].starts_with("...")
    }

    /// Over the rest of a line, which is a comment at most, to the start of the next one.
    fn rest(&mut self) -> Option<()> {
        let blanks = self.blanks();
        if blanks > 0 && self.byte(0) == Some(b'#') {
            self.finish_line();
        }
        match self.byte(0) {
            None => Some(()),
            Some(b'\n') => {
                self.at += 1;
                Some(())
            }
            Some(_) => None,
        }
    }

    /// A map or a list that starts here.
    fn block(&mut self, depth: usize) -> Option<Node> {
        match () {
            () if depth > DEPTH => None,
            () if self.is_dash() => self.list(depth),
            () => self.map(depth),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Node> {
        let (start, column) = (self.at, self.column);
        let mut items: Vec<Node> = Vec::new();
        while self.column == column && self.is_dash() {
            self.at += 1;
            items.push(self.after(column, false, depth)?);
        }
        // What stands further right now continues a scalar, or is wrong.
        if self.column > column {
            return None;
        }
        let end = items.last()?.span.end;
        Some(Node { kind: Kind::Seq(items), span: start..end })
    }

    fn map(&mut self, depth: usize) -> Option<Node> {
        let (start, column) = (self.at, self.column);
        let mut entries: Vec<Entry> = Vec::new();
        while self.column == column && !self.is_done() {
            let quoted = matches!(self.byte(0), Some(b'"' | b'\''));
            let node = self.scalar()?;
            let fits = self.byte(0) == Some(b':') && self.is_gap(1) && node.span.len() <= KEY;
            let key = (fits && !is_merge(&node)).then(|| key_text(node.kind, start).ok())??;
            self.at += 1;
            let value = self.after(column, true, depth)?;
            entries.push(Entry { key, span: node.span, quoted, value });
        }
        if self.column > column {
            return None;
        }
        let end = entries.last()?.value.span.end;
        Some(Node { kind: Kind::Map(entries), span: start..end })
    }

    /// What follows a `-` or a key of the block in a column, and everything up to the next word.
    fn after(&mut self, column: usize, key: bool, depth: usize) -> Option<Node> {
        let (none, blanks) = (self.at, self.blanks());
        if blanks == 0 || matches!(self.byte(0), None | Some(b'\n' | b'#')) {
            self.at = none;
            self.rest()?;
            self.line()?;
            // A list below a key may stand in the key's own column.
            let below = self.column > column || (key && self.column == column && self.is_dash());
            return match below {
                true => self.block(depth + 1),
                false => Some(Node { kind: Kind::Null, span: none..none }),
            };
        }
        let start = self.at;
        let node = match self.byte(0) {
            Some(b'|') => self.literal(column)?,
            Some(b'[' | b'{') => self.flow(depth + 1)?,
            Some(b'-') if self.is_gap(1) => return if key { None } else { self.compact(start, column, blanks, depth) },
            _ => self.scalar()?,
        };
        if self.byte(0) == Some(b':') {
            return if key { None } else { self.compact(start, column, blanks, depth) };
        }
        if !matches!(self.text.as_bytes()[start], b'|') {
            self.rest()?;
        }
        self.line()?;
        Some(node)
    }

    /// A block that starts on the line of its `-`.
    fn compact(&mut self, start: usize, column: usize, blanks: usize, depth: usize) -> Option<Node> {
        self.at = start;
        self.column = column + 1 + blanks;
        self.block(depth + 1)
    }

    /// A plain or quoted scalar in block style that ends on its line. A plain one ends before a comment or its `:` too.
    fn scalar(&mut self) -> Option<Node> {
        let start = self.at;
        let first = self.byte(0)?;
        match first {
            b'"' | b'\'' => return self.quoted(first),
            b'-' if !self.is_gap(1) => {}
            _ if b"-?:,[]{}#&*!|>%@` \n".contains(&first) => return None,
            _ => {}
        }
        let bytes = &self.text.as_bytes()[start..];
        let next = |at: usize| bytes.get(at + 1).copied().unwrap_or(b'\n');
        let ends = |(at, byte): (usize, &u8)| match byte {
            b'\n' => true,
            b' ' => next(at) == b'#',
            b':' => matches!(next(at), b' ' | b'\n'),
            _ => false,
        };
        let length = bytes.iter().enumerate().position(|(at, byte)| ends((at, byte))).unwrap_or(bytes.len());
        self.at += length;
        let word = self.text[start..self.at].trim_end_matches(' ');
        // The library takes blanks before a `:` too.
        if word.len() < length && self.byte(0) == Some(b':') {
            return None;
        }
        Some(Node { kind: meaning(word), span: start..start + word.len() })
    }

    fn quoted(&mut self, quote: u8) -> Option<Node> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut from = self.at;
        loop {
            let byte = self.byte(0)?;
            if byte == b'\n' {
                return None;
            }
            if byte != quote && (byte != b'\\' || quote == b'\'') {
                self.at += 1;
                continue;
            }
            text.push_str(&self.text[from..self.at]);
            match (byte, self.byte(1)) {
                (b'\'', Some(b'\'')) => text.push('\''),
                (b'\\', Some(b'n')) => text.push('\n'),
                (b'\\', Some(b't')) => text.push('\t'),
                (b'\\', Some(escaped @ (b'"' | b'\\'))) => text.push(char::from(escaped)),
                (b'\\', _) => return None,
                _ => {
                    self.at += 1;
                    return Some(Node { kind: Kind::Str(text), span: start..self.at });
                }
            }
            self.at += 2;
            from = self.at;
        }
    }

    /// A literal scalar whose depth shows in its first line, in a block of a column. Ends at the start of a line.
    fn literal(&mut self, column: usize) -> Option<Node> {
        let start = self.at;
        self.at += 1;
        let chomping = self.byte(0).filter(|byte| matches!(byte, b'+' | b'-'));
        self.at += usize::from(chomping.is_some());
        self.rest()?;
        let (mut text, mut empty, mut widest, mut indent) = (String::new(), 0, 0, None);
        while !self.is_done() {
            // A last line without an end is a matter of its own.
            let line = &self.text[self.at..self.at + self.text[self.at..].find('\n')?];
            let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
            if blanks == line.len() && indent.is_none_or(|indent| blanks <= indent) {
                empty += 1;
                widest = widest.max(blanks);
            } else {
                let indent = *indent.get_or_insert(blanks);
                // An empty line wider than the first one, or a first one that is not deeper than the block.
                if text.is_empty() && (widest > indent || indent <= column) {
                    return None;
                }
                if blanks < indent {
                    break;
                }
                text.extend(std::iter::repeat_n('\n', std::mem::take(&mut empty)));
                text.push_str(&line[indent..]);
                text.push('\n');
            }
            self.at += line.len() + 1;
        }
        match chomping {
            _ if text.is_empty() => return None,
            Some(b'-') => text.truncate(text.len() - 1),
            Some(_) => text.extend(std::iter::repeat_n('\n', empty)),
            None => {}
        }
        Some(Node { kind: Kind::Str(text), span: start..self.at })
    }

    /// A map or list in flow style.
    fn flow(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        let is_map = self.byte(0) == Some(b'{');
        let close = if is_map { b'}' } else { b']' };
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        self.at += 1;
        loop {
            self.flow_gap()?;
            if self.byte(0) == Some(close) {
                self.at += 1;
                let kind = if is_map { Kind::Map(entries) } else { Kind::Seq(items) };
                return Some(Node { kind, span: start..self.at });
            }
            if is_map {
                let quoted = matches!(self.byte(0), Some(b'"' | b'\''));
                let node = self.flow_scalar()?;
                let fits = self.byte(0) == Some(b':') && self.byte(1) == Some(b' ') && node.span.len() <= KEY;
                let key = fits.then(|| key_text(node.kind, start).ok())??;
                self.at += 2;
                self.flow_gap()?;
                entries.push(Entry { key, span: node.span, quoted, value: self.flow_node(depth)? });
            } else {
                items.push(self.flow_node(depth)?);
            }
            self.flow_gap()?;
            match self.byte(0) {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {}
                _ => return None,
            }
        }
    }

    fn flow_node(&mut self, depth: usize) -> Option<Node> {
        match self.byte(0) {
            _ if depth > DEPTH => None,
            Some(b'[' | b'{') => self.flow(depth + 1),
            _ => self.flow_scalar(),
        }
    }

    /// Blanks and line ends; the next line is indented, so that it is no mark of a document.
    fn flow_gap(&mut self) -> Option<()> {
        self.blanks();
        while self.byte(0) == Some(b'\n') {
            self.at += 1;
            (self.blanks() > 0).then_some(())?;
        }
        Some(())
    }

    /// A quoted scalar, or a plain one without anything that means something in flow style.
    fn flow_scalar(&mut self) -> Option<Node> {
        let start = self.at;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || b"_./-+=@~$".contains(&byte);
        match self.byte(0)? {
            quote @ (b'"' | b'\'') => return self.quoted(quote),
            b'-' if self.byte(1).is_some_and(word) => {}
            first if first != b'-' && word(first) => {}
            _ => return None,
        }
        let length = self.text[start..].bytes().take_while(|byte| word(*byte) || *byte == b' ').count();
        let text = self.text[start..start + length].trim_end_matches(' ');
        self.at += text.len();
        Some(Node { kind: meaning(text), span: start..self.at })
    }
}

/// `<<`, which lays another map into this one.
fn is_merge(key: &Node) -> bool {
    key.span.len() == 2 && key.as_str() == Some("<<")
}
