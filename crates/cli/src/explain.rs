//! `sparkyard explain VALUE.PATH|RULE`.

use serde::Serialize;
use serde_json::Value;
use sparkyard_check::{RULES, page, rule};
use sparkyard_compose::resolve;
use sparkyard_model::{Brick, Catalogue, Finding, Origin, Request, Values};
use sparkyard_yaml::{did_you_mean, nearest, schema};

use crate::args::{ExplainArgs, Format, Selection};
use crate::console::{Console, Stop};
use crate::{OK, Outcome, check, plan, readers, select, table};

/// Everything that is known about one value.
#[derive(Serialize)]
struct Explanation {
    path: String,
    description: String,
    #[serde(rename = "type")]
    kind: String,
    constraints: Vec<String>,
    members: Vec<Member>,
    default: Value,
    set: Option<Set>,
    #[serde(rename = "readBy")]
    read_by: Vec<String>,
    below: Vec<String>,
}

#[derive(Serialize)]
struct Member {
    value: Value,
    description: String,
}

/// What the value is in the selection, and who decided it.
#[derive(Serialize)]
struct Set {
    value: Value,
    origin: Option<Origin>,
}

pub(crate) fn run(args: &ExplainArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    if let Some(rule) = rule(&args.path) {
        match args.output {
            Format::Json => console.json(&check::described(rule))?,
            Format::Table => console.print(&page(rule))?,
        }
        return Ok(OK);
    }
    let (root, below) = split(&args.path, catalogue)?;
    let values = root.values(catalogue);
    let (tree, defaults) = ((values.schema)(), (values.defaults)());
    let path: Vec<&str> = if below.is_empty() { Vec::new() } else { below.split('.').collect() };
    let found = found(&tree, &path, &root)?;
    let default = match &defaults {
        Value::Object(tree) if !below.is_empty() => plan::lookup(tree, below).cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    let explanation = Explanation {
        path: args.path.clone(),
        description: root.description(found, below.is_empty()),
        kind: schema::type_name(found),
        constraints: schema::constraints(found),
        members: schema::members(found)
            .into_iter()
            .map(|member| Member {
                value: member.value.clone(),
                description: member.description.unwrap_or_default().to_owned(),
            })
            .collect(),
        default,
        set: set(&root, below, &args.selection, catalogue)?,
        read_by: readers::of(catalogue, root.id(), below),
        below: schema::properties(found).map(|keys| keys.keys().cloned().collect()).unwrap_or_default(),
    };
    match args.output {
        Format::Json => console.json(&explanation)?,
        Format::Table => console.print(&text(&explanation, found))?,
    }
    Ok(OK)
}

/// What a path starts with.
enum Root<'a> {
    Global,
    Brick(&'a Brick),
}

impl Root<'_> {
    fn id(&self) -> &str {
        match self {
            Root::Global => "global",
            Root::Brick(brick) => brick.id,
        }
    }

    fn values(&self, catalogue: &Catalogue) -> Values {
        match self {
            Root::Global => catalogue.global,
            Root::Brick(brick) => brick.values,
        }
    }

    fn description(&self, found: &Value, whole: bool) -> String {
        let doc = schema::description(found).unwrap_or_default();
        match self {
            Root::Brick(brick) if whole => format!("{}. {}", brick.title, brick.why),
            _ => doc.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n"),
        }
    }
}

fn split<'a, 'p>(path: &'p str, catalogue: &'a Catalogue) -> Result<(Root<'a>, &'p str), Finding> {
    let (first, below) = path.split_once('.').unwrap_or((path, ""));
    if first == "global" {
        return Ok((Root::Global, below));
    }
    match catalogue.brick(first) {
        Some(brick) => Ok((Root::Brick(brick), below)),
        None => {
            let rules = RULES.iter().map(|rule| rule.id).filter(|id| nearest(first, [*id]).is_some());
            let roots = catalogue.bricks.iter().map(|brick| brick.id).chain(["global"]).chain(rules);
            Err(Finding::error("unknown-value", format!("no brick or rule `{first}` to explain"))
                .help(did_you_mean(first, roots.collect::<Vec<_>>())))
        }
    }
}

