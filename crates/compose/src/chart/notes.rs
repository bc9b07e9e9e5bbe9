//! NOTES.txt: what a person reads after `helm install`.

use std::fmt::Write;

use super::{Composer, Part};

/// How to watch a stack start, and what to do when nothing does: a shared helper, because every chart says it.
const END: &str = "{{ include \"sy.notes\" . }}\n";

impl Composer<'_> {
    /// Notes of a chart of one brick; the text is the brick's own.
    pub(super) fn modular_notes(part: &Part) -> String {
        format!("{{{{ include \"{}.notes\" . }}}}\n\n{END}", part.brick.id)
    }

    /// Notes of an umbrella: those of each brick that is switched on. What people open comes first, which is what
    /// is installed last.
    pub(super) fn umbrella_notes(&self) -> String {
        let line = &self.plan.line;
        let mut text = format!(
            "Spark {} stack `{{{{ include \"sy.stack\" . }}}}` in the namespace `{{{{ .Release.Namespace }}}}`\n",
            line.spark
        );
        for part in self.parts.iter().rev() {
            let id = part.brick.id;
            let _ = write!(
                text,
                "{{{{- with index .Subcharts \"{id}\" }}}}\n\n{{{{ include \"{id}.notes\" . }}}}\n{{{{- end }}}}\n"
            );
        }
        text.push('\n');
        text.push_str(END);
        text
    }
}
