//! README.md beside the charts of the catalogue.

use sparkyard_model::{Catalogue, ChartTree, Line, LineStatus, Preset, Shape};

use crate::chart::table::{code, table};
use crate::{GLOBAL, install, names};

/// The page that leads to every chart.
pub(crate) fn readme(catalogue: &Catalogue, tree: &ChartTree, lines: &[(&Line, Vec<&Preset>)]) -> String {
    let mut text = format!(
        "<!-- Made by sparkyard {}; do not edit. -->\n\n# Helm charts for Apache Spark\n\n\
         Pick a Spark line and a preset, and run the commands of the preset in this folder.\n\n## Lines\n\n",
        catalogue.version
    );
    let rows = lines.iter().map(|(line, _)| {
        vec![
            format!("[{}](#spark-{})", line.id, line.slug()),
            line.spark.to_string(),
            status(line).to_owned(),
            shape(line).to_owned(),
            line.summary.clone(),
        ]
    });
    text.push_str(&table(&["Line", "Spark", "Status", "Charts", "Who should take it"], &rows.collect::<Vec<_>>()));
    text.push_str("\n## Presets\n\n");
    let rows = catalogue.presets.iter().map(|preset| {
        let fits: Vec<&str> =
            lines.iter().filter(|(_, all)| all.iter().any(|p| p.id == preset.id)).map(|(l, _)| l.id.as_str()).collect();
        vec![code(&preset.id), preset.title.clone(), preset.for_whom.clone(), preset.cost.clone(), fits.join(", ")]
    });
    text.push_str(&table(
        &["Preset", "What it gives", "For whom", "What it costs", "Lines"],
        &rows.collect::<Vec<_>>(),
    ));
    for (line, presets) in lines {
        text.push_str(&section(catalogue, tree, line, presets));
    }
    text
}

/// What the user of a preset must set, in Markdown: the file `my.yaml` of the commands. Nothing for most presets.
pub fn set_first(preset: &Preset) -> String {
    if preset.must_set.is_empty() {
        return String::new();
    }
    let values = serde_json::json!({ GLOBAL: preset.examples() });
    let mut text = format!("Set these first, in `my.yaml`:\n\n```yaml\n{}```\n\n", sparkyard_yaml::to_string(&values));
    if !preset.must_make.is_empty() {
        let items: String = preset.must_make.iter().map(|what| format!("- {what}\n")).collect();
        text.push_str(&format!("Make before, in the namespace:\n\n{items}\n"));
    }
    text
}

fn section(catalogue: &Catalogue, tree: &ChartTree, line: &Line, presets: &[&Preset]) -> String {
    let prefix = names::umbrella(line);
    let mut text = format!("\n## {}\n\n{}\n\n", prefix, line.summary);
    let own = |name: &str| name.strip_prefix(&prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let rows = tree.charts.iter().filter(|chart| own(&chart.name)).map(|chart| {
        vec![
            format!("[{0}]({0}/README.md)", chart.name),
            chart.version.to_string(),
            chart.app_version.clone(),
            chart.description.clone(),
        ]
    });
    text.push_str(&table(&["Chart", "Version", "App version", "What it is"], &rows.collect::<Vec<_>>()));
    let default = presets.first().map(|preset| preset.id.as_str());
    for preset in presets {
        text.push_str(&format!("\n### {} on {}\n\n{}\n\n", preset.id, line.id, preset.title));
        let file = Some(preset.id.as_str()).filter(|id| Some(*id) != default);
        let bricks: Vec<&str> = preset.bricks.iter().map(String::as_str).collect();
        let own = !preset.must_set.is_empty();
        let commands = install::commands(line, line.shape, &preset.id, &bricks, file, own);
        text.push_str(&set_first(preset));
        text.push_str(&format!("```sh\n{}\n```\n", commands.join("\n")));
    }
    for platform in catalogue.platforms.iter().filter(|platform| !platform.values.is_empty()) {
        text.push_str(&format!(
            "\nOn {}: add `-f <chart>/values-{}.yaml` to each command.\n",
            platform.title, platform.id
        ));
    }
    text
}

fn status(line: &Line) -> &'static str {
    match line.status {
        LineStatus::Lts => "long-maintained",
        LineStatus::Latest => "latest",
        LineStatus::Maintained => "maintained",
        LineStatus::Eol => "end of life",
    }
}

fn shape(line: &Line) -> &'static str {
    match line.shape {
        Shape::Modular => "one per component",
        Shape::Umbrella => "one for all",
    }
}
