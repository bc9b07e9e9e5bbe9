//! values-<preset>.yaml and values-<platform>.yaml: small files for `helm install -f`.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_model::{Origin, Platform, Preset, Tree};

use super::content::Files;
use super::{Composer, Part};
use crate::render::union;
use crate::resolve::base_values;
use crate::validate::ENABLED;
use crate::{ComposeError, GLOBAL, path};

impl Composer<'_> {
    /// The preset and platform files of a chart of one brick.
    pub(super) fn modular_overlays(&self, part: &Part, files: &mut Files) -> Result<(), ComposeError> {
        let of = self.flat_schema(part)?;
        let flat = |global: Tree, own: Tree| {
            let mut tree = Tree::new();
            if !global.is_empty() {
                tree.insert(GLOBAL.to_owned(), Value::Object(global));
            }
            tree.extend(own);
            tree
        };
        for preset in self.presets.iter().filter(|preset| preset.bricks.iter().any(|id| id == part.brick.id)) {
            let mut global = self.preset_section(
                preset,
                GLOBAL,
                &self.knowledge.typed(GLOBAL)?.defaults,
                &self.plan.global,
                &self.plan.global_origins,
            );
            if !global.contains_key("stack") && self.plan.global.contains_key("stack") {
                global.shift_insert(0, "stack".to_owned(), Value::from(preset.id.as_str()));
            }
            let own = self.preset_own(preset, part)?;
            let tree = flat(path::only(&global, part.brick.globals), own);
            self.insert(files, &preset.id, &preset_words(preset), &tree, &of);
        }
        for platform in self.platforms() {
            let global = path::only(&section(&platform.values, GLOBAL), part.brick.globals);
            let mut own = section(&platform.values, part.brick.id);
            own.shift_remove(ENABLED);
            self.insert(files, &platform.id, &platform_words(platform), &flat(global, own), &of);
        }
        Ok(())
    }

    /// The preset and platform files of an umbrella.
    pub(super) fn umbrella_overlays(&self, files: &mut Files) -> Result<(), ComposeError> {
        let of = self.nested_comments()?;
        let globals = union(&self.bricks(), |brick| brick.globals);
        for preset in &self.presets {
            let mut tree = Tree::new();
            let global = self.preset_section(
                preset,
                GLOBAL,
                &self.knowledge.typed(GLOBAL)?.defaults,
                &self.plan.global,
                &self.plan.global_origins,
            );
            if !global.is_empty() {
                tree.insert(GLOBAL.to_owned(), Value::Object(path::only(&global, &globals)));
            }
            for part in &self.parts {
                let used = preset.bricks.iter().any(|id| id == part.brick.id);
                let mut own = Tree::new();
                own.insert(
                    ENABLED.to_owned(),
                    section(&preset.values, part.brick.id).get(ENABLED).cloned().unwrap_or(used.into()),
                );
                if used {
                    own.extend(self.preset_own(preset, part)?);
                }
                tree.insert(part.brick.id.to_owned(), Value::Object(own));
            }
            self.insert(files, &preset.id, &preset_words(preset), &tree, &of);
        }
        for platform in self.platforms() {
            let mut tree = Tree::new();
            let ids = std::iter::once(GLOBAL).chain(self.parts.iter().map(|part| part.brick.id));
            for id in ids {
                let mut own = section(&platform.values, id);
                if id == GLOBAL {
                    own = path::only(&own, &globals);
                }
                if !own.is_empty() {
                    tree.insert(id.to_owned(), Value::Object(own));
                }
            }
            self.insert(files, &platform.id, &platform_words(platform), &tree, &of);
        }
        Ok(())
    }

    /// The platforms that change something.
    pub(super) fn platforms(&self) -> impl Iterator<Item = &Platform> {
        self.catalogue().platforms.iter().filter(|platform| !platform.values.is_empty())
    }

    /// What a preset sets of a brick, without the switch.
    fn preset_own(&self, preset: &Preset, part: &Part) -> Result<Tree, ComposeError> {
        let base = base_values(self.knowledge, &self.plan.line, part.brick)?;
        let mut own = self.preset_section(preset, part.brick.id, &base, &part.planned.values, &part.planned.origins);
        own.shift_remove(ENABLED);
        Ok(own)
    }

    /// A preset's section. The chart's own defaults are those of the plan's preset, so the section also takes back
    /// what that one set: the same preset gives the same values, whichever chart it is laid over.
    fn preset_section(
        &self,
        preset: &Preset,
        id: &str,
        base: &Tree,
        planned: &Tree,
        origins: &BTreeMap<String, Origin>,
    ) -> Tree {
        let mut tree = section(&preset.values, id);
        if self.plan.preset.as_deref() == Some(preset.id.as_str()) {
            return tree;
        }
        let said = tree.clone();
        path::leaves(planned, &mut |at, _| {
            let is_presets = matches!(origins.get(&at.join(".")), Some(Origin::Preset { .. }));
            let switch = at == [ENABLED] && id != GLOBAL;
            if is_presets && !switch && !covers(&said, at) {
                path::set(&mut tree, at, path::get(base, at).cloned().unwrap_or(Value::Null));
            }
        });
        path::leaves(base, &mut |at, value| {
            if path::get(planned, at).is_none() && !covers(&said, at) {
                path::set(&mut tree, at, value.clone());
            }
        });
        tree
    }

    fn insert(&self, files: &mut Files, id: &str, words: &str, tree: &Tree, of: &Value) {
        let mut text = self.headline();
        text.push_str(words);
        text.push('\n');
        if tree.is_empty() {
            text.push_str("# Nothing differs here.\n{}\n");
        } else {
            text.push_str(&sparkyard_yaml::commented(tree, of));
        }
        files.insert(format!("values-{id}.yaml"), text.into_bytes());
    }
}

/// Whether a section decides the leaf at `at`, or something that it lies in.
fn covers(section: &Tree, at: &[&str]) -> bool {
    (1..=at.len()).any(|end| match path::get(section, &at[..end]) {
        Some(Value::Object(_)) => end == at.len(),
        Some(_) => true,
        None => false,
    })
}

fn section(values: &Tree, id: &str) -> Tree {
    values.get(id).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn preset_words(preset: &Preset) -> String {
    let mut text = format!("# Preset {}: {}.\n", preset.id, trimmed(&preset.title));
    text.push_str(&sparkyard_yaml::comment(&preset.why, 0));
    text.push_str(&sparkyard_yaml::comment(&format!("Cost: {}.", trimmed(&preset.cost)), 0));
    text
}

fn platform_words(platform: &Platform) -> String {
    let mut text = format!("# Platform {}: {}.\n", platform.id, trimmed(&platform.title));
    text.push_str(&sparkyard_yaml::comment(&platform.why, 0));
    text
}

fn trimmed(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}
