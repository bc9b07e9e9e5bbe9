//! What lies outside of the dialect: helm would take it, but nobody can say beforehand what it does.

use crate::ast::{Branch, Command, Expr, ExprKind, File, Node, NodeKind, Pipeline};
use crate::error::Problem;
use crate::functions::{self, Kind};

/// Fields of the root, and the fields of each that helm fills in; an empty list allows any.
const ROOT: &[(&str, &[&str])] = &[
    ("Values", &[]),
    ("Chart", &[]),
    ("Files", &["Get", "GetBytes", "Lines"]),
    ("Release", &["Name", "Namespace", "Revision", "Service", "IsInstall", "IsUpgrade"]),
    ("Capabilities", &["APIVersions", "KubeVersion", "HelmVersion"]),
    ("Template", &["Name", "BasePath"]),
    ("Subcharts", &[]),
];

/// Everything in a file that lies outside of the dialect.
pub fn refusals(file: &File) -> Vec<Problem> {
    let mut check = Check { found: Vec::new() };
    check.list(&file.body);
    for define in file.defines.iter() {
        check.list(&define.body);
    }
    check.found
}

struct Check {
    found: Vec<Problem>,
}

impl Check {
    fn list(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &node.kind {
                NodeKind::Text(_) | NodeKind::Break | NodeKind::Continue => {}
                NodeKind::Action(pipeline) => self.pipeline(pipeline),
                NodeKind::If(branch) | NodeKind::With(branch) | NodeKind::Range(branch) => self.branch(branch),
                NodeKind::Template(call) => {
                    if let Some(argument) = &call.argument {
                        self.pipeline(argument);
                    }
                }
            }
        }
    }

    fn branch(&mut self, branch: &Branch) {
        self.pipeline(&branch.pipeline);
        self.list(&branch.body);
        self.list(&branch.otherwise);
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let mut before: Option<&Command> = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            let next = pipeline.commands.get(index + 1);
            self.command(command, before, next);
            before = Some(command);
        }
    }

    fn command(&mut self, command: &Command, before: Option<&Command>, next: Option<&Command>) {
        for word in &command.words {
            self.word(word);
        }
        let Some((Expr { kind: ExprKind::Function(name, _), span }, arguments)) = command.words.split_first() else {
            return;
        };
        let Some(function) = functions::function(name) else {
            let why = functions::outside(name).unwrap_or("helm does not know it");
            self.found.push(Problem::new(*span, format!("`{name}` is outside the dialect: {why}")));
            return;
        };
        let given = arguments.len() + usize::from(before.is_some());
        let most = if function.rest.is_some() { usize::MAX } else { function.parameters.len() };
        if given < function.parameters.len() || given > most {
            let wants = match (function.rest, function.parameters.len()) {
                (Some(_), least) => format!("at least {least}"),
                (None, number) => number.to_string(),
            };
            self.found.push(Problem::new(*span, format!("wrong number of args for {name}: want {wants} got {given}")));
        }
        let literal = |at: usize| arguments.get(at).is_none_or(|word| word.literal().is_some());
        let computed = |what: &str| {
            Problem::new(command.span, format!("`{name}` with a computed {what} is outside the dialect: which one is read nobody can say beforehand"))
                .help(format!("write the {what} as a string"))
        };
        match function.name {
            "include" if arguments.first().is_none_or(|word| word.literal().is_none()) => {
                self.found.push(computed("name"))
            }
            "printf" if arguments.first().is_some_and(|word| word.literal().is_none()) => {
                self.found.push(computed("format"));
            }
            "get" | "hasKey" if !literal(1) => self.found.push(computed("key")),
            "index" => {
                let fixed = |word: &Expr| matches!(word.kind, ExprKind::Str(_) | ExprKind::Int(_));
                if !arguments.iter().skip(1).all(fixed) || before.is_some() {
                    self.found.push(computed("key"));
                }
            }
            // `omit` with a computed key gives a part of the map, which the walk takes for all of it.
            "pick" if !arguments.iter().skip(1).all(|word| word.literal().is_some()) => {
                self.found.push(computed("key"));
            }
            "dig" => {
                let keys = arguments.len().saturating_sub(if before.is_some() { 1 } else { 2 });
                if !arguments.iter().take(keys).all(|word| word.literal().is_some()) {
                    self.found.push(computed("key"));
                }
            }
            "keys" => {
                let sorted = next.is_some_and(|next| matches!(next.words.as_slice(), [Expr { kind: ExprKind::Function(name, _), .. }] if &**name == "sortAlpha"));
                if !sorted {
                    self.found.push(
                        Problem::new(command.span, "`keys` without `sortAlpha` is outside the dialect: Go gives them in another order every time")
                            .help("write `keys ... | sortAlpha`"),
                    );
                }
            }
            "merge" | "mustMerge" | "mergeOverwrite" if !arguments.first().is_some_and(is_fresh) => {
                self.found.push(
                    Problem::new(
                        command.span,
                        format!("`{name}` changes its first map, which others read: outside the dialect"),
                    )
                    .help(format!("write `{name} (deepCopy ...) ...`")),
                );
            }
            _ => {}
        }
        if function.parameters.iter().chain(function.rest.iter()).any(|kind| matches!(kind, Kind::Any | Kind::Map)) {
            for word in arguments.iter().filter(|word| is_all_values(word)) {
                self.found.push(
                    Problem::new(word.span, "all values at once as an argument are outside the dialect: which of them are used nobody can say")
                        .help("pass `.` to `include`, or name what is needed"),
                );
            }
        }
    }

    fn word(&mut self, word: &Expr) {
        match &word.kind {
            ExprKind::Paren(pipeline, _) => self.pipeline(pipeline),
            ExprKind::Field(names) => self.root(word, names),
            ExprKind::Variable(name, names) if &**name == "$" => self.root(word, names),
            _ => {}
        }
    }

    /// Fields that helm does not fill in. Only those that start with a capital letter, as the root's do: other dots are
    /// values.
    fn root(&mut self, word: &Expr, names: &[crate::ast::Name]) {
        let Some(first) = names.first().filter(|name| name.text.starts_with(char::is_uppercase)) else { return };
        let Some((_, known)) = ROOT.iter().find(|(root, _)| *root == &*first.text) else { return };
        if let Some(second) = names.get(1)
            && !known.is_empty()
            && !known.contains(&&*second.text)
        {
            self.found.push(
                Problem::new(word.span, format!("`.{}.{}` is outside the dialect", first.text, second.text))
                    .help(format!("there is: {}", known.join(", "))),
            );
        }
    }
}

