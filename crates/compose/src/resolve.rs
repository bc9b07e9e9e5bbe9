//! Request -> Plan: every decision, each with its origin, or all that is wrong.

use serde_json::Value;
use sparkyard_model::{
    Brick, Catalogue, Finding, Line, Origin, Place, Plan, PlannedBrick, Preset, Request, Shape, SourceText, Tree,
};
use sparkyard_yaml::{Part, nearest};

use crate::knowledge::Knowledge;
use crate::layer::{Decided, Layer, Writer};
use crate::select::{Selection, brick_place, select};
use crate::validate::{ENABLED, unknown_keys, wrong_values};
use crate::{ComposeError, GLOBAL, names, path, wires};

/// Version of the form of a [`Plan`].
const SCHEMA_VERSION: u32 = 1;
/// Name of a modular stack that no preset names.
const STACK: &str = "spark";

/// Takes every decision that `request` leaves open and checks every value that it sets.
///
/// # Errors
/// All that is wrong with the request, each with its place in the user's file.
pub fn resolve(catalogue: &Catalogue, request: &Request) -> Result<Plan, Vec<Finding>> {
    resolve_with(&Knowledge::of(catalogue), request)
}

/// [`resolve`] with what is known already.
pub(crate) fn resolve_with(knowledge: &Knowledge, request: &Request) -> Result<Plan, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut overrides = Vec::new();
    for file in &request.overrides {
        match sparkyard_yaml::values(&file.source) {
            Ok(tree) => overrides.push((tree, &file.source)),
            Err(finding) => findings.push(finding),
        }
    }
    let added = switched_on_by(knowledge.catalogue, &overrides);
    let selection = match select(knowledge, request, &added) {
        Ok(selection) => selection,
        Err(more) => {
            findings.extend(more);
            return Err(findings);
        }
    };
    let layers = layers(knowledge, &selection, overrides);
    if !request.examples {
        findings.extend(unset(knowledge, &selection, &layers));
    }
    Resolver { knowledge, selection: &selection, layers: &layers, switched_on: None, findings }.plan()
}

/// What the preset leaves to the user, and no override sets. An empty text is an answer too.
fn unset(knowledge: &Knowledge, selection: &Selection, layers: &[Layer]) -> Vec<Finding> {
    let Some(preset) = selection.preset else { return Vec::new() };
    let is_set = |path: &str| {
        let mut own = layers.iter().filter(|layer| layer.is_users());
        own.any(|layer| layer.section(GLOBAL).is_some_and(|global| path::get_dotted(global, path).is_some()))
    };
    let missing = preset.must_set.iter().filter(|(path, _)| !is_set(path));
    let finding = |(path, example): (&String, &String)| {
        let message = format!("`{GLOBAL}.{path}` is not set, and the preset `{}` cannot know it", preset.id);
        let at = knowledge.places(&preset.source).find(&["mustSet", path], Part::Key);
        Finding::error("must-set", message)
            .at(at)
            .help(format!("set it in a file of yours, by -f; for example `{example}`"))
    };
    missing.map(finding).collect()
}

/// The bricks that overrides switch on, as `helm install -f` would.
fn switched_on_by<'a>(catalogue: &'a Catalogue, overrides: &[(Tree, &SourceText)]) -> Vec<&'a Brick> {
    let says = |tree: &Tree, brick: &Brick| tree.get(brick.id)?.get(ENABLED)?.as_bool();
    let on = |brick: &&Brick| overrides.iter().rev().find_map(|(tree, _)| says(tree, brick)) == Some(true);
    catalogue.bricks.iter().filter(on).collect()
}

/// A plan of every brick that some preset of a line uses, with the defaults of `preset`. Needs are not checked: each
/// preset has its own.
pub(crate) fn resolve_line(
    knowledge: &Knowledge,
    line: &Line,
    preset: &Preset,
    bricks: Vec<&Brick>,
) -> Result<Plan, Vec<Finding>> {
    let Some(platform) = knowledge.catalogue.platforms.first() else {
        return Err(vec![Finding::error("bad-catalogue", "the catalogue has no platform")]);
    };
    let selection = Selection { line, platform, shape: line.shape, preset: Some(preset), bricks };
    let layers = layers(knowledge, &selection, Vec::new());
    let switched_on = Some(preset.bricks.as_slice());
    Resolver { knowledge, selection: &selection, layers: &layers, switched_on, findings: Vec::new() }.plan()
}

