//! README.md of a chart, for a DevOps engineer and a data engineer alike.

use sparkyard_model::{Preset, Shape};

use super::metadata::Metadata;
use super::table::{self, code, table};
use super::{Composer, Part};
use crate::install::NAMESPACE;
use crate::{ComposeError, GLOBAL, render};

impl Composer<'_> {
    /// README of a chart of one brick.
    pub(super) fn modular_readme(&self, part: &Part, metadata: &Metadata) -> Result<String, ComposeError> {
        let brick = part.brick;
        let name = &metadata.name;
        let mut text = self.head(metadata, brick.why);
        text.push_str("\n## What it needs\n\n");
        text.push_str(REQUIREMENTS);
        for need in self.needs(part) {
            text.push_str(&format!("- {need}.\n"));
        }
        text.push_str("\n## Install\n\n");
        let stack = if self.plan.stack.is_empty() { "the name of the release" } else { &self.plan.stack };
        text.push_str(&format!(
            "The charts of one stack find each other by `global.stack` (here: {}). Install them into one namespace, \
             with the same `global` values, in this order:\n\n",
            code(stack)
        ));
        text.push_str(&shell(&self.install(self.default_preset(), Some(brick))));
        text.push_str(&self.platform_words(name));
        let presets: Vec<&Preset> =
            self.presets.iter().filter(|p| p.bricks.iter().any(|id| id == brick.id)).copied().collect();
        text.push_str(&self.presets_section(&presets, "every chart of the stack takes its own file"));
        text.push_str("\n## Values\n\n");
        text.push_str(&self.values_table(part, "")?);
        text.push_str("\nShared with the other charts of the stack:\n\n");
        text.push_str(&self.globals_table(brick.globals)?);
        if !brick.ports.is_empty() {
            text.push_str("\n## Ports\n\n");
            text.push_str(&self.ports_table(std::slice::from_ref(part)));
        }
        text.push_str(&images(&metadata.images));
        let release = self.release(Some(crate::names::short(brick.id)));
        text.push_str(&self.later(name, &release));
        Ok(text)
    }

    /// README of an umbrella.
    pub(super) fn umbrella_readme(&self, metadata: &Metadata) -> Result<String, ComposeError> {
        let name = &metadata.name;
        let why = "One chart with everything of a Spark platform, each part of it a *brick* that can be switched on and \
                   off. The bricks are wired to each other by name, so there is no address to configure; each can also \
                   be pointed at a service of your own.";
        let mut text = self.head(metadata, why);
        let rows: Vec<Vec<String>> = self
            .parts
            .iter()
            .map(|part| {
                let on = part.planned.values.get("enabled").and_then(serde_json::Value::as_bool).unwrap_or(true);
                vec![code(part.brick.id), sentence(part.brick.title), if on { "yes" } else { "no" }.to_owned()]
            })
            .collect();
        text.push_str("\n## What is inside\n\n");
        text.push_str(&table(&["Brick", "What it is", "On by default"], &rows));
        text.push_str("\n## What it needs\n\n");
        text.push_str(REQUIREMENTS);
        text.push_str("\n## Install\n\n");
        text.push_str(&shell(&self.install(self.default_preset(), None)));
        text.push_str(&self.platform_words(name));
        text.push_str(&self.presets_section(&self.presets, "or your own, with the bricks and values that you want"));
        text.push_str(&format!(
            "\n## Values\n\n`values.yaml` shows `global`, the switch of each brick and what differs from its defaults. All \
             that can be set is below; write it under the brick's name, for example `{}`.\n\n### global\n\n",
            self.parts.first().map_or("", |part| part.brick.id)
        ));
        text.push_str(&self.globals_table(&render::union(&self.bricks(), |brick| brick.globals))?);
        for part in &self.parts {
            text.push_str(&format!("\n### {}\n\n{}\n\n", part.brick.id, part.brick.why));
            text.push_str(&self.values_table(part, part.brick.id)?);
        }
        text.push_str("\n## Ports\n\n");
        text.push_str(&self.ports_table(&self.parts));
        text.push_str(&images(&metadata.images));
        text.push_str(&self.later(name, &self.release(None)));
        Ok(text)
    }

    fn head(&self, metadata: &Metadata, why: &str) -> String {
        let line = &self.plan.line;
        let mut text = format!("# {}\n\n{}\n\n{why}\n\n", metadata.name, sentence(&metadata.description));
        let rows = [
            ("Chart", self.plan.chart_version.to_string()),
            ("Program inside", metadata.app_version.clone()),
            ("Spark line", format!("{} (Spark {})", line.id, line.spark)),
            ("Scala, Java, Python", format!("{}, {}, {}", line.scala, line.java, line.python)),
            ("Hadoop client, Hive Metastore", format!("{}, {}", line.hadoop, line.metastore)),
        ];
        let rows: Vec<Vec<String>> = rows.into_iter().map(|(what, version)| vec![what.to_owned(), version]).collect();
        text.push_str(&table(&["", "Version"], &rows));
        text
    }

    /// The preset that the chart's own values are those of.
    fn default_preset(&self) -> Option<&Preset> {
        self.presets.iter().find(|preset| Some(preset.id.as_str()) == self.plan.preset.as_deref()).copied()
    }

    fn release(&self, brick: Option<&str>) -> String {
        let stack = self.plan.preset.as_deref().unwrap_or(crate::install::STACK);
        brick.map_or_else(|| stack.to_owned(), |brick| format!("{stack}-{brick}"))
    }

    fn platform_words(&self, chart: &str) -> String {
        let mut text = String::new();
        for platform in self.platforms() {
            let (title, file) = (&platform.title, format!("values-{}.yaml", platform.id));
            text.push_str(&match self.plan.shape {
                Shape::Modular => {
                    format!("\nOn {title}, add `-f <chart>/{file}` to each command, with the chart's own file.\n")
                }
                Shape::Umbrella => format!("\nOn {title}, add `-f {chart}/{file}`.\n"),
            });
        }
        text
    }

    fn presets_section(&self, presets: &[&Preset], hint: &str) -> String {
        let others: Vec<&&Preset> =
            presets.iter().filter(|p| Some(p.id.as_str()) != self.plan.preset.as_deref()).collect();
        if others.is_empty() {
            return String::new();
        }
        let mut rows = Vec::new();
        for preset in presets {
            let is_default = Some(preset.id.as_str()) == self.plan.preset.as_deref();
            let name = if is_default { format!("`{}` (the default)", preset.id) } else { code(&preset.id) };
            rows.push(vec![name, preset.title.clone(), preset.for_whom.clone(), preset.cost.clone()]);
        }
        let mut text =
            format!("\n### Presets\n\nA preset is a values file for a purpose: `-f values-<preset>.yaml`; {hint}.\n\n");
        text.push_str(&table(&["Preset", "What it gives", "For whom", "What it costs"], &rows));
        for preset in others {
            text.push_str(&format!("\n{}:\n\n", code(&preset.id)));
            text.push_str(&crate::index::set_first(preset));
            text.push_str(&shell(&self.install(Some(preset), None)));
        }
        text
    }

    fn globals_table(&self, keys: &[&str]) -> Result<String, ComposeError> {
        Ok(table::values(&self.knowledge.typed(GLOBAL)?.schema, &self.plan.global, GLOBAL, Some(keys)))
    }

    fn values_table(&self, part: &Part, above: &str) -> Result<String, ComposeError> {
        Ok(table::values(&self.knowledge.typed(part.brick.id)?.schema, &part.planned.values, above, None))
    }

    fn later(&self, chart: &str, release: &str) -> String {
        let stack = if self.plan.stack.is_empty() { release } else { self.plan.stack.as_str() };
        let line = &self.plan.line.id;
        format!(
            "\n## Upgrade\n\n\
             Give the same values files as at the install:\n\n\
             ```sh\nhelm upgrade {release} ./{chart} --namespace {NAMESPACE}\n```\n\n\
             Versions of this chart stay on Spark {line}. Another Spark line is another chart: install it as a stack of its \
             own beside this one, pointed at the same S3 store and metastore, and move the work over.\n\n\
             ## Uninstall\n\n\
             ```sh\nhelm uninstall {release} --namespace {NAMESPACE}\n```\n\n\
             Data and credentials stay. To see them, and to delete them for good:\n\n\
             ```sh\nkubectl --namespace {NAMESPACE} get pvc,secret -l app.kubernetes.io/part-of={stack}\n\
             kubectl --namespace {NAMESPACE} delete pvc,secret -l app.kubernetes.io/part-of={stack}\n```\n"
        )
    }
}

const REQUIREMENTS: &str = "\
- Kubernetes 1.25 or newer, or OpenShift 4.12 or newer. No cluster-wide rights: a namespace is enough, also one that \
enforces Pod Security `restricted`.
- Helm 3.14 or newer, or Helm 4.
";

fn images(images: &[String]) -> String {
    let rows: Vec<Vec<String>> = images.iter().map(|image| vec![code(image)]).collect();
    format!(
        "\n## Images\n\nFor a mirror or an air-gapped cluster copy these and set `global.imageRegistry`.\n\n{}",
        table(&["Image"], &rows)
    )
}

fn shell(commands: &[String]) -> String {
    format!("```sh\n{}\n```\n", commands.join("\n"))
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
