//! Reading: own files strictly, values files as Helm sees them.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};
use sparkyard_model::{Finding, Place, SourceText, Tree};

use crate::node::{self, Entry, Kind, Node};
use crate::{Places, nearest};

/// Plain words that YAML 1.1, and so Helm, reads as booleans; as keys they become `true` or `false`.
const BOOLEAN_WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];

/// Reads one of our own files: YAML 1.2 scalars, so that `on` and `0644` are strings.
///
/// # Errors
/// What is wrong, with line and column.
pub fn from_str<T: DeserializeOwned>(source: &SourceText) -> Result<T, Finding> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(&source.text, options).map_err(|error| finding(source, &error))
}

/// Reads a values file as Helm sees it, except that what Helm passes over in silence is an error: a key
/// written twice, a second document, a bare `on` or `y` as a key. An empty file is an empty tree.
///
/// # Errors
/// What is wrong, with line and column.
pub fn values(source: &SourceText) -> Result<Tree, Finding> {
    let wrong = |rule: &str, message: String, at: usize| {
        let place = Places::of_nodes(source, &[]).place(at..at + 1);
        Finding::error(rule, message).at(Some(wider(place)))
    };
    let mut documents =
        node::documents(&source.text).map_err(|error| wrong("bad-yaml", error.message.clone(), error.at))?;
    if let Some(second) = documents.get(1) {
        return Err(wrong("several-documents", "the file holds more than one document".into(), second.span.start)
            .help("keep one; Helm lays the later ones over the first and says nothing"));
    }
    let Some(root) = documents.pop() else { return Ok(Tree::new()) };
    let tree = match &root.kind {
        Kind::Map(_) => {
            unique(&root).map_err(|entry| {
                wrong("duplicate-key", format!("the key `{}` is written twice", entry.key), entry.span.start)
                    .help("keep one; Helm would take the last one and say nothing")
            })?;
            json(&root)
        }
        Kind::Null => return Ok(Tree::new()),
        _ => {
            return Err(wrong("wrong-type", "a values file holds keys and their values, this one does not".into(), 0)
                .help("write `key: value` lines, for example `global:`"));
        }
    };
    let places = Places::of_nodes(source, std::slice::from_ref(&root));
    let ambiguous = places.plain_keys().find(|(_, place)| is_boolean_word(written(place)));
    match (ambiguous, tree) {
        (Some((_, place)), _) => {
            let key = written(&place).to_owned();
            Err(Finding::error("ambiguous-key", format!("Helm reads the key `{key}` as a boolean"))
                .at(Some(place))
                .help(format!("write it in quotes: \"{key}\"")))
        }
        (None, Value::Object(tree)) => Ok(tree),
        (None, _) => Ok(Tree::new()),
    }
}

/// A node as JSON, numbers as they are written.
pub fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::from(*value),
        Kind::Int(value) => Value::from(*value),
        Kind::Uint(value) => Value::from(*value),
        Kind::Float(value) => Value::from(*value),
        Kind::Str(text) => Value::from(text.as_str()),
        Kind::Seq(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect())
        }
    }
}

/// The first key that is written twice in a map. Merge keys may bring a key in again.
fn unique(node: &Node) -> Result<(), &Entry> {
    match &node.kind {
        Kind::Map(entries) => {
            let mut seen = std::collections::HashMap::new();
            for entry in entries {
                let inside = |span: &std::ops::Range<usize>| node.span.start <= span.start && span.end <= node.span.end;
                if let Some(before) = seen.insert(entry.key.as_str(), &entry.span)
                    && *before != entry.span
                    && inside(before)
                    && inside(&entry.span)
                {
                    return Err(entry);
                }
                unique(&entry.value)?;
            }
            Ok(())
        }
        Kind::Seq(items) => items.iter().try_for_each(unique),
        _ => Ok(()),
    }
}

/// The word at a place.
fn written(place: &Place) -> &str {
    let line = place.text.lines().nth(place.line - 1).unwrap_or("");
    let from = line.char_indices().nth(place.column - 1).map_or(line.len(), |(at, _)| at);
    let to = line.char_indices().nth(place.column - 1 + place.width).map_or(line.len(), |(at, _)| at);
    &line[from..to]
}

/// The place made as wide as the word that starts there.
fn wider(mut place: Place) -> Place {
    let line = place.text.lines().nth(place.line - 1).unwrap_or("");
    let word = line.chars().skip(place.column - 1);
    place.width = word.take_while(|c| !c.is_whitespace() && !matches!(c, ':' | ',' | ']' | '}' | '#')).count().max(1);
    place
}