fn layers(knowledge: &Knowledge, selection: &Selection, overrides: Vec<(Tree, &SourceText)>) -> Vec<Layer> {
    let mut layers = Vec::new();
    if let Some(preset) = selection.preset {
        layers.push(Layer::new(Writer::Preset, preset.values.clone(), knowledge.places(&preset.source)));
        if !preset.must_set.is_empty() {
            // A user's file lies over them, or the plan is refused.
            let examples = [(GLOBAL.to_owned(), Value::Object(preset.examples()))].into_iter().collect();
            layers.push(Layer::new(Writer::Preset, examples, knowledge.places(&preset.source)));
        }
    }
    let platform = selection.platform;
    layers.push(Layer::new(Writer::Platform, platform.values.clone(), knowledge.places(&platform.source)));
    for (tree, source) in overrides {
        layers.push(Layer::new(Writer::Override, tree, knowledge.places(source)));
    }
    layers
}

struct Resolver<'r> {
    knowledge: &'r Knowledge<'r>,
    selection: &'r Selection<'r>,
    layers: &'r [Layer],
    /// The bricks that are switched on unless a layer says otherwise; `None` for all. Needs are checked only for all.
    switched_on: Option<&'r [String]>,
    findings: Vec<Finding>,
}

impl Resolver<'_> {
    fn plan(mut self) -> Result<Plan, Vec<Finding>> {
        let Selection { line, platform, shape, preset, bricks } = self.selection;
        for layer in self.layers {
            self.check_keys(layer);
        }
        let mut global = self.decide(GLOBAL);
        let stack = self.name_stack(&mut global);
        let mut planned: Vec<PlannedBrick> = Vec::new();
        let mut on = Vec::new();
        for brick in bricks {
            let (enabled, origin) = self.enabled(brick);
            if enabled {
                on.push(*brick);
            } else if *shape == Shape::Modular && self.switched_on.is_none() {
                // A chart of its own that is switched off is a chart that is not made.
                continue;
            }
            planned.push(self.planned(brick, (*shape == Shape::Umbrella).then_some((enabled, origin))));
        }
        self.clashes(&on);
        let wires = if self.switched_on.is_none() {
            let place = |id: &str| self.brick_place(id);
            let mut unmet = Vec::new();
            let with_values: Vec<(&Brick, &Tree)> = on
                .iter()
                .filter_map(|brick| Some((*brick, &planned.iter().find(|planned| planned.id == brick.id)?.values)))
                .collect();
            let off = |id: &str| self.off_place(id);
            let wires =
                wires::connect(self.knowledge.catalogue, &with_values, &global.values, &place, &off, &mut unmet);
            let place = |value: &str| self.value_place(value);
            unmet.extend(wires::without_credentials(&wires, &global.values, &place));
            self.findings.extend(unmet);
            wires
        } else {
            Vec::new()
        };
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        Ok(Plan {
            schema_version: SCHEMA_VERSION,
            chart_version: self.knowledge.catalogue.version.clone(),
            line: (*line).clone(),
            platform: platform.id.clone(),
            shape: *shape,
            preset: preset.map(|preset| preset.id.clone()),
            stack,
            global: global.values,
            global_origins: global.origins,
            bricks: planned,
            wires,
        })
    }

    /// Finds sections and keys that do not exist.
    fn check_keys(&mut self, layer: &Layer) {
        let catalogue = self.knowledge.catalogue;
        for (id, section) in &layer.sections {
            if id != GLOBAL && catalogue.brick(id).is_none() {
                let known: Vec<&str> = std::iter::once(GLOBAL).chain(catalogue.bricks.iter().map(|b| b.id)).collect();
                let near = nearest(id, known.iter().copied()).map(|near| format!("did you mean `{near}`? "));
                let help = format!("{}a values file has: {}", near.unwrap_or_default(), known.join(", "));
                self.findings.push(
                    Finding::error("unknown-key", format!("`{id}` is neither `{GLOBAL}` nor a brick"))
                        .at(layer.place(&[id], Part::Key))
                        .help(help),
                );
                continue;
            }
            if !section.is_object() && !section.is_null() {
                self.findings.push(
                    Finding::error("wrong-type", format!("`{id}` must be a map"))
                        .at(layer.place(&[id], Part::Value))
                        .help(format!("write its values below it, or `{id}: {{}}`")),
                );
            }
            if let Some(enabled) =
                layer.section(id).and_then(|s| s.get(ENABLED)).filter(|v| id != GLOBAL && !v.is_boolean())
            {
                self.findings.push(
                    Finding::error("wrong-type", format!("`{id}.{ENABLED}` must be a boolean, not {enabled}"))
                        .at(layer.place(&[id, ENABLED], Part::Value))
                        .help("true or false, without quotes"),
                );
            }
            match self.knowledge.typed(id) {
                Ok(typed) => unknown_keys(id, typed, layer, &mut self.findings),
                Err(error) => self.findings.push(error.into()),
            }
        }
    }

    /// The base, then every layer; each step is checked.
    fn decide(&mut self, id: &str) -> Decided {
        self.try_decide(id).unwrap_or_else(|error| {
            self.findings.push(error.into());
            Decided::default()
        })
    }

    fn try_decide(&mut self, id: &str) -> Result<Decided, ComposeError> {
        let typed = self.knowledge.typed(id)?;
        let base = self.knowledge.base(self.selection.line, id)?;
        self.findings.extend(base.findings(typed)?.cloned());
        let mut decided = base.decided.clone();
        for layer in self.layers {
            let Some(section) = layer.section(id) else { continue };
            let origin = |path: &[&str]| {
                let path: Vec<&str> = std::iter::once(id).chain(path.iter().copied()).collect();
                layer.origin(&path)
            };
            if id != GLOBAL && section.contains_key(ENABLED) {
                let mut section = section.clone();
                section.shift_remove(ENABLED);
                decided.lay(&section, &origin);
            } else {
                decided.lay(section, &origin);
            }
            // The check wants one JSON value: lend it the tree.
            let merged = Value::Object(decided.values);
            self.findings.extend(wrong_values(id, &typed.schema, typed.validator()?, &merged, layer));
            decided.values = if let Value::Object(values) = merged { values } else { Tree::new() };
        }
        Ok(decided)
    }

    fn planned(&mut self, brick: &Brick, enabled: Option<(bool, Origin)>) -> PlannedBrick {
        let Decided { mut values, mut origins } = self.decide(brick.id);
        self.lacking(brick, &values);
        if let Some((enabled, origin)) = enabled {
            values.shift_insert(0, ENABLED.to_owned(), Value::Bool(enabled));
            origins.insert(ENABLED.to_owned(), origin);
        }
        let chart = names::chart(self.selection.line, self.selection.shape, brick.id);
        PlannedBrick { id: brick.id.to_owned(), chart, values, origins }
    }

    /// What the line has not, and the values ask for: something that is switched on, or an `api`.
    fn lacking(&mut self, brick: &Brick, values: &Tree) {
        let line = self.selection.line;
        for (name, why) in &line.lacks {
            let is_on = |group: &Value| group.get(name).and_then(|of| of.get(ENABLED)) == Some(&Value::Bool(true));
            let on = values.iter().find(|(_, group)| is_on(group));
            let on = on.map(|(group, _)| (format!("{group}.{name}.{ENABLED}"), "is on", "switch it off"));
            let api = values.get("api").filter(|api| api.as_str() == Some(name));
            let asked = on.or(api.map(|_| ("api".to_owned(), "asks for it", "choose another")));
            let Some((key, says, do_this)) = asked else { continue };
            let key = format!("{}.{key}", brick.id);
            let others = self.knowledge.catalogue.lines.iter().filter(|other| !other.lacks.contains_key(name));
            let fitting: Vec<&str> = others.map(|other| other.id.as_str()).collect();
            let help = match fitting.as_slice() {
                [] => format!("{do_this}: no line has it"),
                _ => format!("{do_this}, or take a line that has it: {}", fitting.join(", ")),
            };
            let message = format!("`{key}` {says}, and Spark {} lacks `{name}`: {why}", line.id);
            self.findings.push(Finding::error("line-lacks", message).at(self.value_place(&key)).help(help));
        }
    }

    fn enabled(&self, brick: &Brick) -> (bool, Origin) {
        let id = brick.id;
        if let Some((enabled, layer)) = self.switched(id) {
            return (enabled, layer.origin(&[id, ENABLED]));
        }
        let on = self.switched_on.is_none_or(|ids| ids.iter().any(|on| on == id));
        let origin = match self.selection.preset {
            Some(preset) => {
                let line =
                    self.brick_place(id).or_else(|| self.knowledge.places(&preset.source).find(&["bricks"], Part::Key));
                Origin::Preset { file: preset.source.name.clone(), line: line.map_or(1, |place| place.line) }
            }
            None => Origin::Brick { brick: id.to_owned() },
        };
        (on, origin)
    }

    /// Two bricks of one component would give their objects the same names.
    fn clashes(&mut self, on: &[&Brick]) {
        for (index, second) in on.iter().enumerate() {
            let Some(first) = on[..index].iter().find(|first| first.component == second.component) else { continue };
            let message = format!(
                "`{}` and `{}` are both on, and each is the `{}` of the stack",
                first.id, second.id, second.component
            );
            let place = self.switch_place(first.id).map(|place| format!(" (which {place} switches on)"));
            let help = format!(
                "keep one: `{}: {{{ENABLED}: false}}`{}, or `{}: {{{ENABLED}: false}}`",
                first.id,
                place.unwrap_or_default(),
                second.id
            );
            self.findings.push(Finding::error("brick-clash", message).at(self.switch_place(second.id)).help(help));
        }
    }

    /// Where a brick is switched on: by the last file that says so, or by its name in the preset.
    fn switch_place(&self, id: &str) -> Option<Place> {
        let says = |layer: &&Layer| layer.section(id).is_some_and(|section| section.contains_key(ENABLED));
        match self.layers.iter().rev().find(says) {
            Some(layer) => layer.place(&[id, ENABLED], Part::Value),
            None => self.brick_place(id),
        }
    }

    /// Where a value, named from the root on, was set last.
    fn value_place(&self, value: &str) -> Option<Place> {
        let at: Vec<&str> = value.split('.').collect();
        self.layers.iter().rev().find_map(|layer| {
            path::get(layer.section(at[0])?, &at[1..])?;
            layer.place(&at, Part::Value)
        })
    }

    /// Where a brick was switched off, if a file does.
    fn off_place(&self, id: &str) -> Option<Place> {
        let (_, layer) = self.switched(id).filter(|(enabled, _)| !enabled)?;
        layer.place(&[id, ENABLED], Part::Value)
    }

    /// What a brick is switched to, and by which layer: the last that says it.
    fn switched(&self, id: &str) -> Option<(bool, &Layer)> {
        let set = |layer: &Layer| layer.section(id)?.get(ENABLED)?.as_bool();
        self.layers.iter().rev().find_map(|layer| Some((set(layer)?, layer)))
    }

    fn brick_place(&self, id: &str) -> Option<Place> {
        let preset = self.selection.preset?;
        let index = preset.bricks.iter().position(|brick| brick == id)?;
        brick_place(self.knowledge, preset, index)
    }

    /// Modular charts find each other by the name of their stack, so they must have one; an umbrella has its release.
    fn name_stack(&self, global: &mut Decided) -> String {
        let set = global.values.get("stack").and_then(Value::as_str).unwrap_or("");
        if !set.is_empty() || self.selection.shape == Shape::Umbrella || !global.values.contains_key("stack") {
            return set.to_owned();
        }
        let (stack, origin) = match self.selection.preset {
            Some(preset) => {
                let line = self.knowledge.places(&preset.source).find(&["id"], Part::Key).map_or(1, |place| place.line);
                (preset.id.clone(), Origin::Preset { file: preset.source.name.clone(), line })
            }
            None => (STACK.to_owned(), Origin::Brick { brick: GLOBAL.to_owned() }),
        };
        let tree: Tree = [("stack".to_owned(), Value::from(stack.as_str()))].into_iter().collect();
        global.lay(&tree, &|_| origin.clone());
        stack
    }
}
