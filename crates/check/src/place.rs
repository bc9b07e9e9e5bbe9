//! From a path in an object to the line that a person wrote: their values file, the template, or what was rendered.

use serde_json::Value;
use sparkyard_model::{Place, SourceText};
use sparkyard_render::{Segment, Writer, find_value};
use sparkyard_template::Span;
use sparkyard_yaml::Places;

use crate::context::{Origin, Stack};
use crate::object::{Embedded, Object};
use crate::path::Path;
use crate::printed::printed_by;

/// Where something is to blame, and what else can be said about it.
pub(crate) struct Blame {
    pub(crate) place: Option<Place>,
    pub(crate) note: Option<String>,
    /// Whether the user wrote what is to blame.
    pub(crate) by_user: bool,
}

impl Blame {
    /// The place; the note goes into the help.
    pub(crate) fn noted(self, help: &mut Option<String>) -> Option<Place> {
        if let Some(note) = self.note {
            *help = Some(help.take().map_or(note.clone(), |help| format!("{help} ({note})")));
        }
        self.place
    }
}

impl Stack {
    /// Who is to blame for a line of the text at a path of an object.
    pub(crate) fn blame_line(
        &self,
        index: usize,
        path: &Path,
        line: usize,
        word: &str,
        (key, value): (&str, &str),
    ) -> Blame {
        let Some(object) = self.objects.get(index) else { return Blame { place: None, note: None, by_user: false } };
        let scalar = path.find(&object.node);
        let text = path.value(&object.value).and_then(Value::as_str).unwrap_or_default();
        let at = line_of(&object.text, &scalar, text, line, word).unwrap_or(scalar);
        self.blame_at(object, at, &path.key(key), Some(&Value::String(value.to_owned())))
    }

    /// Who is to blame for what lies at a path of an object.
    pub(crate) fn blame(&self, index: usize, embedded: Option<&str>, path: &Path) -> Blame {
        let Some(object) = self.objects.get(index) else { return Blame { place: None, note: None, by_user: false } };
        let document = embedded.and_then(|key| object.embedded.iter().find(|document| document.key == key));
        let at = match document {
            Some(document) => inside(object, document, path),
            None => path.find(&object.node),
        };
        let value = path.value(document.map_or(&object.value, |document| &document.value));
        self.blame_at(object, at, path, value)
    }

    /// Who is to blame for bytes of an object's text.
    fn blame_at(&self, object: &Object, at: std::ops::Range<usize>, path: &Path, value: Option<&Value>) -> Blame {
        let origin = self.renders.get(object.chart);
        let traced = origin.and_then(|origin| {
            let segments = origin.segments.get(&object.source)?;
            let position = object.offset + at.start;
            let found = segments.partition_point(|segment| segment.end <= position);
            Some((
                origin,
                segments.get(found)?,
                found.checked_sub(1).map_or(0, |before| segments[before].end),
                position,
            ))
        });
        let Some((origin, segment, start, position)) = traced else {
            return rendered(object, at);
        };
        let wrote = values(origin, segment, path, value);
        let template = origin.sources.get(&object.source).map(|source| {
            // Text stands in the template as it is printed, so the very letter is known.
            let span = match segment.reads.is_empty() && source.slice(segment.span).get(position - start..).is_some() {
                true => Span::new(segment.span.start as usize + (position - start), segment.span.end as usize),
                false => segment.span,
            };
            source.place(span)
        });
        match wrote {
            Some((name, Some(Writer::File(place)))) => {
                let by = template.map(|t| format!("printed by {}:{}", t.file, t.line));
                let _ = name;
                Blame { place: Some(place), note: by, by_user: true }
            }
            Some((name, Some(Writer::Argument(text)))) => {
                Blame { place: template, note: Some(format!("the value `{name}` is set by `{text}`")), by_user: true }
            }
            Some((name, None)) => {
                Blame { place: template, note: Some(format!("the value is `{name}`")), by_user: false }
            }
            None => Blame { place: template, note: None, by_user: false },
        }
    }
}

