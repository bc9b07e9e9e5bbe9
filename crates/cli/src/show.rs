//! `sparkyard show ID`.

use serde_json::{Value, json};
use sparkyard_model::{Brick, Catalogue, Finding, Line, Platform, Preset};
use sparkyard_yaml::{did_you_mean, schema, to_string};

use crate::args::{Format, ShowArgs};
use crate::console::Console;
use crate::{OK, Outcome, explain, list, plan, table};

pub(crate) fn run(args: &ShowArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let id = args.id.as_str();
    let (document, text) = if let Some(brick) = catalogue.brick(id) {
        (list::brick(brick), brick_page(brick, catalogue))
    } else if let Some(preset) = catalogue.preset(id) {
        (json!(preset), preset_page(preset, catalogue))
    } else if let Some(line) = catalogue.line(id) {
        (json!(line), line_page(line))
    } else if let Some(platform) = catalogue.platform(id) {
        (json!(platform), platform_page(platform))
    } else {
        let ids = ids(catalogue);
        let finding = Finding::error("unknown-id", format!("no brick, preset, line or platform `{id}`"));
        return Err(finding.help(did_you_mean(id, ids.iter().copied())).into());
    };
    match args.output {
        Format::Json => console.json(&document)?,
        Format::Table => console.print(&text)?,
    }
    Ok(OK)
}

fn ids(catalogue: &Catalogue) -> Vec<&str> {
    let bricks = catalogue.bricks.iter().map(|brick| brick.id);
    let presets = catalogue.presets.iter().map(|preset| preset.id.as_str());
    let lines = catalogue.lines.iter().map(|line| line.id.as_str());
    let platforms = catalogue.platforms.iter().map(|platform| platform.id.as_str());
    bricks.chain(presets).chain(lines).chain(platforms).collect()
}

fn brick_page(brick: &Brick, catalogue: &Catalogue) -> String {
    let ports = brick.ports.iter().map(|port| format!("{} {} ({})", port.port, port.what, port.name));
    let images = catalogue.lines.iter().flat_map(|line| {
        let images = brick.images.iter().filter_map(|slot| line.images.get(slot.role));
        images.map(|image| format!("{} on Spark {}", image.reference(), line.id))
    });
    let presets = catalogue.presets.iter().filter(|preset| preset.bricks.iter().any(|id| id == brick.id));
    let mut text = table::page(named([
        ("Brick", brick.id.to_owned()),
        ("What", brick.title.to_owned()),
        ("Why", brick.why.to_owned()),
        ("Provides", list::sockets(brick.provides)),
        ("Needs", list::sockets(brick.needs)),
        ("Ports", lines(ports)),
        ("Images", lines(images)),
        ("Presets", presets.map(|preset| preset.id.as_str()).collect::<Vec<_>>().join(" ")),
    ]));
    let (schema, defaults) = ((brick.values.schema)(), (brick.values.defaults)());
    let Value::Object(defaults) = defaults else { return text };
    let rows = defaults.iter().map(|(key, value)| {
        let doc = schema::at(&schema, &[key]).and_then(schema::description).map(explain::first_sentence);
        [format!("{}.{key}", brick.id), plan::short(value), doc.unwrap_or_default()]
    });
    text.push('\n');
    text.push_str(&table::rows(["VALUE", "DEFAULT", "WHAT IT IS"], rows));
    text.push_str(&format!(
        "\nMore about one: sparkyard explain {}.{}\n",
        brick.id,
        defaults.keys().next().map_or("", String::as_str)
    ));
    text
}

fn preset_page(preset: &Preset, catalogue: &Catalogue) -> String {
    let mut text = table::page(named([
        ("Preset", preset.id.clone()),
        ("What", preset.title.clone()),
        ("For whom", preset.for_whom.clone()),
        ("Why", preset.why.clone()),
        ("Spark", list::fitting(catalogue, &preset.lines)),
        ("Bricks", preset.bricks.join(" ")),
        ("Cost", preset.cost.clone()),
        ("Lacks", lines(preset.lacks.iter().cloned())),
        ("Next step", preset.next.clone()),
    ]));
    if !preset.values.is_empty() {
        text.push_str("\nValues:\n");
        text.push_str(&indented(&to_string(&Value::Object(preset.values.clone()))));
    }
    let file = if preset.must_set.is_empty() {
        ""
    } else {
        text.push_str("\nSet these first, in a file of yours:\n");
        text.push_str(&indented(&to_string(&json!({"global": preset.examples()}))));
        if !preset.must_make.is_empty() {
            text.push_str("\nMake before, in the namespace:\n");
            text.push_str(&indented(&preset.must_make.join("\n")));
        }
        " -f my.yaml"
    };
    text.push_str(&format!("\nNext:\n  sparkyard build --preset {}{file}\n", preset.id));
    text
}

fn line_page(line: &Line) -> String {
    let images = line.images.iter().map(|(role, image)| format!("{role}: {}", image.reference()));
    let jars =
        line.jars.iter().map(|jar| format!("{} ({}, {})", jar.coordinate, jar.group, table::size(jar.size as usize)));
    let conf = line.conf.iter().map(|(key, value)| format!("{key}={value}"));
    table::page(named([
        ("Line", line.id.clone()),
        ("Spark", line.spark.to_string()),
        ("Status", list::status(line).to_owned()),
        ("For whom", line.summary.clone()),
        ("Shape", line.shape.to_string()),
        ("Scala", line.scala.clone()),
        ("Java", line.java.clone()),
        ("Python", line.python.clone()),
        ("Hadoop", line.hadoop.clone()),
        ("Hive client", line.hive_client.clone()),
        ("Metastore", line.metastore.clone()),
        ("Configuration", lines(conf)),
        ("Images", lines(images)),
        ("Jars", lines(jars)),
    ]))
}

fn platform_page(platform: &Platform) -> String {
    let mut text = table::page(named([
        ("Platform", platform.id.clone()),
        ("What", platform.title.clone()),
        ("Why", platform.why.clone()),
    ]));
    if !platform.values.is_empty() {
        text.push_str("\nValues:\n");
        text.push_str(&indented(&to_string(&Value::Object(platform.values.clone()))));
    }
    text
}

fn named<const N: usize>(facts: [(&str, String); N]) -> impl Iterator<Item = (String, String)> {
    facts.into_iter().map(|(name, text)| (name.to_owned(), text))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
