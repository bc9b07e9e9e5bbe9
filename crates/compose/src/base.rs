//! The values of a brick before any preset, platform or override: its defaults, and the images of the line.

use std::sync::OnceLock;

use serde_json::{Value, json};
use sparkyard_model::{Brick, Finding, ImageRef, ImageSlot, Line, Origin, Tree};

use crate::knowledge::Typed;
use crate::layer::Decided;
use crate::validate::wrong_defaults;
use crate::{ComposeError, path};

/// The values of a brick, or of `global`, before any preset.
pub(crate) struct Base {
    /// Defaults of the brick, images of the line.
    pub(crate) decided: Decided,
    id: String,
    missing: Vec<Finding>,
    wrong: OnceLock<Vec<Finding>>,
}

impl Base {
    /// Lays the line's images over the defaults; `None` stands for `global`, which has no images.
    pub(crate) fn of(id: &str, typed: &Typed, brick: Option<&Brick>, line: &Line) -> Self {
        let mut decided = Decided::default();
        let mut missing = Vec::new();
        decided.lay(&typed.defaults, &|_| Origin::Brick { brick: id.to_owned() });
        for slot in brick.map_or(&[][..], |brick| brick.images) {
            match line.images.get(slot.role) {
                Some(image) => decided.lay(&values(slot, image), &|_| Origin::Line { line: line.id.clone() }),
                None => missing.push(no_image(id, slot, line)),
            }
        }
        Self { decided, id: id.to_owned(), missing, wrong: OnceLock::new() }
    }

    /// What is wrong before anybody has set anything; looked into once.
    pub(crate) fn findings(&self, typed: &Typed) -> Result<impl Iterator<Item = &Finding>, ComposeError> {
        if self.wrong.get().is_none() {
            let merged = Value::Object(self.decided.values.clone());
            let _ = self.wrong.set(wrong_defaults(&self.id, &typed.schema, typed.validator()?, &merged));
        }
        Ok(self.missing.iter().chain(self.wrong.get().into_iter().flatten()))
    }
}

fn values(slot: &ImageSlot, image: &ImageRef) -> Tree {
    let mut tree = Tree::new();
    let key: Vec<&str> = slot.key.split('.').collect();
    path::set(&mut tree, &key, json!({"registry": image.registry, "repository": image.repository, "tag": image.tag}));
    tree
}

fn no_image(id: &str, slot: &ImageSlot, line: &Line) -> Finding {
    if let Some(why) = line.lacks.get(id) {
        return Finding::error("line-lacks", format!("Spark {} goes without the brick `{id}`: {why}", line.id))
            .help("leave it out, or take another line: `sparkyard show` names the lines of a preset");
    }
    let have: Vec<&str> = line.images.keys().map(String::as_str).collect();
    let message = format!("line {} has no image `{}`, which `{id}` needs", line.id, slot.role);
    Finding::error("missing-image", message)
        .help(format!("add it to `images` of the line; it has: {}", have.join(", ")))
}