fn is_boolean_word(key: &str) -> bool {
    BOOLEAN_WORDS.iter().any(|word| word.eq_ignore_ascii_case(key))
}

fn finding(source: &SourceText, error: &Error) -> Finding {
    let place = error.location().map(|at| place_at(source, at.line() as usize, at.column() as usize));
    let error = innermost(error);
    let base = |rule: &str, message: String| Finding::error(rule, message).at(place.clone());
    match error {
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().map_or_else(|| "a key".to_owned(), |key| format!("the key `{key}`"));
            base("duplicate-key", format!("{key} is written twice"))
                .help("keep one; Helm would take the last one and say nothing")
        }
        Error::MultipleDocuments { .. } => {
            base("several-documents", "the file holds more than one document".to_owned())
                .help("keep one; Helm would take the last one and say nothing")
        }
        Error::SerdeUnknownField { field, expected, .. } => {
            let finding = base("unknown-key", format!("unknown key `{field}`"));
            let list = format!("there is: {}", expected.join(", "));
            match nearest(field, expected.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`? {list}")),
                None => finding.help(list),
            }
        }
        Error::SerdeMissingField { field, .. } => base("missing-key", format!("the key `{field}` is missing")),
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            base("bad-value", format!("`{variant}` is not allowed here"))
                .help(format!("one of: {}", expected.join(", ")))
        }
        Error::SerdeInvalidType { unexpected, expected, .. } => {
            base("wrong-type", format!("expected {expected}, found {unexpected}"))
        }
        other => base("bad-yaml", sentence(&UserMessageFormatter.format_message(other))),
    }
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::WithSnippet { error, .. } => innermost(error),
        other => other,
    }
}

/// Library messages may hold control characters of the input and end in a full stop; ours do not.
fn sentence(message: &str) -> String {
    message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim_end_matches('.').to_owned()
}

/// The place of the word that starts at a line and column.
fn place_at(source: &SourceText, line: usize, column: usize) -> Place {
    let (line, column) = (line.max(1), column.max(1));
    wider(Place { file: source.name.clone(), line, column, width: 1, text: source.text.clone() })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText { name: "my.yaml".into(), text: text.into() }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Own {
        mode: String,
        #[serde(default)]
        switch: String,
    }

    #[test]
    fn own_files_keep_words_as_strings() {
        let own: Own = from_str(&source("mode: 0644\nswitch: on\n")).expect("reads");
        assert_eq!((own.mode.as_str(), own.switch.as_str()), ("0644", "on"));
    }

    #[test]
    fn an_unknown_key_is_shown_with_a_suggestion() {
        let finding = from_str::<Own>(&source("mode: a\nswich: b\n")).expect_err("refused");
        assert_eq!(finding.message, "unknown key `swich`");
        assert_eq!(finding.help.as_deref(), Some("did you mean `switch`? there is: mode, switch"));
        let place = finding.at.expect("place");
        assert_eq!((place.file.as_str(), place.line, place.column, place.width), ("my.yaml", 2, 1, 5));
    }

    #[test]
    fn values_are_what_helm_sees() {
        let tree = values(&source("a: on\nb: 0644\nc: '0644'\nd: 1:30\ne: ~\n")).expect("reads");
        assert_eq!(Value::Object(tree), json!({"a": true, "b": 420, "c": "0644", "d": "1:30", "e": null}));
    }

    #[test]
    fn nothing_is_an_empty_tree() {
        for text in ["", "\n", "# only words\n", "---\n", "{}\n"] {
            assert_eq!(values(&source(text)), Ok(Tree::new()), "{text:?}");
        }
    }

    #[test]
    fn what_helm_passes_over_in_silence_is_an_error() {
        let rule = |text: &str| {
            let finding = values(&source(text)).expect_err(text);
            let place = finding.at.expect(text);
            (finding.rule, place.line, place.column)
        };
        assert_eq!(rule("a: 1\nb:\n  c: 1\n  c: 2\n"), ("duplicate-key".into(), 4, 3));
        assert_eq!(rule("a: 1\n---\nb: 2\n").0, "several-documents");
        assert_eq!(rule("a: 1\ny: 2\n"), ("ambiguous-key".into(), 2, 1));
        assert_eq!(rule("- a\n").0, "wrong-type");
        assert_eq!(rule("a: {{ .Values.x }}\n").1, 1);
        assert!(values(&source("'y': 1\nyear: 2\n")).is_ok());
    }
}
