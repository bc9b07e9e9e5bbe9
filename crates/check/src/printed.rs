//! Which line of a template printed a line, when nothing but the two texts is known: helm rendered the chart.

use std::ops::Range;

use sparkyard_model::{Place, SourceText};
use sparkyard_yaml::Places;

/// Where a template prints a line of an object of this kind. Whether it is that line: where the same key stands twice,
/// nobody can tell, and the object's first line is taken.
pub(crate) fn printed_by(template: &SourceText, kind: &str, line: &str) -> (Place, bool) {
    let lines = lines(&template.text, kind);
    let one = |is: &dyn Fn(&str) -> bool| {
        let mut found = lines.iter().filter(|line| is(bare(&template.text[(*line).clone()])));
        found.next().filter(|_| found.next().is_none()).cloned()
    };
    let wanted = bare(line);
    let key = wanted.split_once(':').map(|(key, _)| format!("{key}:"));
    let exactly = one(&|line| line == wanted);
    let found = exactly.or_else(|| key.and_then(|key| one(&|line| line.starts_with(&key))));
    let place = |range: Range<usize>| {
        let text = &template.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        Places::of_nodes(template, &[]).place(start..range.end)
    };
    let first = || one(&|line| line.strip_prefix("kind:").is_some_and(|word| word.trim() == kind)).unwrap_or(0..0);
    match found {
        Some(range) => (place(range), true),
        None => (place(first()), false),
    }
}

/// The lines of the document that makes objects of this kind; all lines, if it is not the only one.
fn lines(text: &str, kind: &str) -> Vec<Range<usize>> {
    let (mut documents, mut start) = (vec![Vec::new()], 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            documents.push(Vec::new());
        } else if let Some(document) = documents.last_mut() {
            document.push(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    let makes = |document: &&Vec<Range<usize>>| {
        let of_kind = |line: &Range<usize>| text[line.clone()].strip_prefix("kind:").is_some_and(|k| k.trim() == kind);
        document.iter().any(of_kind)
    };
    let mut making = documents.iter().filter(makes);
    match (making.next(), making.next()) {
        (Some(only), None) => only.clone(),
        _ => documents.concat(),
    }
}

/// A line without what only says where it lies.
fn bare(line: &str) -> &str {
    line.trim().trim_start_matches("- ").trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "kind: Service\nspec:\n  type: {{ .Values.type }}\n---\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostNetwork: {{ .Values.host }}\n  containers:\n    - name: b\n      image: b\n    - name: c\n      image: {{ .Values.image }}\n";

    fn line(kind: &str, line: &str) -> (usize, usize, bool) {
        let template = SourceText { name: "t.yaml".into(), text: TEMPLATE.into() };
        let (place, known) = printed_by(&template, kind, line);
        (place.line, place.column, known)
    }

    #[test]
    fn a_line_is_found_by_its_text_or_its_key() {
        assert_eq!(line("Pod", "  hostNetwork: true"), (9, 3, true));
        assert_eq!(line("Pod", "    - name: b"), (11, 5, true));
        assert_eq!(line("Service", "spec:"), (2, 1, true));
    }

    #[test]
    fn what_stands_twice_is_not_guessed() {
        assert_eq!(line("Pod", "      image: x:1"), (5, 1, false));
        assert_eq!(line("Pod", "  hostPID: true"), (5, 1, false));
        assert_eq!(line("Job", "  hostPID: true"), (1, 1, false));
    }
}
