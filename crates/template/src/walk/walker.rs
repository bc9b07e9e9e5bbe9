//! The walk itself: nodes, words and scopes.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;
use sparkyard_yaml::{did_you_mean, nearest};

use super::guard::is_guard;
use super::{ChartView, Fact, How, Literal, Mistake, Shape, Step, Test, Use, ValuePath, Walk, Wrong};
use crate::ast::{Branch, Command, Expr, ExprKind, Name, Node, NodeKind, Pipeline};
use crate::source::{Source, Span};

/// How deep `include`s are followed.
const DEPTH: usize = 60;
/// How many walks through a named template are remembered.
const VISITS: usize = 64;

/// What a word stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Abs {
    /// What a template file sees: the root of a chart.
    Root(usize),
    /// `.Subcharts` of a chart.
    Subcharts(usize),
    /// A value.
    Value(Rc<ValuePath>),
    /// A key of a map that is gone through.
    Key(Rc<ValuePath>),
    /// A map that the template makes.
    Dict(Rc<BTreeMap<Rc<str>, Abs>>),
    /// A list that the template makes.
    List(Rc<Vec<Abs>>),
    /// A constant.
    Literal(Literal),
    /// The outcome of a question.
    Test(Rc<Test>),
    /// One of these.
    AnyOf(Rc<Vec<Abs>>),
    /// `.Release`, `.Chart` and what lies in them.
    Builtin,
    /// `.Files` of a chart.
    Files(usize),
    /// Text or data made of values that have been counted already.
    Made,
}

impl Abs {
    /// One of several, flat.
    pub(super) fn any_of(all: impl IntoIterator<Item = Abs>) -> Abs {
        let mut found: Vec<Abs> = Vec::new();
        for one in all {
            match one {
                Abs::AnyOf(inner) => {
                    for one in inner.iter() {
                        if !found.contains(one) {
                            found.push(one.clone());
                        }
                    }
                }
                one if found.contains(&one) => {}
                one => found.push(one),
            }
        }
        match found.len() {
            1 => found.swap_remove(0),
            _ => Abs::AnyOf(Rc::new(found)),
        }
    }

    /// Each of what it can be.
    pub(super) fn each(&self) -> &[Abs] {
        match self {
            Abs::AnyOf(all) => all,
            one => std::slice::from_ref(one),
        }
    }
}

/// Walks through the templates of all charts. The first is the outermost one.
pub fn walk(charts: &[ChartView<'_>]) -> Walk {
    let mut defines = HashMap::default();
    for (_, file) in charts.iter().flat_map(|chart| &chart.files) {
        for define in file.defines.iter() {
            defines.insert(Arc::clone(&define.name), (&file.source, define.body.as_slice()));
        }
    }
    let mut walker = Walker {
        charts,
        defines,
        found: Walk::default(),
        said: HashMap::new(),
        called: HashSet::default(),
        facts: Facts::default(),
        open: Vec::new(),
        visits: HashMap::default(),
        cut: false,
        reached: BTreeMap::new(),
        asking: false,
        missing: Vec::new(),
    };
    for (index, chart) in charts.iter().enumerate() {
        for (path, file) in &chart.files {
            if path.rsplit('/').next().is_some_and(|base| base.starts_with('_')) {
                continue;
            }
            let mut frame = Frame { source: &file.source, variables: vec![("$".into(), Abs::Root(index))] };
            walker.nodes(&file.body, &Abs::Root(index), &mut frame);
        }
    }
    let unreachable = std::mem::take(&mut walker.reached).into_values().filter_map(Reached::wrong);
    walker.found.wrong.extend(unreachable);
    walker.found.called = walker.called.iter().map(|name| Rc::from(&**name)).collect();
    walker.found.called.sort();
    walker.found
}

pub(super) struct Walker<'c> {
    pub(super) charts: &'c [ChartView<'c>],
    defines: HashMap<Arc<str>, (&'c Source, &'c [Node]), FixedState>,
    pub(super) found: Walk,
    /// What has been said and where it is found, so that a mistake in a helper is said once.
    said: HashMap<(Mistake, Arc<str>, u32, String), usize>,
    called: HashSet<Arc<str>, FixedState>,
    /// What is known here.
    facts: Facts,
    /// The named templates that are open.
    open: Vec<Arc<str>>,
    /// With what each named template was walked through, by where its body lies.
    visits: HashMap<*const Node, Vec<Visit>, FixedState>,
    /// Whether a template was not followed because it calls itself.
    cut: bool,
    /// The sides of every `if` and `with` that something leads to: a helper's may be reached by one caller alone.
    reached: BTreeMap<(Arc<str>, u32), Reached>,
    /// Whether a word is only asked whether it is there.
    pub(super) asking: bool,
    /// What is said of values that do not exist, and that the conditions around have asked for.
    pub(super) missing: Vec<String>,
}

