//! Markdown tables.

use serde_json::Value;
use sparkyard_model::Tree;
use sparkyard_yaml::schema;

use super::{Composer, Part};
use crate::{GLOBAL, path, wires};

/// A default that is longer is named, not shown.
const LONGEST_DEFAULT: usize = 60;

/// A table with a row of headings.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", headings.join(" | "), " --- |".repeat(headings.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('\n', " ").replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// Text as code; an empty one is shown as such.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// Every value of a schema: key, type, default, what it does. `above` stands before every key; `paths` says
/// which are meant, with all below them, if not all.
pub(super) fn values(of: &Value, tree: &Tree, above: &str, paths: Option<&[&str]>) -> String {
    let mut rows = Vec::new();
    collect(of, tree, above, paths, &mut rows);
    table(&["Key", "Type", "Default", "What it does"], &rows)
}

fn collect(of: &Value, tree: &Tree, above: &str, paths: Option<&[&str]>, rows: &mut Vec<Vec<String>>) {
    let Some(named) = schema::properties(of) else { return };
    for (key, below) in named {
        let further: Option<Vec<&str>> = match paths {
            Some(paths) if !paths.contains(&key.as_str()) => {
                Some(paths.iter().filter_map(|path| path.strip_prefix(key.as_str())?.strip_prefix('.')).collect())
            }
            _ => None,
        };
        if further.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let name = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        let value = tree.get(key);
        match (schema::properties(below), value) {
            (Some(_), Some(Value::Object(tree))) => collect(below, tree, &name, further.as_deref(), rows),
            (Some(_), None) => collect(below, &Tree::new(), &name, further.as_deref(), rows),
            _ => rows.push(vec![code(&name), schema::type_name(below), default(value), meaning(below)]),
        }
    }
}

fn default(value: Option<&Value>) -> String {
    let text = value.map(ToString::to_string).unwrap_or_default();
    if text.chars().count() > LONGEST_DEFAULT { "see values.yaml".to_owned() } else { code(&text) }
}

fn meaning(of: &Value) -> String {
    let mut text = schema::description(of).unwrap_or("").split("\n\n").next().unwrap_or("").replace('\n', " ");
    let words: Vec<String> = schema::members(of).iter().map(|member| format!("`{}`", member.word())).collect();
    if !words.is_empty() && !words.iter().all(|word| text.contains(word.as_str())) {
        text.push_str(&format!(" One of: {}.", words.join(", ")));
    }
    let bounds: Vec<String> = schema::constraints(of).into_iter().filter(|c| !c.starts_with("matches ")).collect();
    if !bounds.is_empty() {
        text.push_str(&format!(" ({})", bounds.join(", ")));
    }
    text.trim().to_owned()
}

impl Composer<'_> {
    /// Ports of some bricks; the name of the brick is shown when there are several.
    pub(super) fn ports_table(&self, parts: &[Part]) -> String {
        let mut rows = Vec::new();
        for part in parts {
            for port in part.brick.ports {
                let mut row = vec![port.port.to_string(), code(port.name), port.what.to_owned()];
                if parts.len() > 1 {
                    row.insert(0, code(part.brick.id));
                }
                rows.push(row);
            }
        }
        let headings = ["Brick", "Port", "Name", "What speaks there"];
        table(if parts.len() > 1 { &headings } else { &headings[1..] }, &rows)
    }

    /// What a brick needs, and what meets it here.
    pub(super) fn needs(&self, part: &Part) -> Vec<String> {
        let mut lines = Vec::new();
        for (socket, when) in part.brick.all_needs() {
            let providers: Vec<String> = self
                .catalogue()
                .bricks
                .iter()
                .filter(|brick| brick.provides.contains(&socket) && self.parts.iter().any(|p| p.brick.id == brick.id))
                .map(|brick| code(&crate::names::chart(&self.plan.line, self.plan.shape, brick.id)))
                .collect();
            let mut ways = Vec::new();
            if !providers.is_empty() {
                ways.push(format!("{} in the same stack", providers.join(" or ")));
            }
            if let Some(value) = socket.external() {
                let address = value
                    .strip_prefix(GLOBAL)
                    .and_then(|v| v.strip_prefix('.'))
                    .and_then(|v| path::get_dotted(&self.plan.global, v));
                let set = address.and_then(Value::as_str).filter(|address| !address.is_empty());
                ways.push(match set {
                    Some(address) => format!("your own, which `{value}` names: `{address}`"),
                    None => format!("your own, named by `{value}`"),
                });
            }
            let when = when.map(|when| format!(" (with `{}: {}`)", when.key, when.value)).unwrap_or_default();
            lines.push(format!("{}{when}: {}", capital(wires::words(socket)), ways.join(", or ")));
        }
        lines
    }
}

/// The text with a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