/// A map that nobody else sees.
fn is_fresh(word: &Expr) -> bool {
    let ExprKind::Paren(pipeline, fields) = &word.kind else { return false };
    let last = pipeline.commands.last().and_then(|command| command.words.first());
    fields.is_empty()
        && matches!(last.map(|word| &word.kind), Some(ExprKind::Function(name, _)) if matches!(&**name, "deepCopy" | "dict" | "fromYaml" | "fromJson" | "omit" | "pick" | "merge" | "mergeOverwrite"))
}

/// `.Values`, `$.Values`
fn is_all_values(word: &Expr) -> bool {
    match &word.kind {
        ExprKind::Field(names) => matches!(names.as_slice(), [only] if &*only.text == "Values"),
        ExprKind::Variable(name, names) => {
            &**name == "$" && matches!(names.as_slice(), [only] if &*only.text == "Values")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, parse};

    fn found(text: &str) -> Vec<String> {
        let file = parse(Source::new("t.yaml", text)).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        refusals(&file).into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn each_way_out_is_closed() {
        for (text, part) in [
            ("{{ tpl .Values.x . }}", "`tpl` is outside"),
            ("{{ if (lookup \"v1\" \"Secret\" \"a\" \"b\") }}{{ end }}", "asks the cluster"),
            ("{{ randAlphaNum 5 }}", "differs from one render"),
            ("{{ include .Values.name . }}", "computed name"),
            ("{{ index .Values .Values.key }}", "computed key"),
            ("{{ get .Values.m $.Values.key }}", "computed key"),
            ("{{ toYaml .Values }}", "all values at once"),
            ("{{ range keys .Values.m }}{{ end }}", "sortAlpha"),
            ("{{ merge .Values.a .Values.b }}", "changes its first map"),
            ("{{ printf .Values.format 1 }}", "computed format"),
            ("{{ .Release.Date }}", "`.Release.Date`"),
            ("{{ quote | tpl . }}", "`tpl`"),
            ("{{ trunc 5 }}", "wrong number of args for trunc: want 2 got 1"),
            ("{{ set .Values.a \"b\" 1 }}", "changes a map"),
        ] {
            let messages = found(text);
            assert!(messages.iter().any(|message| message.contains(part)), "{text}: {messages:?}");
        }
    }

    #[test]
    fn what_can_be_analysed_passes() {
        for text in [
            "{{ include \"a\" . }}{{ .Values.a | default \"x\" | quote }}",
            "{{ index .Subcharts \"b\" }}{{ index .Values.list 0 }}",
            "{{ range keys .Values.m | sortAlpha }}{{ . }}{{ end }}",
            "{{ merge (deepCopy .Values.a) .Values.b | toYaml }}",
            "{{ with .Values.pod }}{{ toYaml . | nindent 2 }}{{ end }}",
            "{{ .Capabilities.APIVersions.Has \"v1\" }}{{ .Files.Get \"x\" }}{{ .Item.Has }}",
            "{{ dig \"a\" \"b\" \"\" .Values.m }}",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