/// A walk through a named template. One with the same argument where no less is known finds nothing more.
struct Visit {
    argument: Abs,
    facts: Rc<[Fact]>,
    missing: Vec<String>,
}

/// Which sides of an `if` or `with` something leads to.
struct Reached {
    source: Source,
    span: Span,
    body: bool,
    otherwise: bool,
    /// Whether values decide. What a helper's callers hand over does not make its other branches a mistake.
    about_values: bool,
}

impl Reached {
    /// Nothing yet; a side that is empty needs no way to it.
    fn of(branch: &Branch, source: &Source) -> Self {
        let (body, otherwise) = (branch.body.is_empty(), branch.otherwise.is_empty());
        Self { source: source.clone(), span: branch.pipeline.span, body, otherwise, about_values: false }
    }

    /// What is wrong, if something is.
    fn wrong(self) -> Option<Wrong> {
        let message = match (self.body, self.otherwise) {
            _ if !self.about_values => return None,
            (true, true) => return None,
            (false, _) => "this can never hold here, so what follows is never reached",
            (true, false) => "this always holds here, so its `else` is never reached",
        };
        let (mistake, message) = (Mistake::Unreachable, message.to_owned());
        Some(Wrong { mistake, message, help: None, guarded: false, source: self.source, span: self.span })
    }
}

impl std::hash::Hash for Mistake {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (*self as u8).hash(state);
    }
}

/// What is known at a place of a template.
#[derive(Default)]
struct Facts {
    known: Vec<Fact>,
    /// The same, for the uses that are found here: many in a row know the same.
    shared: Option<Rc<[Fact]>>,
}

impl Facts {
    fn add(&mut self, test: &Test, outcome: bool) {
        test.facts(outcome, &mut self.known);
        self.shared = None;
    }

    fn truncate(&mut self, length: usize) {
        if length < self.known.len() {
            self.known.truncate(length);
            self.shared = None;
        }
    }

    fn shared(&mut self) -> Rc<[Fact]> {
        Rc::clone(self.shared.get_or_insert_with(|| self.known.as_slice().into()))
    }
}

pub(super) struct Frame<'c> {
    pub(super) source: &'c Source,
    variables: Vec<(Arc<str>, Abs)>,
}

impl<'c> Walker<'c> {
    fn nodes(&mut self, nodes: &'c [Node], dot: &Abs, frame: &mut Frame<'c>) {
        let scope = frame.variables.len();
        for node in nodes {
            match &node.kind {
                NodeKind::Text(_) | NodeKind::Break | NodeKind::Continue => {}
                NodeKind::Action(pipeline) => {
                    let value = self.pipeline(pipeline, dot, frame);
                    if pipeline.variables.is_empty() {
                        self.printed(&value, frame, pipeline.span);
                    }
                }
                NodeKind::If(branch) => self.branch(branch, dot, frame, false),
                NodeKind::With(branch) => self.branch(branch, dot, frame, true),
                NodeKind::Range(branch) => self.range(branch, dot, frame),
                NodeKind::Template(call) => {
                    let argument = match &call.argument {
                        Some(pipeline) => self.pipeline(pipeline, dot, frame),
                        None => Abs::Literal(Literal::Nil),
                    };
                    self.include(&call.name, &argument, frame, call.name_span);
                }
            }
        }
        frame.variables.truncate(scope);
    }

