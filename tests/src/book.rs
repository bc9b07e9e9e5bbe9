//! Pages and tables of the docs that are made of the catalogue.

use std::ffi::OsString;
use std::fmt::Write as _;

use sparkyard_model::{Catalogue, Comparison, Line, Preset, Shape};

fn fitting<'c>(catalogue: &'c Catalogue, preset: &Preset) -> Vec<&'c Line> {
    catalogue.lines.iter().filter(|line| preset.lines.matches(&line.spark)).collect()
}

/// The drawings of the presets, in docs/graphs: file and picture, each on the newest line that fits.
pub fn graphs(catalogue: &Catalogue) -> Vec<(String, String)> {
    let drawn = catalogue.presets.iter().filter_map(|preset| {
        let line = fitting(catalogue, preset).last().copied()?;
        Some((format!("{}.svg", preset.id), graph(catalogue, preset, line, "svg")))
    });
    drawn.collect()
}

/// A picture of a preset for a page, with its words for who does not see it. `folder` leads to docs/.
fn picture(catalogue: &Catalogue, preset: &Preset, line: &Line, folder: &str) -> String {
    let graph: serde_json::Value =
        serde_json::from_str(&graph(catalogue, preset, line, "json")).unwrap_or_else(|error| panic!("{error}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let edges = graph["edges"].as_array().into_iter().flatten().map(|edge| {
        let sockets: Vec<String> = edge["sockets"].as_array().into_iter().flatten().map(text).collect();
        format!("{} takes {} from {}", text(&edge["from"]), sockets.join(" and "), text(&edge["to"]))
    });
    let edges: Vec<String> = edges.collect();
    format!("![{id}: {}]({folder}graphs/{id}.svg)\n", edges.join("; "), id = preset.id)
}

/// What `sparkyard graph` draws of a preset on a line.
fn graph(catalogue: &Catalogue, preset: &Preset, line: &Line, form: &str) -> String {
    let args = ["sparkyard", "graph", &preset.id, "--spark", &line.id, "-o", form].map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = sparkyard_cli::run(args, || Ok(catalogue.clone()), &mut out, &mut err);
    assert_eq!(code, 0, "{}: {}", preset.id, String::from_utf8_lossy(&err));
    String::from_utf8_lossy(&out).into_owned()
}

/// docs/presets.md.
pub fn presets(catalogue: &Catalogue) -> String {
    let mut page = String::from(
        "# Presets\n\nMade by `cargo xtask docs` from `presets/`. A preset is a scenario: which bricks, which values, and \
         why. `sparkyard show PRESET` prints the same.\n\n| preset | for whom | lines | asked for |\n|---|---|---|---|\n",
    );
    for preset in &catalogue.presets {
        let lines: Vec<&str> = fitting(catalogue, preset).iter().map(|line| line.id.as_str()).collect();
        let id = &preset.id;
        let _ = writeln!(page, "| [`{id}`](#{id}) | {} | {} | {} |", preset.for_whom, lines.join(", "), preset.cost);
    }
    for preset in &catalogue.presets {
        let _ = write!(page, "\n## {}\n\n{}.\n\n{}\n\n", preset.id, preset.title, preset.why.trim());
        page.push_str("| brick | what it is for |\n|---|---|\n");
        for brick in preset.bricks.iter().filter_map(|id| catalogue.brick(id)) {
            let _ = writeln!(page, "| `{}` | {} |", brick.id, brick.title);
        }
        if let Some(line) = fitting(catalogue, preset).last() {
            let _ = write!(page, "\nWho plugs into what, and where it listens, on Spark {}:\n", line.id);
            let _ = write!(page, "\n{}", picture(catalogue, preset, line, ""));
        }
        page.push_str("\nWhat it lacks:\n\n");
        for lack in &preset.lacks {
            let _ = writeln!(page, "- {lack}");
        }
        let _ = write!(page, "\nThe next step up: {}\n\n", preset.next);
        let file = if preset.must_set.is_empty() { "" } else { " -f my.yaml" };
        page.push_str(&sparkyard_compose::set_first(preset));
        page.push_str("```sh\n");
        for line in fitting(catalogue, preset) {
            let _ = writeln!(page, "sparkyard build --preset {} --spark {} --package{file}", preset.id, line.id);
        }
        page.push_str("```\n");
    }
    page
}

