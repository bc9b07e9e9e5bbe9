//! NOTES.txt: what a person reads after `helm install`.

use std::fmt::Write;

use super::{Composer, Part};

impl Composer<'_> {
    /// Notes of a chart of one brick; the text is the brick's own.
    pub(super) fn modular_notes(part: &Part) -> String {
        format!("{{{{ include \"{}.notes\" . }}}}\n", part.brick.id)
    }

    /// Notes of an umbrella: those of each brick that is switched on, in install order.
    pub(super) fn umbrella_notes(&self) -> String {
        let line = &self.plan.line;
        let mut text = format!(
            "Spark {} stack `{{{{ include \"sy.stack\" . }}}}` in the namespace `{{{{ .Release.Namespace }}}}`\n",
            line.spark
        );
        for part in &self.parts {
            let id = part.brick.id;
            let _ = write!(
                text,
                "{{{{- with index .Subcharts \"{id}\" }}}}\n\n{{{{ include \"{id}.notes\" . }}}}\n{{{{- end }}}}\n"
            );
        }
        text
    }
}
