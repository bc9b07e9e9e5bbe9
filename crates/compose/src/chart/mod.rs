//! Plan -> charts in memory.

mod content;
mod furniture;
mod metadata;
mod modular;
mod notes;
mod overlay;
mod readme;
mod refusals;
mod schema;
pub(crate) mod table;
mod umbrella;
mod values;

use std::sync::OnceLock;

use rayon::prelude::*;
use serde_json::Value;
use sparkyard_model::{Brick, Catalogue, ChartTree, Plan, PlannedBrick, Preset, Shape};

use crate::knowledge::Knowledge;
use crate::render::LineFacts;
use crate::{ComposeError, install};

/// Makes the charts of a plan, in install order.
///
/// # Errors
/// What is wrong with the catalogue's own files.
pub fn compose(catalogue: &Catalogue, plan: &Plan) -> Result<ChartTree, ComposeError> {
    compose_with(&Knowledge::of(catalogue), plan)
}

/// [`compose`] with what is known already.
pub(crate) fn compose_with(knowledge: &Knowledge, plan: &Plan) -> Result<ChartTree, ComposeError> {
    let composer = Composer::of(knowledge, plan)?;
    let charts = match plan.shape {
        Shape::Modular => composer.parts.par_iter().map(|part| composer.modular(part)).collect::<Result<_, _>>()?,
        Shape::Umbrella => vec![composer.umbrella()?],
    };
    Ok(ChartTree { charts, ..ChartTree::default() })
}

/// A brick of the catalogue and what the plan says about it.
struct Part<'a> {
    brick: &'a Brick,
    planned: &'a PlannedBrick,
    /// Its part of values.schema.json, made when it is first asked for.
    schema: OnceLock<Value>,
}

/// What every writer of a chart needs.
struct Composer<'a> {
    knowledge: &'a Knowledge<'a>,
    plan: &'a Plan,
    parts: Vec<Part<'a>>,
    /// The presets whose bricks are all here and which fit the line.
    presets: Vec<&'a Preset>,
    global_schema: OnceLock<Value>,
    /// The line, ready for composition templates.
    line: LineFacts,
}

impl<'a> Composer<'a> {
    fn of(knowledge: &'a Knowledge<'a>, plan: &'a Plan) -> Result<Self, ComposeError> {
        let catalogue = knowledge.catalogue;
        let mut parts = Vec::new();
        for planned in &plan.bricks {
            let brick = catalogue.brick(&planned.id).ok_or_else(|| ComposeError::UnknownBrick(planned.id.clone()))?;
            parts.push(Part { brick, planned, schema: OnceLock::new() });
        }
        let presets = catalogue
            .presets
            .iter()
            .filter(|preset| preset.lines.matches(&plan.line.spark))
            .filter(|preset| preset.bricks.iter().all(|id| parts.iter().any(|part| part.brick.id == id)))
            .collect();
        Ok(Self { knowledge, plan, parts, presets, global_schema: OnceLock::new(), line: LineFacts::of(&plan.line)? })
    }

    fn catalogue(&self) -> &'a Catalogue {
        self.knowledge.catalogue
    }

    fn bricks(&self) -> Vec<&'a Brick> {
        self.parts.iter().map(|part| part.brick).collect()
    }

    /// First line of every file that people edit.
    fn headline(&self) -> String {
        format!("# Made by sparkyard {}; edit a copy, or an overrides file, not this file.\n", self.plan.chart_version)
    }

    /// Commands that install a preset from the charts of this plan, with `brick` in the place of one like it.
    fn install(&self, preset: Option<&Preset>, brick: Option<&Brick>) -> Vec<String> {
        let id = preset.map(|preset| preset.id.as_str()).or(self.plan.preset.as_deref());
        let bricks = match preset {
            Some(preset) => preset.bricks.iter().filter_map(|id| self.catalogue().brick(id)).collect(),
            None => self.bricks(),
        };
        let stands =
            |one: &Brick| brick.filter(|brick| brick.component == one.component).map_or(one.id, |brick| brick.id);
        let bricks: Vec<&str> = bricks.into_iter().map(stands).collect();
        let file = id.filter(|id| Some(*id) != self.plan.preset.as_deref());
        let own = file.is_some() && preset.is_some_and(|preset| !preset.must_set.is_empty());
        install::commands(&self.plan.line, self.plan.shape, id.unwrap_or(install::STACK), &bricks, file, own)
    }
}
