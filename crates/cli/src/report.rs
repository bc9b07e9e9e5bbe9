//! Findings for people: the line that is wrong with a caret under it, and what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use sparkyard_model::{Finding, Place, Severity};

/// All findings. Colours are always in; the stream removes them where they do not belong.
pub(crate) fn all(findings: &[Finding]) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for finding in findings {
        text.push_str(&renderer.render(&[group(finding)]));
        text.push_str("\n\n");
    }
    text
}

/// All findings of a command that writes, then how many there are.
pub(crate) fn text(findings: &[Finding]) -> String {
    let mut text = all(findings);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 1 {
        text.push_str(&format!("{errors} errors, nothing was written\n"));
    }
    text
}

fn group(finding: &Finding) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&finding.message).id(&finding.rule);
    let mut group = match &finding.at {
        Some(place) if !place.text.is_empty() => title.element(
            Snippet::source(place.text.as_str())
                .path(&place.file)
                .annotation(AnnotationKind::Primary.span(span(place))),
        ),
        Some(place) => title.element(Origin::path(&place.file).line(place.line).char_column(place.column)),
        None => Group::with_title(title),
    };
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// A place as bytes of its text; at the end of the text when it lies beyond.
fn span(place: &Place) -> std::ops::Range<usize> {
    let text = place.text.as_str();
    let start_of_line: usize = text.split_inclusive('\n').take(place.line.saturating_sub(1)).map(str::len).sum();
    let line = text[start_of_line..].lines().next().unwrap_or("");
    let byte = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
    let first = place.column.saturating_sub(1);
    let (start, end) = (byte(first), byte(first + place.width.max(1)));
    start_of_line + start..start_of_line + end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: usize, column: usize, width: usize) -> Place {
        let text = "id: x\nbricks:\n  - ä-connect\n".to_owned();
        Place { file: "p.yaml".to_owned(), line, column, width, text }
    }

    #[test]
    fn spans_count_characters() {
        let place = place(3, 5, 9);
        assert_eq!(&place.text[span(&place)], "ä-connect");
    }

    #[test]
    fn a_place_beyond_the_text_does_not_panic() {
        let end = place(1, 1, 1).text.len();
        assert_eq!(span(&place(99, 99, 9)), end..end);
        assert_eq!(span(&place(1, 99, 9)), 5..5);
    }

    #[test]
    fn shows_rule_place_caret_and_help() {
        let finding = Finding::error("unknown-brick", "no brick `ä-connect`").at(Some(place(3, 5, 9))).help("say what");
        let text = anstream::adapter::strip_str(&text(&[finding])).to_string();
        for part in ["error[unknown-brick]: no brick `ä-connect`", "p.yaml:3:5", "^^^^^^^^^", "help: say what"] {
            assert!(text.contains(part), "{part} is missing:\n{text}");
        }
    }
}
