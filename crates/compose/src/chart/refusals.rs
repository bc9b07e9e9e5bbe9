//! What an umbrella refuses at install: the selections that `sparkyard build` refuses too.

use std::fmt::Write;

use sparkyard_model::{Brick, NeedWhen, Socket};

use super::Composer;
use crate::wires;

impl Composer<'_> {
    /// A template without an object, which fails for two bricks in one place and for needs that nothing meets.
    pub(super) fn refusals(&self) -> String {
        let bricks = self.bricks();
        let mut text = String::from("{{/* What cannot work is refused here, before anything is installed. */}}\n");
        for (index, second) in bricks.iter().enumerate() {
            for first in bricks[..index].iter().filter(|first| first.component == second.component) {
                let (a, b, component) = (first.id, second.id, second.component);
                let _ = write!(
                    text,
                    "{{{{- if and (index .Subcharts \"{a}\") (index .Subcharts \"{b}\") }}}}\n\
                     {{{{- fail \"\\n\\n{a} and {b} are both on, and each is the {component} of the stack: set \
                     {a}.enabled=false or {b}.enabled=false\\n\" }}}}\n{{{{- end }}}}\n"
                );
            }
        }
        for brick in &bricks {
            self.needs_are_met(brick, &mut text);
        }
        text
    }

    /// Why the line has not what this value switches on, as `shuffle.celeborn.enabled` does with `celeborn`.
    fn lacked(&self, when: &NeedWhen) -> Option<&str> {
        let name = when.key.strip_suffix(".enabled")?.rsplit('.').next()?;
        self.plan.line.lacks.get(name).map(String::as_str)
    }

    fn needs_are_met(&self, brick: &Brick, text: &mut String) {
        let mut body = String::new();
        let mut asked: Vec<(Vec<&str>, Option<&str>)> = Vec::new();
        for (socket, when) in brick.all_needs() {
            let providers: Vec<&str> =
                self.bricks().iter().filter(|one| one.provides.contains(&socket)).map(|one| one.id).collect();
            if let Some((when, why)) = when.and_then(|when| Some((when, self.lacked(when)?))) {
                let (id, NeedWhen { key, value, .. }) = (brick.id, when);
                let _ = write!(
                    body,
                    "{{{{- if eq (toString .Values.{key}) \"{value}\" }}}}\n\
                     {{{{- fail {:?} }}}}\n{{{{- end }}}}\n",
                    format!("\n\n{id}.{key} is {value}: {why}\n")
                );
                continue;
            }
            // Event logs lie on S3, so that both needs are one question.
            let question = (providers, socket.external());
            if asked.contains(&question) || question.0.contains(&brick.id) {
                continue;
            }
            let unless = unless(&question.0, question.1);
            let refusal = refusal(brick, socket, &question.0, question.1);
            match when {
                Some(NeedWhen { key, value, .. }) => {
                    let _ = write!(
                        body,
                        "{{{{- if and (eq (toString .Values.{key}) \"{value}\") (not {unless}) }}}}\n{refusal}{{{{- end }}}}\n"
                    );
                }
                None => {
                    let _ = write!(body, "{{{{- if not {unless} }}}}\n{refusal}{{{{- end }}}}\n");
                }
            }
            asked.push(question);
        }
        if !body.is_empty() {
            let _ = write!(text, "{{{{- with index .Subcharts \"{}\" }}}}\n{body}{{{{- end }}}}\n", brick.id);
        }
    }
}

/// Whether something meets a need, as a template asks it.
fn unless(providers: &[&str], external: Option<&str>) -> String {
    let mut ways: Vec<String> = providers.iter().map(|id| format!("(index $.Subcharts \"{id}\")")).collect();
    ways.extend(external.map(|value| format!(".Values.{value}")));
    match ways.as_slice() {
        [] => "false".to_owned(),
        [one] => one.clone(),
        _ => format!("(or {})", ways.join(" ")),
    }
}

fn refusal(brick: &Brick, socket: Socket, providers: &[&str], external: Option<&str>) -> String {
    let on: Vec<String> = providers.iter().map(|id| format!("{id}.enabled=true")).collect();
    let set = (!on.is_empty()).then(|| format!("set {}", on.join(" or ")));
    let name = external.map(|value| format!("name your own in {value}"));
    let ways: Vec<String> = set.into_iter().chain(name).collect();
    let (id, what, ways) = (brick.id, wires::words(socket), ways.join(", or "));
    format!("{{{{- fail \"\\n\\n{id} needs {what}, and nothing here provides it: {ways}\\n\" }}}}\n")
}