/// The schema of a value, or the first part of the path that does not exist.
fn found<'s>(tree: &'s Value, path: &[&str], root: &Root<'_>) -> Result<&'s Value, Finding> {
    let mut here = tree;
    for (depth, key) in path.iter().enumerate() {
        match schema::at(here, &[key]) {
            Some(next) => here = next,
            None => {
                let above = [root.id()].into_iter().chain(path[..depth].iter().copied()).collect::<Vec<_>>().join(".");
                let keys: Vec<&str> =
                    schema::properties(here).map(|keys| keys.keys().map(String::as_str).collect()).unwrap_or_default();
                return Err(Finding::error("unknown-value", format!("no value `{key}` in `{above}`"))
                    .help(did_you_mean(key, keys)));
            }
        }
    }
    Ok(here)
}

/// What the value is in the selection; `None` when the brick is not part of it.
fn set(root: &Root<'_>, below: &str, selection: &Selection, catalogue: &Catalogue) -> Result<Option<Set>, Stop> {
    let request = if selection.is_empty() { Request::default() } else { select::request(selection, catalogue)? };
    let plan = match resolve(catalogue, &request) {
        Ok(plan) => plan,
        // Nobody asked for the default preset: a value can be explained without it.
        Err(_) if selection.is_empty() => return Ok(None),
        Err(findings) => return Err(findings.into()),
    };
    let (values, origins) = match root {
        Root::Global => (&plan.global, &plan.global_origins),
        Root::Brick(brick) => match plan.bricks.iter().find(|planned| planned.id == brick.id) {
            Some(planned) => (&planned.values, &planned.origins),
            None => return Ok(None),
        },
    };
    Ok(plan::lookup(values, below).map(|value| Set { value: value.clone(), origin: origins.get(below).cloned() }))
}

fn text(explanation: &Explanation, found: &Value) -> String {
    let mut facts = vec![("Value".to_owned(), explanation.path.clone())];
    let mut fact = |name: &str, text: String| facts.push((name.to_owned(), text));
    fact("What", explanation.description.clone());
    fact("Type", explanation.kind.clone());
    fact("Allowed", explanation.constraints.join("\n"));
    let members = explanation.members.iter().map(|member| match member.description.as_str() {
        "" => plan::short(&member.value),
        doc => format!("{}: {doc}", plan::short(&member.value)),
    });
    fact("One of", members.collect::<Vec<_>>().join("\n"));
    if explanation.below.is_empty() {
        fact("Default", explanation.default.to_string());
    }
    if let Some(Set { value, origin: Some(origin) }) = &explanation.set {
        fact("Is", format!("{value} ({})", plan::because(origin)));
    }
    fact("Read by", explanation.read_by.join("\n"));
    let mut text = table::page(facts);
    if !explanation.below.is_empty() {
        let rows = explanation.below.iter().map(|key| {
            let doc = schema::at(found, &[key]).and_then(schema::description).map(first_sentence);
            [format!("{}.{key}", explanation.path), doc.unwrap_or_default()]
        });
        text.push('\n');
        text.push_str(&table::rows(["VALUE", "WHAT IT IS"], rows));
    }
    text
}

/// The first sentence of a description, for tables.
pub(crate) fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or(text).replace('\n', " ");
    // `e.g. 1.5Gi` does not end a sentence: what follows must start with a capital or a backtick.
    let ends = |at: &usize| paragraph[at + 2..].starts_with(|c: char| c.is_uppercase() || c == '`');
    match paragraph.match_indices(". ").map(|(at, _)| at).find(ends) {
        Some(end) => paragraph[..=end].to_owned(),
        None => paragraph,
    }
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn sentences_end_at_a_full_stop_and_a_blank() {
        assert_eq!(first_sentence("Memory of\none, e.g. 1.5Gi. More\n\nthings."), "Memory of one, e.g. 1.5Gi.");
        assert_eq!(first_sentence("No stop"), "No stop");
    }
}
