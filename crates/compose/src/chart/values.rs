//! values.yaml in its three forms: a modular chart's, an umbrella's, a vendored brick's.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sparkyard_model::{Origin, Tree};

use super::{Composer, Part, schema};
use crate::render::union;
use crate::validate::ENABLED;
use crate::{ComposeError, GLOBAL, path};

impl Composer<'_> {
    /// values.yaml of a chart of one brick, standing alone or vendored: its keys of `global`, then all of its own.
    pub(super) fn full_values(&self, part: &Part) -> Result<String, ComposeError> {
        let mut tree = Tree::new();
        tree.insert(GLOBAL.to_owned(), Value::Object(path::only(&self.plan.global, part.brick.globals)));
        tree.extend(part.planned.values.iter().filter(|(key, _)| *key != ENABLED).map(|(k, v)| (k.clone(), v.clone())));
        let mut text = self.headline();
        text.push('\n');
        text.push_str(&sparkyard_yaml::commented(&tree, &self.flat_schema(part)?));
        Ok(text)
    }

    /// values.yaml of an umbrella: `global`, a switch for each brick, and what is not a brick's own default.
    pub(super) fn umbrella_values(&self) -> Result<String, ComposeError> {
        let mut tree = Tree::new();
        let globals = union(&self.bricks(), |brick| brick.globals);
        tree.insert(GLOBAL.to_owned(), Value::Object(path::only(&self.plan.global, &globals)));
        for part in &self.parts {
            let mut dials = Tree::new();
            dials.insert(ENABLED.to_owned(), part.planned.values.get(ENABLED).cloned().unwrap_or(Value::Bool(true)));
            dials.extend(pick(&part.planned.values, &part.planned.origins, &mut Vec::new()));
            tree.insert(part.brick.id.to_owned(), Value::Object(dials));
        }
        let mut text = self.headline();
        text.push_str(
            "#\n# Each brick has a switch, and the values that differ from its own defaults. All values that can be set\n\
             # stand in charts/<brick>/values.yaml, with what they do; write them here below the brick's name.\n\n",
        );
        text.push_str(&sparkyard_yaml::commented(&tree, &self.nested_comments()?));
        Ok(text)
    }

    /// Descriptions for a file with `global` and the keys of one brick at its root.
    pub(super) fn flat_schema(&self, part: &Part) -> Result<Value, ComposeError> {
        let mut properties = Map::new();
        properties.insert(GLOBAL.to_owned(), self.knowledge.typed(GLOBAL)?.schema.clone());
        let brick = &self.knowledge.typed(part.brick.id)?.schema;
        if let Some(own) = sparkyard_yaml::schema::properties(brick) {
            properties.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(json!({ "properties": properties }))
    }

    /// Descriptions for a file with `global` and a section for each brick.
    pub(super) fn nested_comments(&self) -> Result<Value, ComposeError> {
        let mut properties = Map::new();
        properties.insert(GLOBAL.to_owned(), self.knowledge.typed(GLOBAL)?.schema.clone());
        for part in &self.parts {
            let brick = &self.knowledge.typed(part.brick.id)?.schema;
            let mut own = Map::new();
            own.insert(ENABLED.to_owned(), schema::enabled(None));
            if let Some(named) = sparkyard_yaml::schema::properties(brick) {
                own.extend(named.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            let description = format!("{}.", part.brick.title);
            properties.insert(part.brick.id.to_owned(), json!({"description": description, "properties": own}));
        }
        Ok(json!({ "properties": properties }))
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