/// Picture and tables of README.md, by the names of their markers.
pub fn readme(catalogue: &Catalogue) -> [(&'static str, String); 4] {
    let mut bricks = String::from("| brick | what it is for |\n|---|---|\n");
    for brick in &catalogue.bricks {
        let _ = writeln!(bricks, "| `{}` | {} |", brick.id, brick.title);
    }
    let mut presets = String::from("| preset | what it is |\n|---|---|\n");
    for preset in &catalogue.presets {
        let _ = writeln!(presets, "| [`{0}`](docs/presets.md#{0}) | {1} |", preset.id, preset.title);
    }
    let mut lines = String::from("| line | shape | for whom |\n|---|---|---|\n");
    for line in catalogue.lines.iter().rev() {
        let shape = match line.shape {
            Shape::Umbrella => "one umbrella chart",
            Shape::Modular => "one chart per brick",
        };
        let _ = writeln!(lines, "| Spark {} | {shape} | {} |", line.id, line.summary);
    }
    let first = &catalogue.presets[0];
    let picture = fitting(catalogue, first).last().map(|line| picture(catalogue, first, line, "docs/"));
    [("picture", picture.unwrap_or_default()), ("bricks", bricks), ("presets", presets), ("lines", lines)]
}

/// Tables of docs/choosing.md, by the names of their markers.
pub fn choosing(catalogue: &Catalogue) -> Vec<(String, String)> {
    let behaves =
        |what: &str| catalogue.lines.iter().any(|line| line.behaviour.contains_key(what) || what == "cannot be had");
    let mut tables = Vec::new();
    for mut comparison in catalogue.compared() {
        if comparison.id == "lines" {
            // The rest stands in the table of the lines.
            comparison.id = "behaviour".to_owned();
            comparison.options.iter_mut().for_each(|option| option.for_whom.clear());
            comparison.rows.retain(|row| behaves(&row.what));
        }
        tables.push((comparison.id.clone(), side_by_side(&comparison)));
    }
    tables
}

fn side_by_side(comparison: &Comparison) -> String {
    let row = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let header = comparison.header();
    let mut text = row(&header) + &row(&vec!["---"; header.len()]);
    let rows = comparison.table();
    text.extend(rows.iter().filter(|cells| cells[1..].iter().any(|cell| !cell.is_empty())).map(|cells| row(cells)));
    text
}

/// docs/bricks.md.
pub fn bricks(catalogue: &Catalogue) -> String {
    let mut page = String::from(
        "# The bricks\n\nMade by `cargo xtask docs` from `chart-blocks/`. A brick is a component with its values and templates. \
         `sparkyard show BRICK` prints the same with every value, `sparkyard explain BRICK.KEY` all about one.\n\nA brick \
         *provides* sockets that others *need*: whoever needs `S3` can be given the store of the stack, or an address of \
         yours. What is met neither way is refused when the charts are made.\n",
    );
    for brick in &catalogue.bricks {
        let _ = write!(page, "\n## {}\n\n{}.\n\n{}\n\n", brick.id, brick.title, brick.why.trim());
        let sockets = |names: Vec<String>| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        let _ = writeln!(page, "|  |  |\n|---|---|");
        let _ =
            writeln!(page, "| provides | {} |", sockets(brick.provides.iter().map(|s| format!("`{s:?}`")).collect()));
        let needs = brick.all_needs().map(|(socket, when)| match when {
            Some(when) => format!("`{socket:?}` with `{}: {}`", when.key, when.value),
            None => format!("`{socket:?}`"),
        });
        let _ = writeln!(page, "| needs | {} |", sockets(needs.collect()));
        for port in brick.ports {
            let _ = writeln!(page, "| port {} | {} |", port.port, port.what);
        }
        for slot in brick.images {
            let images = catalogue.lines.iter().rev().filter_map(|line| Some((line, line.images.get(slot.role)?)));
            let mut images: Vec<(String, Vec<&str>)> = images.fold(Vec::new(), |mut found, (line, image)| {
                let name = format!("`{}:{}`", image.repository, image.tag);
                match found.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, lines)) => lines.push(&line.id),
                    None => found.push((name, vec![line.id.as_str()])),
                }
                found
            });
            for (name, lines) in &mut images {
                if lines.len() < catalogue.lines.len() {
                    name.push_str(&format!(" on Spark {}", lines.join(", ")));
                }
            }
            let names: Vec<String> = images.into_iter().map(|(name, _)| name).collect();
            let _ = writeln!(page, "| {} | {} |", slot.key, sockets(names));
        }
        let users = catalogue.presets.iter().filter(|preset| preset.bricks.iter().any(|id| id == brick.id));
        let users = users.map(|preset| format!("[`{0}`](presets.md#{0})", preset.id)).collect();
        let _ = writeln!(page, "| presets | {} |", sockets(users));
        page.push_str("\n| value | what it is |\n|---|---|\n");
        let schema = (brick.values.schema)();
        for (key, value) in sparkyard_yaml::schema::properties(&schema).into_iter().flatten() {
            let what = sparkyard_yaml::schema::description(value).unwrap_or_default();
            let what = what.split("\n\n").next().unwrap_or_default().replace('\n', " ").replace('|', "\\|");
            let _ = writeln!(page, "| `{}.{key}` | {what} |", brick.id);
        }
    }
    page
}
