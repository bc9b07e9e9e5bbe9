//! What is worked out once for a catalogue and used for every line, preset and chart of it, by all threads.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use parking_lot::Mutex;
use serde_json::Value;
use sparkyard_model::{Catalogue, Line, SourceText, Tree, Values};
use sparkyard_yaml::Places;

use crate::ComposeError;
use crate::base::Base;
use crate::render::Renderer;

/// Typed values, ready for use: schemas are compiled once, because that costs more than a hundred checks.
pub(crate) struct Typed {
    /// The JSON schema.
    pub(crate) schema: Value,
    /// The default values.
    pub(crate) defaults: Tree,
    /// The compiled schema; composing does without.
    validator: OnceLock<Validator>,
    name: String,
}

impl Typed {
    fn of(name: &str, values: &Values) -> Self {
        let defaults = match (values.defaults)() {
            Value::Object(tree) => tree,
            _ => Tree::new(),
        };
        Self { schema: (values.schema)(), defaults, validator: OnceLock::new(), name: name.to_owned() }
    }

    /// The compiled schema.
    pub(crate) fn validator(&self) -> Result<&Validator, ComposeError> {
        if let Some(known) = self.validator.get() {
            return Ok(known);
        }
        let made = jsonschema::draft7::new(&self.schema)
            .map_err(|error| ComposeError::BadSchema { brick: self.name.clone(), message: error.to_string() })?;
        Ok(self.validator.get_or_init(|| made))
    }
}

/// A catalogue and what was worked out about it so far.
pub(crate) struct Knowledge<'a> {
    /// The catalogue.
    pub(crate) catalogue: &'a Catalogue,
    /// One cell a brick, in the catalogue's order, then one for `global`.
    typed: Vec<OnceLock<Typed>>,
    renderer: OnceLock<Renderer>,
    places: Mutex<HashMap<String, Arc<Places>>>,
    /// By line and brick.
    bases: Mutex<HashMap<(String, String), Arc<Base>>>,
}

impl<'a> Knowledge<'a> {
    /// Nothing is worked out before it is asked for.
    pub(crate) fn of(catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue,
            typed: (0..=catalogue.bricks.len()).map(|_| OnceLock::new()).collect(),
            renderer: OnceLock::new(),
            places: Mutex::default(),
            bases: Mutex::default(),
        }
    }

    /// The typed values of the brick `id`, or of `global`.
    pub(crate) fn typed(&self, id: &str) -> Result<&Typed, ComposeError> {
        let bricks = &self.catalogue.bricks;
        let (index, values) = if id == crate::GLOBAL {
            (bricks.len(), &self.catalogue.global)
        } else {
            let index =
                bricks.iter().position(|b| b.id == id).ok_or_else(|| ComposeError::UnknownBrick(id.to_owned()))?;
            (index, &bricks[index].values)
        };
        Ok(self.typed[index].get_or_init(|| Typed::of(id, values)))
    }

    /// The values of the brick `id`, or of `global`, before any preset.
    pub(crate) fn base(&self, line: &Line, id: &str) -> Result<Arc<Base>, ComposeError> {
        let key = (line.id.clone(), id.to_owned());
        if let Some(known) = self.bases.lock().get(&key) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(Base::of(id, self.typed(id)?, self.catalogue.brick(id), line));
        self.bases.lock().insert(key, Arc::clone(&made));
        Ok(made)
    }

    /// The composition templates.
    pub(crate) fn renderer(&self) -> Result<&Renderer, ComposeError> {
        if let Some(known) = self.renderer.get() {
            return Ok(known);
        }
        let made = Renderer::of(self.catalogue)?;
        Ok(self.renderer.get_or_init(|| made))
    }

    /// Where everything lies in a file.
    pub(crate) fn places(&self, source: &SourceText) -> Arc<Places> {
        let mut known = self.places.lock();
        // Two files may have the same name, for example a preset of the user's own and one of ours.
        if let Some(places) = known.get(&source.name).filter(|places| places.source().text == source.text) {
            return Arc::clone(places);
        }
        let places = Arc::new(Places::of(source));
        known.insert(source.name.clone(), Arc::clone(&places));
        places
    }
}