    fn branch(&mut self, branch: &'c Branch, dot: &Abs, frame: &mut Frame<'c>, with: bool) {
        let (scope, missing) = (frame.variables.len(), self.missing.len());
        let value = self.asking(true, |walker| walker.pipeline(&branch.pipeline, dot, frame));
        self.used(&value, How::Asked, frame, branch.pipeline.span);
        let test = self.test_of(&value);
        let outcome = test.outcome(&self.facts.known, &|path| self.members(path));
        let (body, otherwise) = (outcome != Some(false), outcome != Some(true));
        let key = (Arc::clone(&frame.source.name), branch.pipeline.span.start);
        let reached = self.reached.entry(key).or_insert_with(|| Reached::of(branch, frame.source));
        reached.body |= body;
        reached.otherwise |= otherwise;
        reached.about_values |= test.is_about_values();
        let known = self.facts.known.len();
        if body {
            self.facts.add(&test, true);
            let inner = if with { &value } else { dot };
            self.nodes(&branch.body, inner, frame);
            self.facts.truncate(known);
        }
        if otherwise && !branch.otherwise.is_empty() {
            self.facts.add(&test, false);
            self.nodes(&branch.otherwise, dot, frame);
            self.facts.truncate(known);
        }
        frame.variables.truncate(scope);
        self.missing.truncate(missing);
    }

    fn range(&mut self, branch: &'c Branch, dot: &Abs, frame: &mut Frame<'c>) {
        let scope = frame.variables.len();
        let over = self.words(&branch.pipeline, dot, frame);
        self.used(&over, How::Ranged, frame, branch.pipeline.span);
        let mut items = Vec::new();
        for one in over.each() {
            match one {
                Abs::Value(path) => {
                    if let Some(Shape::Scalar { .. }) = self.shape(path) {
                        let message = format!("`{path}` is no list or map, so nothing can go through it");
                        self.wrong(Mistake::TypeMisuse, frame, branch.pipeline.span, &message, None);
                    }
                    items.push((Abs::Key(Rc::clone(path)), Abs::Value(Rc::new(path.below(Step::Any)))));
                }
                Abs::List(list) => items.extend(list.iter().map(|item| (Abs::Made, item.clone()))),
                Abs::Dict(map) => {
                    let literal = |key: &Rc<str>| Abs::Literal(Literal::Str(Rc::clone(key)));
                    items.extend(map.iter().map(|(key, item)| (literal(key), item.clone())));
                }
                Abs::Literal(Literal::Nil) => {}
                _ => items.push((Abs::Made, Abs::Made)),
            }
        }
        let known = self.facts.known.len();
        if let Abs::Value(path) = &over {
            self.facts.add(&Test::Truthy(Rc::clone(path)), true);
        }
        for (key, item) in items {
            let names: Vec<Arc<str>> = branch.pipeline.variables.iter().map(|v| Arc::clone(&v.name)).collect();
            match names.as_slice() {
                [only] => frame.variables.push((Arc::clone(only), item.clone())),
                [first, second] => {
                    frame.variables.push((Arc::clone(first), key));
                    frame.variables.push((Arc::clone(second), item.clone()));
                }
                _ => {}
            }
            self.nodes(&branch.body, &item, frame);
            frame.variables.truncate(scope);
        }
        self.facts.truncate(known);
        self.nodes(&branch.otherwise, dot, frame);
    }

    fn pipeline(&mut self, pipeline: &'c Pipeline, dot: &Abs, frame: &mut Frame<'c>) -> Abs {
        let value = self.words(pipeline, dot, frame);
        for variable in &pipeline.variables {
            if pipeline.declares {
                frame.variables.push((Arc::clone(&variable.name), value.clone()));
            } else if let Some((_, slot)) = frame.variables.iter_mut().rev().find(|(name, _)| *name == variable.name) {
                // Whether the assignment is reached is not known, so both may stand.
                *slot = Abs::any_of([slot.clone(), value.clone()]);
            }
        }
        value
    }

