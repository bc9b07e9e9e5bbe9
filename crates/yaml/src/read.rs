//! Reading: own files strictly, values files as Helm sees them.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};
use sparkyard_model::{Finding, Place, SourceText, Tree};

use crate::{Part, Places, nearest};

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
    let options = serde_saphyr::options! { legacy_octal_numbers: true, with_snippet: false };
    let value: Value =
        serde_saphyr::from_str_with_options(&source.text, options).map_err(|error| finding(source, &error))?;
    let tree = match value {
        Value::Object(tree) => tree,
        Value::Null => return Ok(Tree::new()),
        _ => {
            return Err(Finding::error("wrong-type", "a values file holds keys and their values, this one does not")
                .at(Some(place_at(source, 1, 1)))
                .help("write `key: value` lines, for example `global:`"));
        }
    };
    match Places::of(source).plain_keys().find(|key| is_boolean_word(&key.0)) {
        Some((key, place)) => Err(Finding::error("ambiguous-key", format!("Helm reads the key `{key}` as a boolean"))
            .at(Some(place))
            .help(format!("write it in quotes: \"{key}\""))),
        None => Ok(tree),
    }
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
    let text = source.text.lines().nth(line.saturating_sub(1)).unwrap_or("");
    let word = text.chars().skip(column.saturating_sub(1));
    let width = word.take_while(|c| !c.is_whitespace() && !matches!(c, ':' | ',' | ']' | '}' | '#')).count();
    let (line, column, width) = (line.max(1), column.max(1), width.max(1));
    Place { file: source.name.clone(), line, column, width, text: source.text.clone() }
}

impl Places {
    /// Keys written without quotes, each with its place.
    fn plain_keys(&self) -> impl Iterator<Item = (String, Place)> + '_ {
        self.paths().filter_map(|path| {
            let place = self.find(path, Part::Key)?;
            let key = path.last()?;
            // A quoted key is wider than its text, a plain one is the text itself.
            (place.width == key.chars().count()).then(|| (key.clone(), place))
        })
    }
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
