//! values.yaml in its three forms: a modular chart's, an umbrella's, a vendored brick's.

use std::collections::BTreeMap;

use serde_json::Value;
use sparkyard_model::{Origin, Tree};
use sparkyard_yaml::{commented, schema, section};

use super::{Composer, Part};
use crate::render::union;
use crate::validate::ENABLED;
use crate::{ComposeError, GLOBAL, path};

impl Composer<'_> {
    /// values.yaml of a chart of one brick, standing alone or vendored: its keys of `global`, then all of its own.
    pub(super) fn full_values(&self, part: &Part) -> Result<String, ComposeError> {
        let global = path::only(&self.plan.global, part.brick.globals);
        let mut own = part.planned.values.clone();
        own.shift_remove(ENABLED);
        Ok(format!("{}\n{}", self.headline(), self.flat(part, &global, &own)?))
    }

    /// values.yaml of an umbrella: `global`, a switch for each brick, and what is not a brick's own default.
    pub(super) fn umbrella_values(&self) -> Result<String, ComposeError> {
        let global = path::only(&self.plan.global, &union(&self.bricks(), |brick| brick.globals));
        let mut sections = Vec::new();
        for part in &self.parts {
            let switch = part.planned.values.get(ENABLED).cloned().unwrap_or(Value::Bool(true));
            let mut dials: Tree = [(ENABLED.to_owned(), switch)].into_iter().collect();
            dials.extend(pick(&part.planned.values, &part.planned.origins, &mut Vec::new()));
            sections.push((part, dials));
        }
        let words = "#\n# Each brick has a switch, and the values that differ from its own defaults. All values that can \
                     be set stand\n# in charts/<brick>/values.yaml, with what they do; write them here below the brick's \
                     name.\n";
        Ok(format!("{}{words}\n{}", self.headline(), self.nested(&global, &sections)?))
    }

    /// A values file with `global` and the keys of one brick at its root.
    pub(super) fn flat(&self, part: &Part, global: &Tree, own: &Tree) -> Result<String, ComposeError> {
        let mut text = self.global_section(global)?;
        if !text.is_empty() && !own.is_empty() {
            text.push('\n');
        }
        text.push_str(&commented(own, &self.knowledge.typed(part.brick.id)?.schema));
        Ok(text)
    }

    /// A values file with `global` and a section for each brick that has one.
    pub(super) fn nested(&self, global: &Tree, sections: &[(&Part, Tree)]) -> Result<String, ComposeError> {
        let mut texts = vec![self.global_section(global)?];
        for (part, own) in sections.iter().filter(|(_, own)| !own.is_empty()) {
            let about = format!("{}.", part.brick.title);
            texts.push(section(part.brick.id, &about, own, &self.knowledge.typed(part.brick.id)?.schema));
        }
        texts.retain(|text| !text.is_empty());
        Ok(texts.join("\n"))
    }

    fn global_section(&self, global: &Tree) -> Result<String, ComposeError> {
        if global.is_empty() {
            return Ok(String::new());
        }
        let of = &self.knowledge.typed(GLOBAL)?.schema;
        Ok(section(GLOBAL, schema::description(of).unwrap_or(""), global, of))
    }
}

/// The leaves that neither the brick nor the line decided.
fn pick<'a>(tree: &'a Tree, origins: &BTreeMap<String, Origin>, at: &mut Vec<&'a str>) -> Tree {
    let mut picked = Tree::new();
    for (key, value) in tree {
        if at.is_empty() && key == ENABLED {
            continue;
        }
        at.push(key);
        match value {
            Value::Object(below) if !below.is_empty() => {
                let below = pick(below, origins, at);
                if !below.is_empty() {
                    picked.insert(key.clone(), Value::Object(below));
                }
            }
            leaf => {
                let own = matches!(origins.get(&at.join(".")), None | Some(Origin::Brick { .. } | Origin::Line { .. }));
                if !own {
                    picked.insert(key.clone(), leaf.clone());
                }
            }
        }
        at.pop();
    }
    picked
}