    fn words(&mut self, pipeline: &'c Pipeline, dot: &Abs, frame: &mut Frame<'c>) -> Abs {
        let mut last = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            // `.Values.x | default 1`
            let asking = match pipeline.commands.get(index + 1) {
                Some(next) => is_guard(next),
                None => self.asking,
            };
            last = Some(self.asking(asking, |walker| walker.command(command, last.take(), dot, frame)));
        }
        last.unwrap_or(Abs::Made)
    }

    fn command(&mut self, command: &'c Command, last: Option<Abs>, dot: &Abs, frame: &mut Frame<'c>) -> Abs {
        let Some((first, rest)) = command.words.split_first() else { return Abs::Made };
        if let ExprKind::Function(_, known) = &first.kind {
            let words =
                |walker: &mut Self| rest.iter().map(|word| (walker.word(word, dot, frame), word.span)).collect();
            let mut arguments: Vec<(Abs, Span)> = self.asking(is_guard(command), words);
            arguments.extend(last.map(|abs| (abs, command.span)));
            return self.call(*known, &arguments, frame, first.span);
        }
        let value = self.word(first, dot, frame);
        // `.Files.Get "x"` and `.Capabilities.APIVersions.Has "x"`.
        let arguments: Vec<Abs> = rest.iter().map(|word| self.word(word, dot, frame)).chain(last).collect();
        for argument in &arguments {
            self.used(argument, How::Word, frame, command.span);
        }
        if let (Abs::Files(chart), [Abs::Literal(Literal::Str(path)), ..]) = (&value, arguments.as_slice()) {
            let others = &self.charts[*chart].others;
            let one = frame.source.slice(first.span).ends_with(".Get");
            if one && !others.contains(&&**path) {
                let message = format!("the chart has no file `{path}`");
                let help = (!others.is_empty()).then(|| did_you_mean(path, others.iter().copied()));
                self.wrong(Mistake::UnknownFile, frame, command.span, &message, help);
            }
            return Abs::Made;
        }
        if arguments.is_empty() { value } else { Abs::Made }
    }

    pub(super) fn word(&mut self, word: &'c Expr, dot: &Abs, frame: &mut Frame<'c>) -> Abs {
        match &word.kind {
            ExprKind::Dot => dot.clone(),
            ExprKind::Nil => Abs::Literal(Literal::Nil),
            ExprKind::Bool(value) => Abs::Literal(Literal::Bool(*value)),
            ExprKind::Int(value) => Abs::Literal(Literal::Int(*value)),
            ExprKind::Float(value) => Abs::Literal(Literal::Float(*value)),
            ExprKind::Str(text) => Abs::Literal(Literal::Str((&**text).into())),
            ExprKind::Field(names) => self.fields(dot.clone(), names, frame),
            ExprKind::Variable(name, names) => {
                let found = frame.variables.iter().rev().find(|(known, _)| known == name);
                let value = found.map_or(Abs::Made, |(_, value)| value.clone());
                self.fields(value, names, frame)
            }
            ExprKind::Function(_, known) => self.call(*known, &[], frame, word.span),
            ExprKind::Paren(pipeline, names) => {
                let value = self.pipeline(pipeline, dot, frame);
                self.fields(value, names, frame)
            }
        }
    }

    fn fields(&mut self, value: Abs, names: &'c [Name], frame: &Frame<'c>) -> Abs {
        names.iter().enumerate().fold(value, |value, (index, name)| {
            // Of what is not there nothing more can be asked.
            let asking = self.asking && index + 1 == names.len();
            let (name, span) = (&name.text, name.span);
            self.asking(asking, |walker| match value {
                Abs::AnyOf(all) => {
                    let each = all.iter().map(|one| walker.field(one.clone(), name, span, frame));
                    Abs::any_of(each.collect::<Vec<_>>())
                }
                one => walker.field(one, name, span, frame),
            })
        })
    }

    pub(super) fn field(&mut self, value: Abs, name: &str, span: Span, frame: &Frame<'c>) -> Abs {
        match value {
            Abs::Root(chart) => match name {
                "Values" => Abs::Value(Rc::new(ValuePath { chart, steps: Vec::new() })),
                "Subcharts" => Abs::Subcharts(chart),
                "Files" => Abs::Files(chart),
                "Chart" | "Release" | "Capabilities" | "Template" => Abs::Builtin,
                other => {
                    let message = format!("there is no `.{other}` here");
                    let help =
                        "the dot of a template file has .Values, .Release, .Chart, .Capabilities, .Files and .Template";
                    self.undefined(frame, span, message, help.to_owned());
                    Abs::Made
                }
            },
            Abs::Subcharts(chart) => {
                let found = self.charts[chart].subcharts.iter().find(|(known, _)| known == name);
                match found {
                    Some((_, index)) => Abs::Root(*index),
                    None => {
                        let known: Vec<&str> =
                            self.charts[chart].subcharts.iter().map(|(name, _)| name.as_str()).collect();
                        let message = format!("there is no subchart `{name}`");
                        let help = format!("there is: {}", known.join(", "));
                        self.undefined(frame, span, message, help);
                        Abs::Made
                    }
                }
            }
            Abs::Value(path) => self.step(&path, name, span, frame),
            Abs::Dict(map) => match map.get(name) {
                Some(value) => value.clone(),
                None => {
                    let known: Vec<&str> = map.keys().map(|key| &**key).collect();
                    let message = format!("the map that is passed here has no `{name}`");
                    self.undefined(frame, span, message, format!("it has: {}", known.join(", ")));
                    Abs::Made
                }
            },
            Abs::Files(chart) => Abs::Files(chart),
            Abs::Builtin => Abs::Builtin,
            Abs::Literal(Literal::Nil) | Abs::Made | Abs::Test(_) => Abs::Made,
            Abs::Key(_) | Abs::Literal(_) | Abs::List(_) => {
                let message = format!("`.{name}` of something that is no map");
                self.wrong(Mistake::TypeMisuse, frame, span, &message, None);
                Abs::Made
            }
            Abs::AnyOf(_) => Abs::Made,
        }
    }

    fn step(&mut self, path: &Rc<ValuePath>, name: &str, span: Span, frame: &Frame<'c>) -> Abs {
        let below = Rc::new(path.below(Step::Key(name.into())));
        match self.shape(path) {
            Some(shape @ Shape::Map { .. }) if shape.key(name).is_none() => {
                // Helm puts a subchart's values, and globals, into every chart's.
                let helms = path.steps.is_empty()
                    && (name == "global" || self.charts[path.chart].subcharts.iter().any(|(sub, _)| sub == name));
                if !helms {
                    let help = did_you_mean(name, shape.keys());
                    let message = format!("the value `{below}` does not exist");
                    self.undefined(frame, span, message, help);
                    return Abs::Made;
                }
            }
            Some(Shape::Scalar { .. } | Shape::List(_)) => {
                let message = format!("`{path}` is no map, so it has no `{name}`");
                self.wrong(Mistake::TypeMisuse, frame, span, &message, None);
                return Abs::Made;
            }
            _ => {}
        }
        Abs::Value(below)
    }

    /// What a value looks like.
    pub(super) fn shape(&self, path: &ValuePath) -> Option<&'c Shape> {
        let chart = self.charts.get(path.chart)?;
        path.steps.iter().try_fold(&chart.shape, |shape, step| match step {
            Step::Key(key) => shape.key(key),
            Step::Any => Some(shape.item()),
        })
    }

    /// Words that a value can be.
    pub(super) fn members(&self, path: &ValuePath) -> Vec<Literal> {
        match self.shape(path) {
            Some(Shape::Scalar { members, .. }) => members.clone(),
            _ => Vec::new(),
        }
    }

    /// Follows a named template.
    pub(super) fn include(&mut self, name: &Arc<str>, argument: &Abs, frame: &Frame<'c>, span: Span) {
        let Some((source, body)) = self.defines.get(name).copied() else {
            let near = nearest(name, self.defines.keys().map(|known| &**known));
            let help = near.map(|known| format!("did you mean `{known}`?"));
            self.wrong(Mistake::UnknownInclude, frame, span, &format!("there is no template {name:?}"), help);
            return;
        };
        self.called.insert(Arc::clone(name));
        if self.open.len() >= DEPTH || self.open.iter().filter(|open| *open == name).count() > 1 {
            self.cut = true;
            return;
        }
        let visits = self.visits.get(&body.as_ptr());
        if visits.is_some_and(|visits| visits.iter().any(|visit| self.covers(visit, argument))) {
            return;
        }
        let (cut, missing) = (std::mem::take(&mut self.cut), self.missing.len());
        self.open.push(Arc::clone(name));
        let mut inner = Frame { source, variables: vec![("$".into(), argument.clone())] };
        self.asking(false, |walker| walker.nodes(body, argument, &mut inner));
        self.open.pop();
        if !self.cut && self.missing.len() == missing {
            let visit = Visit { argument: argument.clone(), facts: self.facts.shared(), missing: self.missing.clone() };
            let visits = self.visits.entry(body.as_ptr()).or_default();
            if visits.len() < VISITS {
                visits.push(visit);
            }
        }
        self.cut |= cut;
    }

    /// Whether a walk with this argument would only find again what a visit has found.
    fn covers(&self, visit: &Visit, argument: &Abs) -> bool {
        visit.facts.iter().all(|fact| self.facts.known.contains(fact))
            && visit.missing.iter().all(|message| self.missing.contains(message))
            && visit.argument == *argument
    }

    /// A value that is printed as it is.
    fn printed(&mut self, value: &Abs, frame: &Frame<'c>, span: Span) {
        for one in value.each() {
            if let Abs::Value(path) = &one
                && let Some(Shape::Map { .. } | Shape::List(_)) = self.shape(path)
            {
                let message = format!("`{path}` is a map or list; printed as it is it becomes Go's own words for it");
                self.wrong(
                    Mistake::TypeMisuse,
                    frame,
                    span,
                    &message,
                    Some("write `| toYaml | nindent ...`, or name what is needed".into()),
                );
            }
            self.used(one, How::Word, frame, span);
        }
    }

    /// Counts the values inside of something as used.
    pub(super) fn used(&mut self, value: &Abs, how: How, frame: &Frame<'c>, span: Span) {
        match value {
            Abs::Value(path) => {
                let how = match (how, self.shape(path)) {
                    (How::Word, Some(Shape::Map { .. } | Shape::List(_) | Shape::Any)) => How::Whole,
                    (how, _) => how,
                };
                if path.steps.is_empty() && how == How::Whole {
                    self.wrong(
                        Mistake::Outside,
                        frame,
                        span,
                        "all values at once are outside the dialect: which of them are used nobody can say",
                        None,
                    );
                }
                self.found.uses.push(Use {
                    path: Rc::clone(path),
                    how,
                    source: frame.source.clone(),
                    span,
                    facts: self.facts.shared(),
                });
            }
            Abs::Key(path) => self.used(&Abs::Value(Rc::clone(path)), How::Ranged, frame, span),
            Abs::Dict(map) if how != How::Asked => map.values().for_each(|inner| self.used(inner, how, frame, span)),
            Abs::List(list) if how != How::Asked && how != How::Ranged => {
                list.iter().for_each(|inner| self.used(inner, how, frame, span));
            }
            Abs::AnyOf(all) => all.iter().for_each(|one| self.used(one, how, frame, span)),
            Abs::Root(_) | Abs::Subcharts(_) if matches!(how, How::Word | How::Whole) => {
                self.wrong(
                    Mistake::Outside,
                    frame,
                    span,
                    "everything at once is outside the dialect: which values are used nobody can say",
                    None,
                );
            }
            _ => {}
        }
    }

    /// What it means that something is not empty.
    pub(super) fn test_of(&self, value: &Abs) -> Test {
        match value {
            Abs::Value(path) => Test::Truthy(Rc::clone(path)),
            Abs::Test(test) => (**test).clone(),
            Abs::Literal(literal) => {
                if literal.is_true() {
                    Test::And(Vec::new())
                } else {
                    Test::Or(Vec::new())
                }
            }
            _ => Test::Unknown,
        }
    }

    pub(super) fn wrong(
        &mut self,
        mistake: Mistake,
        frame: &Frame<'_>,
        span: Span,
        message: &str,
        help: Option<String>,
    ) {
        let key = (mistake, Arc::clone(&frame.source.name), span.start, message.to_owned());
        let (source, guarded) = (frame.source.clone(), self.asking && mistake == Mistake::UndefinedValue);
        match self.said.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(self.found.wrong.len());
                self.found.wrong.push(Wrong { mistake, message: message.to_owned(), help, guarded, source, span });
            }
            // A helper is guarded only if all its callers guard it.
            Entry::Occupied(entry) => self.found.wrong[*entry.get()].guarded &= guarded,
        }
    }
}