/// The value that a person would have to change: the one whose key and content are those of the object.
fn values(origin: &Origin, segment: &Segment, path: &Path, value: Option<&Value>) -> Option<(String, Option<Writer>)> {
    let key = path.last_key().unwrap_or_default();
    let mut found: Vec<Vec<String>> = Vec::new();
    for read in &segment.reads {
        let Some((steps, content)) = find_value(origin.values(), read) else { continue };
        match (content, value) {
            (Value::Object(_) | Value::Array(_), Some(value)) => leaves(content, &steps, key, value, &mut found),
            (Value::Object(_) | Value::Array(_), None) => {}
            (scalar, Some(value)) if text(scalar) == text(value) => found.push(steps),
            (scalar, Some(Value::String(printed)))
                // A digit is part of too much.
                if text(scalar).is_some_and(|t| t.len() > 2 && printed.contains(&t)) =>
            {
                found.push(steps);
            }
            _ => {}
        }
    }
    // A block over a map, `with .Values.sparkConf`, prints what lies in it, and a range its items.
    if let Some(value) = value.filter(|_| found.is_empty()) {
        for (steps, content) in segment.conditions.iter().filter_map(|read| find_value(origin.values(), read)) {
            leaves(content, &steps, key, value, &mut found);
            if text(content).is_some_and(|content| text(value) == Some(content)) {
                found.push(steps);
            }
        }
    }
    // A user's own value first.
    let writer = |steps: &Vec<String>| origin.written.writer(&steps.iter().map(String::as_str).collect::<Vec<_>>());
    let best = found.iter().find(|steps| writer(steps).is_some()).or(found.first());
    best.map(|steps| (steps.join("."), writer(steps)))
}

/// Values in a list or map that have the wanted key and content.
fn leaves(content: &Value, at: &[String], key: &str, wanted: &Value, found: &mut Vec<Vec<String>>) {
    match content {
        Value::Object(map) => {
            for (name, inner) in map {
                let below = [at, std::slice::from_ref(name)].concat();
                if name == key && same(inner, wanted) {
                    found.push(below.clone());
                }
                leaves(inner, &below, key, wanted, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                leaves(inner, &[at, &[index.to_string()]].concat(), key, wanted, found);
            }
        }
        _ => {}
    }
}

fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((text(a), text(b)), (Some(a), Some(b)) if a == b)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_f64().map(|number| number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A place in what was rendered, or in the template that printed it.
fn rendered(object: &Object, at: std::ops::Range<usize>) -> Blame {
    let Some(template) = &object.template else {
        return Blame { place: Some(place_in_text(object, at)), note: None, by_user: false };
    };
    let start = object.text[..at.start].rfind('\n').map_or(0, |end| end + 1);
    let line = object.text[start..].lines().next().unwrap_or("");
    let (place, known) = printed_by(template, object.kind(), line);
    let note = (!known).then(|| format!("it is printed as `{}`", line.trim()));
    Blame { place: Some(place), note, by_user: false }
}

fn place_in_text(object: &Object, at: std::ops::Range<usize>) -> Place {
    if let Some(file) = &object.file {
        return Places::of_nodes(file, &[]).place(object.offset + at.start..object.offset + at.end);
    }
    let source = SourceText { name: object.source.clone(), text: object.text.clone() };
    Places::of_nodes(&source, &[]).place(at)
}

/// The bytes of the object's text where a line of a block scalar lies, or a word in that line.
fn line_of(
    text: &str,
    scalar: &std::ops::Range<usize>,
    content: &str,
    line: usize,
    word: &str,
) -> Option<std::ops::Range<usize>> {
    // The text of a block scalar starts on the line below the one where the scalar starts.
    let mut start = scalar.start + text.get(scalar.start..)?.find('\n')? + 1;
    for _ in 0..line {
        start += text.get(start..)?.find('\n')? + 1;
    }
    let here = text.get(start..)?.lines().next()?;
    let there = content.lines().nth(line)?.trim();
    if here.trim() != there {
        return None;
    }
    let from = start + here.find(word).filter(|_| !word.is_empty()).unwrap_or(here.len() - here.trim_start().len());
    let width = if word.is_empty() || !here.contains(word) { there.len() } else { word.len() };
    Some(from..from + width)
}

/// The bytes of the object's text where a path of an embedded document lies.
fn inside(object: &Object, document: &Embedded, path: &Path) -> std::ops::Range<usize> {
    let entry = Path::of("data").key(&document.key);
    let key = {
        let mut at = entry.find(&object.node);
        // The key of a scalar is what stands before its value on the line.
        if let Some(line) = object.text[..at.start].rfind('\n') {
            at = line + 1..at.end;
        }
        at
    };
    let wanted = path.find(&document.node);
    let before = &document.text[..wanted.start];
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, str::len);
    // The text of a block scalar starts on the line below its key.
    let first = object.text[key.start..].find('\n').map_or(key.start, |at| key.start + at + 1);
    let mut start = first;
    for _ in 0..line {
        match object.text[start..].find('\n') {
            Some(at) => start += at + 1,
            None => return key,
        }
    }
    let lead = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let here = object.text[start..].lines().next().unwrap_or("");
    let there = document.text.lines().nth(line).unwrap_or("");
    if here.trim() != there.trim() {
        return key;
    }
    let from = start + column + lead(here) - lead(there);
    from..(from + wanted.len()).min(object.text.len()).max(from)
}
