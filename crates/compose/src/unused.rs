//! Values that a request sets for nothing.

use sparkyard_model::{Catalogue, Finding, Plan, Request, Severity, SourceText};
use sparkyard_yaml::{Part, Places};

use crate::validate::ENABLED;

/// What the user's own files say of bricks that are not in the stack: nothing is wrong with it, and nothing comes of it. A
/// file that several stacks share may mean it so; whoever has forgotten to switch the brick on learns it here alone.
///
/// A brick that a file switches off is meant to be off.
pub fn unused(catalogue: &Catalogue, request: &Request, plan: &Plan) -> Vec<Finding> {
    let is_on = |id: &str| {
        let planned = plan.bricks.iter().find(|brick| brick.id == id);
        planned.is_some_and(|brick| brick.values.get(ENABLED) != Some(&false.into()))
    };
    let of_file = |source: &SourceText| {
        let sections = sparkyard_yaml::values(source).unwrap_or_default();
        let places = Places::of(source);
        let speaks = |id: &str| {
            let section = sections.get(id).and_then(|section| section.as_object());
            section.is_some_and(|section| !section.is_empty() && !section.contains_key(ENABLED))
        };
        let off = catalogue.bricks.iter().filter(|brick| speaks(brick.id) && !is_on(brick.id));
        let note = |id: &str| Finding {
            severity: Severity::Note,
            ..Finding::error("brick-off", format!("`{id}` is not in this stack, and its values here do nothing"))
                .at(places.find(&[id], Part::Key))
                .help(format!("to have it: `{id}: {{{ENABLED}: true}}`"))
        };
        off.map(|brick| note(brick.id)).collect::<Vec<_>>()
    };
    request.overrides.iter().flat_map(|file| of_file(&file.source)).collect()
}
