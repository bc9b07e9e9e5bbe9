//! `sparkyard list`.

use serde_json::{Value, json};
use sparkyard_check::RULES;
use sparkyard_model::{Brick, Catalogue, Line, LineStatus, Preset, Socket};

use crate::args::{Format, ListArgs, What};
use crate::console::Console;
use crate::{OK, Outcome, check, table};

pub(crate) fn run(args: &ListArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    match args.output {
        Format::Json => console.json(&document(args.what, catalogue))?,
        Format::Table => console.print(&text(args.what, catalogue))?,
    }
    Ok(OK)
}

fn text(what: What, catalogue: &Catalogue) -> String {
    match what {
        What::Bricks => table::rows(
            ["BRICK", "WHAT IT IS", "PROVIDES", "NEEDS", "PORTS"],
            catalogue.bricks.iter().map(|brick| {
                let ports = brick.ports.iter().map(|port| port.port.to_string()).collect::<Vec<_>>().join(" ");
                [brick.id.to_owned(), brick.title.to_owned(), sockets(brick.provides), sockets(brick.needs), ports]
            }),
        ),
        What::Presets => table::rows(
            ["PRESET", "WHAT IT IS", "SPARK", "BRICKS", "COST"],
            catalogue.presets.iter().map(|preset| {
                [
                    preset.id.clone(),
                    preset.title.clone(),
                    fitting(catalogue, &preset.lines),
                    preset.bricks.len().to_string(),
                    preset.cost.clone(),
                ]
            }),
        ),
        What::Lines => table::rows(
            ["LINE", "SPARK", "STATUS", "SHAPE", "SCALA", "JAVA", "PYTHON", "FOR WHOM"],
            catalogue.lines.iter().map(|line| {
                [
                    line.id.clone(),
                    line.spark.to_string(),
                    status(line).to_owned(),
                    line.shape.to_string(),
                    line.scala.clone(),
                    line.java.clone(),
                    line.python.clone(),
                    line.summary.clone(),
                ]
            }),
        ),
        What::Platforms => table::rows(
            ["PLATFORM", "WHAT IT IS"],
            catalogue.platforms.iter().map(|platform| [platform.id.clone(), platform.title.clone()]),
        ),
        What::Rules => table::rows(
            ["RULE", "ABOUT", "WHAT IT ASKS FOR"],
            RULES.iter().map(|rule| [rule.id.to_owned(), rule.group.title().to_owned(), rule.title.to_owned()]),
        ),
    }
}

fn document(what: What, catalogue: &Catalogue) -> Value {
    match what {
        What::Bricks => catalogue.bricks.iter().map(brick).collect(),
        What::Presets => catalogue.presets.iter().map(|each| preset(each, catalogue)).collect(),
        What::Lines => json!(catalogue.lines),
        What::Platforms => json!(catalogue.platforms),
        What::Rules => check::rules(),
    }
}

/// A preset for a script: its own facts, and in `fits` the lines of the catalogue that its `lines` admit.
fn preset(preset: &Preset, catalogue: &Catalogue) -> Value {
    let mut facts = json!(preset);
    facts["fits"] = lines_of(catalogue, &preset.lines).collect();
    facts
}

/// A brick for a script: its facts without its values, which `explain` knows.
pub(crate) fn brick(brick: &Brick) -> Value {
    json!({
        "id": brick.id,
        "component": brick.component,
        "title": brick.title,
        "why": brick.why,
        "provides": brick.provides,
        "needs": brick.needs,
        "ports": brick.ports,
        "images": brick.images,
        "globals": brick.globals,
        "keywords": brick.keywords,
        "sources": brick.sources,
    })
}

pub(crate) fn sockets(sockets: &[Socket]) -> String {
    sockets.iter().map(|socket| format!("{socket:?}")).collect::<Vec<_>>().join(" ")
}

/// Lines of the catalogue that a requirement admits.
pub(crate) fn fitting(catalogue: &Catalogue, lines: &semver::VersionReq) -> String {
    lines_of(catalogue, lines).collect::<Vec<_>>().join(" ")
}

fn lines_of<'a>(catalogue: &'a Catalogue, lines: &semver::VersionReq) -> impl Iterator<Item = &'a str> {
    catalogue.lines.iter().filter(|line| lines.matches(&line.spark)).map(|line| line.id.as_str())
}

pub(crate) fn status(line: &Line) -> &'static str {
    match line.status {
        LineStatus::Lts => "lts",
        LineStatus::Latest => "latest",
        LineStatus::Maintained => "maintained",
        LineStatus::Eol => "eol",
    }
}
