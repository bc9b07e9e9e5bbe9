//! `values-<preset>.yaml` and `values-<platform>.yaml`: small files for `helm install -f`.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_model::{Origin, PlannedBrick, Platform, Preset, Tree};

use super::content::Files;
use super::{Composer, Part};
use crate::render::union;
use crate::validate::ENABLED;
use crate::{ComposeError, GLOBAL, path};

/// Key of `global` with the name of the stack.
const STACK_KEY: &str = "stack";

impl Composer<'_> {
    /// The preset and platform files of a chart of one brick.
    pub(super) fn modular_overlays(&self, part: &Part, files: &mut Files) -> Result<(), ComposeError> {
        for preset in self.presets.iter().filter(|preset| preset.bricks.iter().any(|id| id == part.brick.id)) {
            let mut global = self.preset_global(preset)?;
            // Charts of one stack find each other by its name, so it goes with the preset.
            if self.plan.global.contains_key(STACK_KEY) && !section(&preset.values, GLOBAL).contains_key(STACK_KEY) {
                global.shift_remove(STACK_KEY);
                let own = self.plan.global.get(STACK_KEY).filter(|_| self.is_of(preset)).cloned();
                global.shift_insert(0, STACK_KEY.to_owned(), own.unwrap_or_else(|| preset.id.as_str().into()));
            }
            let body = self.flat(part, &path::only(&global, part.brick.globals), &self.preset_own(preset, part)?)?;
            self.insert(files, &preset.id, &preset_words(preset), &body);
        }
        for platform in self.platforms() {
            let global = path::only(&section(&platform.values, GLOBAL), part.brick.globals);
            let mut own = section(&platform.values, part.brick.id);
            own.shift_remove(ENABLED);
            self.insert(files, &platform.id, &platform_words(platform), &self.flat(part, &global, &own)?);
        }
        Ok(())
    }

    /// The preset and platform files of an umbrella.
    pub(super) fn umbrella_overlays(&self, files: &mut Files) -> Result<(), ComposeError> {
        let globals = union(&self.bricks(), |brick| brick.globals);
        for preset in &self.presets {
            let mut sections = Vec::new();
            for part in &self.parts {
                let used = preset.bricks.iter().any(|id| id == part.brick.id);
                let planned = part.planned.values.get(ENABLED).filter(|_| self.is_of(preset)).cloned();
                let switch = planned.or_else(|| section(&preset.values, part.brick.id).get(ENABLED).cloned());
                let switch = switch.unwrap_or(used.into());
                let mut own: Tree = [(ENABLED.to_owned(), switch)].into_iter().collect();
                if used {
                    own.extend(self.preset_own(preset, part)?);
                }
                sections.push((part, own));
            }
            let global = path::only(&self.preset_global(preset)?, &globals);
            self.insert(files, &preset.id, &preset_words(preset), &self.nested(&global, &sections)?);
        }
        for platform in self.platforms() {
            let sections: Vec<(&Part, Tree)> =
                self.parts.iter().map(|part| (part, section(&platform.values, part.brick.id))).collect();
            let global = path::only(&section(&platform.values, GLOBAL), &globals);
            self.insert(files, &platform.id, &platform_words(platform), &self.nested(&global, &sections)?);
        }
        Ok(())
    }

    /// The platforms that change something.
    pub(super) fn platforms(&self) -> impl Iterator<Item = &Platform> {
        self.catalogue().platforms.iter().filter(|platform| !platform.values.is_empty())
    }

    /// Whether the plan is of this preset: its chart has the preset's values for defaults, and the user's own.
    fn is_of(&self, preset: &Preset) -> bool {
        self.plan.preset.as_deref() == Some(preset.id.as_str())
    }

    /// What a preset sets of `global`.
    fn preset_global(&self, preset: &Preset) -> Result<Tree, ComposeError> {
        let base = self.knowledge.base(&self.plan.line, GLOBAL)?;
        let mut tree =
            self.preset_section(preset, GLOBAL, &base.decided.values, &self.plan.global, &self.plan.global_origins);
        if !self.is_of(preset) {
            path::leaves(&preset.placeholders(), &mut |at, text| path::set(&mut tree, at, text.clone()));
        }
        Ok(tree)
    }

    /// What a preset sets of a brick, without the switch.
    fn preset_own(&self, preset: &Preset, part: &Part) -> Result<Tree, ComposeError> {
        let base = self.knowledge.base(&self.plan.line, part.brick.id)?;
        let PlannedBrick { values, origins, .. } = part.planned;
        let mut own = self.preset_section(preset, part.brick.id, &base.decided.values, values, origins);
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
        let said = tree.clone();
        if self.is_of(preset) {
            // Laid over the chart it must not take back what the user has said of the same values.
            path::leaves(&said, &mut |at, _| {
                path::set(&mut tree, at, path::get(planned, at).cloned().unwrap_or(Value::Null));
            });
            return tree;
        }
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

    fn insert(&self, files: &mut Files, id: &str, words: &str, body: &str) {
        let body = if body.is_empty() { "# Nothing differs here.\n{}\n" } else { body };
        files.insert(format!("values-{id}.yaml"), format!("{}{words}\n{body}", self.headline()).into_bytes());
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
    if !preset.must_set.is_empty() {
        let paths: Vec<String> = preset.must_set.keys().map(|path| format!("{GLOBAL}.{path}")).collect();
        let words = format!("Set these first, in a file of yours that follows this one: {}.", paths.join(", "));
        text.push_str(&sparkyard_yaml::comment(&words, 0));
    }
    for what in &preset.must_make {
        text.push_str(&sparkyard_yaml::comment(&format!("Make before: {}.", trimmed(what)), 0));
    }
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
