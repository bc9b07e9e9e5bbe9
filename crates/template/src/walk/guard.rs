//! Values that do not exist where the template asks first whether they are there: nothing fails then.

use super::Mistake;
use super::walker::{Frame, Walker};
use crate::ast::{Command, ExprKind};
use crate::source::Span;

/// Functions that take what is not there, and do something about it.
const GUARDS: [&str; 7] = ["and", "or", "not", "default", "coalesce", "empty", "required"];

/// Whether a command takes what is not there.
pub(super) fn is_guard(command: &Command) -> bool {
    let name = command.words.first().map(|word| &word.kind);
    matches!(name, Some(ExprKind::Function(name, _)) if GUARDS.contains(&&**name))
}

impl Walker<'_> {
    /// Does something while words are asked whether they are there, or while they are not.
    pub(super) fn asking<T>(&mut self, asking: bool, what: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.asking, asking);
        let made = what(self);
        self.asking = before;
        made
    }

    /// Something is read that does not exist; less bad where the template asks for it first.
    pub(super) fn undefined(&mut self, frame: &Frame<'_>, span: Span, message: String, help: String) {
        let guarded = self.asking || self.missing.contains(&message);
        self.asking(guarded, |walker| {
            walker.wrong(Mistake::UndefinedValue, frame, span, &message, Some(help));
        });
        if self.asking {
            self.missing.push(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{ChartView, Shape, walk};
    use crate::source::Source;

    /// Whether each read of what is not there is guarded.
    fn guarded(template: &str) -> Vec<bool> {
        let helper = "{{ define \"h\" }}{{ .Values.x }}{{ end }}";
        let files = [("templates/_h.tpl", helper), ("templates/a.yaml", template)];
        let files = files.map(|(name, text)| (name, crate::parse(Source::new(name, text)).expect("a template")));
        let chart = ChartView {
            files: files.iter().map(|(name, file)| (*name, file)).collect(),
            others: Vec::new(),
            shape: Shape::of_defaults(&json!({"a": {"b": 1}})),
            subcharts: Vec::new(),
        };
        walk(&[chart]).wrong.iter().map(|wrong| wrong.guarded).collect()
    }

    #[test]
    fn what_is_asked_first_is_guarded() {
        for template in [
            "{{ if .Values.x }}{{ .Values.x }}{{ end }}",
            "{{ with .Values.a.x }}{{ . }}{{ end }}",
            "{{ if and .Values.a.b (not .Values.x) }}{{ end }}",
            "{{ .Values.x | default 1 }}",
            "{{ default .Values.a.b .Values.x }}",
            "{{ if hasKey .Values \"x\" }}{{ end }}",
            "{{ if .Values.x }}{{ include \"h\" . }}{{ end }}",
            "{{ if .Values.x }}{{ .Values.x.y.z }}{{ end }}",
        ] {
            let found = guarded(template);
            assert!(!found.is_empty() && found.iter().all(|guarded| *guarded), "{template}: {found:?}");
        }
    }

    #[test]
    fn what_fails_or_prints_nothing_is_not() {
        for template in [
            "{{ .Values.x }}",
            "{{ if .Values.x.y }}{{ end }}",
            "{{ default .Values.x.y 1 }}",
            "{{ if eq .Values.x \"y\" }}{{ end }}",
            "{{ include \"h\" . | default 1 }}",
            "{{ if .Values.x }}{{ end }}{{ .Values.x }}",
            "{{ if .Values.x }}{{ include \"h\" . }}{{ end }}{{ include \"h\" . }}",
        ] {
            assert!(guarded(template).contains(&false), "{template}: {:?}", guarded(template));
        }
    }
}
