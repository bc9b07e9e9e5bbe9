//! What is worked out once for a catalogue and used for every line, preset and chart of it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::Validator;
use serde_json::Value;
use sparkyard_model::{Catalogue, SourceText, Tree, Values};
use sparkyard_yaml::Places;

use crate::ComposeError;
use crate::render::Renderer;

/// Typed values, ready for use: schemas are compiled once, because that costs more than a hundred checks.
pub(crate) struct Typed {
    /// The JSON schema.
    pub(crate) schema: Value,
    /// The default values.
    pub(crate) defaults: Tree,
    /// The compiled schema.
    pub(crate) validator: Validator,
}

impl Typed {
    fn of(name: &str, values: &Values) -> Result<Self, ComposeError> {
        let schema = (values.schema)();
        let validator = jsonschema::draft7::new(&schema)
            .map_err(|error| ComposeError::BadSchema { brick: name.to_owned(), message: error.to_string() })?;
        let defaults = match (values.defaults)() {
            Value::Object(tree) => tree,
            _ => Tree::new(),
        };
        Ok(Self { schema, defaults, validator })
    }
}

/// A catalogue and what was worked out about it so far.
pub(crate) struct Knowledge<'a> {
    /// The catalogue.
    pub(crate) catalogue: &'a Catalogue,
    /// One cell a brick, in the catalogue's order, then one for `global`.
    typed: Vec<OnceCell<Typed>>,
    renderer: OnceCell<Renderer>,
    places: RefCell<HashMap<String, Rc<Places>>>,
}

impl<'a> Knowledge<'a> {
    /// Nothing is worked out before it is asked for.
    pub(crate) fn of(catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue,
            typed: (0..=catalogue.bricks.len()).map(|_| OnceCell::new()).collect(),
            renderer: OnceCell::new(),
            places: RefCell::default(),
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
        let cell = &self.typed[index];
        if let Some(known) = cell.get() {
            return Ok(known);
        }
        let made = Typed::of(id, values)?;
        Ok(cell.get_or_init(|| made))
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
    pub(crate) fn places(&self, source: &SourceText) -> Rc<Places> {
        let mut known = self.places.borrow_mut();
        // Two files may have the same name, for example a preset of the user's own and one of ours.
        if let Some(places) = known.get(&source.name).filter(|places| places.source().text == source.text) {
            return Rc::clone(places);
        }
        let places = Rc::new(Places::of(source));
        known.insert(source.name.clone(), Rc::clone(&places));
        places
    }
}
