//! `sparkyard plan`.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_compose::resolve;
use sparkyard_model::{Catalogue, Finding, Origin, Plan, Provider, Tree};

use crate::args::{PlanArgs, PlanFormat};
use crate::console::Console;
use crate::{OK, Outcome, select, table};

pub(crate) fn run(args: &PlanArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let plan = resolve(catalogue, &select::request(&args.selection, catalogue)?)?;
    match args.output {
        PlanFormat::Json => console.json(&plan)?,
        PlanFormat::Yaml => {
            let value = serde_json::to_value(&plan)
                .map_err(|error| Finding::error("internal", format!("cannot write the plan: {error}")))?;
            console.print(&sparkyard_yaml::to_string(&value))?;
        }
        PlanFormat::Table => console.print(&text(&plan))?,
    }
    Ok(OK)
}

fn text(plan: &Plan) -> String {
    let mut text = table::page([
        ("Preset".to_owned(), plan.preset.clone().unwrap_or_else(|| "none, bricks were named".to_owned())),
        ("Spark".to_owned(), format!("{} (line {})", plan.line.spark, plan.line.id)),
        ("Platform".to_owned(), plan.platform.clone()),
        ("Shape".to_owned(), plan.shape.to_string()),
        ("Charts".to_owned(), format!("version {}", plan.chart_version)),
    ]);
    let wires = plan.wires.iter().map(|wire| {
        let to = match &wire.to {
            Provider::Brick { brick } => brick.clone(),
            Provider::External { value, address } => format!("{address} ({value})"),
        };
        [wire.from.clone(), format!("{:?}", wire.socket), to]
    });
    if !plan.wires.is_empty() {
        text.push('\n');
        text.push_str(&table::rows(["BRICK", "NEEDS", "FROM"], wires));
    }
    text.push('\n');
    let mut rows = Vec::new();
    values("global", &plan.global, &plan.global_origins, &mut rows);
    for brick in &plan.bricks {
        values(&brick.id, &brick.values, &brick.origins, &mut rows);
    }
    text.push_str(&table::rows(["VALUE", "IS", "BECAUSE OF"], rows));
    text
}

fn values(root: &str, tree: &Tree, origins: &BTreeMap<String, Origin>, rows: &mut Vec<[String; 3]>) {
    for (path, origin) in origins {
        let value = lookup(tree, path).map_or_else(String::new, short);
        rows.push([format!("{root}.{path}"), value, because(origin)]);
    }
}

/// The value at a dotted path. A key may hold dots itself (`spark.sql.shuffle.partitions`), so
/// every split is tried.
pub(crate) fn lookup<'a>(tree: &'a Tree, path: &str) -> Option<&'a Value> {
    if let Some(value) = tree.get(path) {
        return Some(value);
    }
    path.match_indices('.').find_map(|(dot, _)| match tree.get(&path[..dot]) {
        Some(Value::Object(inner)) => lookup(inner, &path[dot + 1..]),
        _ => None,
    })
}

/// A value on one line.
pub(crate) fn short(value: &Value) -> String {
    const WIDEST: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= WIDEST {
        return text;
    }
    text.chars().take(WIDEST - 3).chain("...".chars()).collect()
}

/// Who decided a value, in words; a file with its line, as an editor opens it.
pub(crate) fn because(origin: &Origin) -> String {
    match origin {
        Origin::Brick { brick } => format!("default of {brick}"),
        Origin::Line { line } => format!("Spark line {line}"),
        Origin::Preset { file, line } | Origin::Platform { file, line } | Origin::Override { file, line } => {
            format!("{file}:{line}")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_find_keys_with_dots() {
        let Value::Object(tree) = json!({"conf": {"spark.sql.x": "1", "spark": {"y": 2}}, "a": {"b": []}}) else {
            unreachable!("an object")
        };
        assert_eq!(lookup(&tree, "conf.spark.sql.x"), Some(&json!("1")));
        assert_eq!(lookup(&tree, "conf.spark.y"), Some(&json!(2)));
        assert_eq!(lookup(&tree, "a.b"), Some(&json!([])));
        assert_eq!(lookup(&tree, "a.c"), None);
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(short(&json!("x".repeat(100))).len(), 60);
    }
}
