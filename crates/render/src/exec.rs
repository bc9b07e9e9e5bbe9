//! Runs templates as Go's `text/template` does.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::FixedState;
use smallvec::{SmallVec, smallvec};
use sparkyard_template::ast::{Branch, Command, Expr, ExprKind, Name, Node, NodeKind, Pipeline};
use sparkyard_template::functions::{Function, Kind};
use sparkyard_template::{Source, Span};

use crate::error::{Fault, FaultKind};
use crate::funcs::{self, Failure};
use crate::memo::Memo;
use crate::print;
use crate::trace::Trace;
use crate::value::{Map, Object, Value};

/// How deep `include`s may lie in each other. Helm stops at 1,000; no chart that a person can read comes near this.
const DEPTH: usize = 100;

/// The named templates of all charts of a render.
pub(crate) type Defines<'t> = HashMap<&'t str, Named<'t>, FixedState>;

/// A named template.
#[derive(Clone, Copy)]
pub(crate) struct Named<'t> {
    pub(crate) source: &'t Source,
    pub(crate) body: &'t [Node],
}

/// How a list of nodes ends.
enum Flow {
    On,
    Break,
    Continue,
}

/// A value, and whether nothing at all is there: Go tells a missing value from a `nil` inside a map, and lets fields of
/// the first pass.
#[derive(Debug, Clone)]
struct Got {
    value: Value,
    hollow: bool,
}

impl Got {
    /// The value of a map's entry, a constant, a result.
    fn solid(value: Value) -> Self {
        Self { value, hollow: false }
    }

    /// The value of a pipeline.
    fn dug(value: Value) -> Self {
        Self { value, hollow: true }
    }
}

/// One run over the templates of a chart.
pub(crate) struct Exec<'t> {
    defines: &'t Defines<'t>,
    trace: Option<&'t Trace>,
    depth: usize,
    /// The values of literals, by where the syntax tree keeps them: made once for all loops and includes.
    literals: HashMap<*const u8, Rc<str>, FixedState>,
    memo: Memo<'t>,
    /// Emptied texts of named templates, which the next ones print into.
    buffers: Vec<String>,
    /// Whether `.Template` was read since this was last asked.
    of_file: bool,
}

/// What a template sees.
struct Frame<'t> {
    source: &'t Source,
    variables: SmallVec<[(&'t str, Got); 4]>,
    /// Whether this is a file itself and not a named template.
    top: bool,
}

type Run<T> = Result<T, Box<Fault>>;

impl<'t> Exec<'t> {
    pub(crate) fn new(defines: &'t Defines<'t>, trace: Option<&'t Trace>) -> Self {
        Self {
            defines,
            trace,
            depth: 0,
            literals: HashMap::default(),
            memo: Memo::default(),
            buffers: Vec::new(),
            of_file: false,
        }
    }

    /// Runs a file.
    pub(crate) fn file(&mut self, source: &'t Source, body: &'t [Node], root: &Value) -> Run<String> {
        self.depth = 0;
        let mut out = String::new();
        self.print(&mut out, source, body, Got::dug(root.clone()), true)?;
        // Go prints this for what is not there, and helm takes it out again.
        Ok(if out.contains("<no value>") { out.replace("<no value>", "") } else { out })
    }

    fn print(&mut self, out: &mut String, source: &'t Source, body: &'t [Node], dot: Got, top: bool) -> Run<()> {
        let mut frame = Frame { source, variables: smallvec![("$", dot.clone())], top };
        self.nodes(out, body, &dot, &mut frame)?;
        Ok(())
    }

    fn nodes(&mut self, out: &mut String, nodes: &'t [Node], dot: &Got, frame: &mut Frame<'t>) -> Run<Flow> {
        let scope = frame.variables.len();
        for node in nodes {
            let start = out.len();
            match &node.kind {
                NodeKind::Text(text) => {
                    out.push_str(text);
                    self.segment(frame, start, out.len(), node.span, None);
                }
                NodeKind::Action(pipeline) => {
                    let mark = self.mark(frame);
                    let got = self.pipeline(pipeline, dot, frame)?;
                    if pipeline.variables.is_empty() {
                        match &got.value {
                            Value::Str(text) => out.push_str(text),
                            other => out.push_str(&print::plain(other)),
                        }
                    }
                    self.segment(frame, start, out.len(), node.span, mark);
                }
                NodeKind::If(branch) => {
                    let flow = self.branch(out, branch, dot, frame, false)?;
                    if !matches!(flow, Flow::On) {
                        frame.variables.truncate(scope);
                        return Ok(flow);
                    }
                }
                NodeKind::With(branch) => {
                    let flow = self.branch(out, branch, dot, frame, true)?;
                    if !matches!(flow, Flow::On) {
                        frame.variables.truncate(scope);
                        return Ok(flow);
                    }
                }
                NodeKind::Range(branch) => self.range(out, branch, dot, frame)?,
                NodeKind::Template(call) => {
                    let mark = self.mark(frame);
                    let argument = match &call.argument {
                        Some(pipeline) => self.pipeline(pipeline, dot, frame)?,
                        None => Got::dug(Value::Nil),
                    };
                    let text = self.named(&call.name, argument, frame.source, node.span)?;
                    out.push_str(&text);
                    self.segment(frame, start, out.len(), node.span, mark);
                }
                NodeKind::Break => {
                    frame.variables.truncate(scope);
                    return Ok(Flow::Break);
                }
                NodeKind::Continue => {
                    frame.variables.truncate(scope);
                    return Ok(Flow::Continue);
                }
            }
        }
        frame.variables.truncate(scope);
        Ok(Flow::On)
    }

    fn mark(&self, frame: &Frame<'_>) -> Option<usize> {
        self.trace.filter(|_| frame.top).map(Trace::mark)
    }

    fn segment(&self, frame: &Frame<'_>, start: usize, end: usize, span: Span, mark: Option<usize>) {
        if let Some(trace) = self.trace.filter(|_| frame.top && end > start) {
            trace.segment(end, span, mark);
        }
    }

    fn branch(
        &mut self,
        out: &mut String,
        branch: &'t Branch,
        dot: &Got,
        frame: &mut Frame<'t>,
        with: bool,
    ) -> Run<Flow> {
        let scope = frame.variables.len();
        let mark = self.mark(frame);
        let got = self.pipeline(&branch.pipeline, dot, frame)?;
        if let (Some(trace), Some(mark)) = (self.trace, mark) {
            trace.push_condition(mark);
        }
        let flow = if got.value.is_true() {
            let inner = if with { got } else { dot.clone() };
            self.nodes(out, &branch.body, &inner, frame)
        } else {
            self.nodes(out, &branch.otherwise, dot, frame)
        };
        if let (Some(trace), Some(_)) = (self.trace, mark) {
            trace.pop_condition();
        }
        frame.variables.truncate(scope);
        flow
    }

    fn range(&mut self, out: &mut String, branch: &'t Branch, dot: &Got, frame: &mut Frame<'t>) -> Run<()> {
        let scope = frame.variables.len();
        let pipeline = &branch.pipeline;
        let mark = self.trace.map(Trace::mark);
        let mut over = self.commands(pipeline, dot, frame)?;
        over.value = self.opened(over.value);
        let reads = self.trace.zip(mark).map(|(trace, mark)| trace.since(mark)).unwrap_or_default();
        if pipeline.declares {
            for variable in &pipeline.variables {
                frame.variables.push((&*variable.name, over.clone()));
            }
        } else {
            for variable in &pipeline.variables {
                set(frame, &variable.name, over.clone());
            }
        }
        let items: Vec<(Value, Value)> = match &over.value {
            Value::Nil | Value::NilList => Vec::new(),
            Value::List(items) => {
                items.iter().enumerate().map(|(at, item)| (Value::Int(at as i64), item.clone())).collect()
            }
            Value::Map(map) => map.iter().map(|(key, item)| (Value::Str(Rc::clone(key)), item.clone())).collect(),
            Value::Int(count) | Value::Long(count) if pipeline.variables.len() < 2 => {
                if *count > 1 << 20 {
                    return Err(self.fault(
                        FaultKind::Outside,
                        frame,
                        pipeline.span,
                        "a range of more than a million".into(),
                    ));
                }
                let item = |at| if matches!(over.value, Value::Int(_)) { Value::Int(at) } else { Value::Long(at) };
                (0..*count).map(|at| (Value::Nil, item(at))).collect()
            }
            Value::Object(Object::Files(_)) => {
                return Err(self.fault(FaultKind::Outside, frame, pipeline.span, "a range over files".into()));
            }
            other => {
                let message = format!("range can't iterate over {}", print::strval(other));
                return Err(self.fault(FaultKind::Helm, frame, pipeline.span, message));
            }
        };
        if items.is_empty() {
            self.nodes(out, &branch.otherwise, dot, frame)?;
        }
        for (index, item) in items {
            if let Some(trace) = self.trace {
                trace.enter_item(&over.value, &index, &reads, frame.top);
            }
            match pipeline.variables.as_slice() {
                [only] => set(frame, &only.name, Got::solid(item.clone())),
                [first, second] => {
                    set(frame, &first.name, Got::solid(index));
                    set(frame, &second.name, Got::solid(item.clone()));
                }
                _ => {}
            }
            let flow = self.nodes(out, &branch.body, &Got::solid(item), frame);
            if let Some(trace) = self.trace.filter(|_| frame.top) {
                trace.pop_condition();
            }
            if let Flow::Break = flow? {
                break;
            }
        }
        frame.variables.truncate(scope);
        Ok(())
    }

    fn pipeline(&mut self, pipeline: &'t Pipeline, dot: &Got, frame: &mut Frame<'t>) -> Run<Got> {
        let got = self.commands(pipeline, dot, frame)?;
        for variable in &pipeline.variables {
            if pipeline.declares {
                frame.variables.push((&*variable.name, got.clone()));
            } else {
                set(frame, &variable.name, got.clone());
            }
        }
        Ok(got)
    }

    fn commands(&mut self, pipeline: &'t Pipeline, dot: &Got, frame: &mut Frame<'t>) -> Run<Got> {
        let mut last: Option<Got> = None;
        for command in &pipeline.commands {
            let got = self.command(command, last, dot, frame)?;
            last = Some(Got::dug(got.value));
        }
        Ok(last.unwrap_or_else(|| Got::dug(Value::Nil)))
    }

    fn command(&mut self, command: &'t Command, last: Option<Got>, dot: &Got, frame: &mut Frame<'t>) -> Run<Got> {
        let Some((first, rest)) = command.words.split_first() else { return Ok(Got::dug(Value::Nil)) };
        let given = !rest.is_empty() || last.is_some();
        match &first.kind {
            ExprKind::Function(name, known) => {
                return self.function((name, *known), first.span, rest, last, dot, frame);
            }
            ExprKind::Field(names) => return self.chain(dot.clone(), names, Call { rest, last }, dot, frame),
            ExprKind::Variable(name, names) => {
                let base = self.variable(name, frame, first.span)?;
                if names.is_empty() && given {
                    let message = format!("can't give argument to non-function {name}");
                    return Err(self.fault(FaultKind::Helm, frame, first.span, message));
                }
                return self.chain(base, names, Call { rest, last }, dot, frame);
            }
            ExprKind::Paren(pipeline, names) if !names.is_empty() => {
                let base = self.pipeline(pipeline, dot, frame)?;
                return self.chain(base, names, Call { rest, last }, dot, frame);
            }
            _ => {}
        }
        if given {
            let message = format!("can't give argument to non-function {}", frame.source.slice(first.span));
            return Err(self.fault(FaultKind::Helm, frame, first.span, message));
        }
        if let ExprKind::Nil = first.kind {
            return Err(self.fault(FaultKind::Helm, frame, first.span, "nil is not a command".into()));
        }
        self.word(first, dot, frame)
    }

    /// A word as an argument.
    fn word(&mut self, word: &'t Expr, dot: &Got, frame: &mut Frame<'t>) -> Run<Got> {
        Ok(match &word.kind {
            ExprKind::Dot => dot.clone(),
            ExprKind::Nil => Got::dug(Value::Nil),
            ExprKind::Bool(value) => Got::solid(Value::Bool(*value)),
            ExprKind::Int(value) => Got::solid(Value::Int(*value)),
            ExprKind::Float(value) => Got::solid(Value::Float(*value)),
            ExprKind::Str(text) => {
                let made = self.literals.entry(text.as_ptr()).or_insert_with(|| (&**text).into());
                Got::solid(Value::Str(Rc::clone(made)))
            }
            ExprKind::Field(names) => self.chain(dot.clone(), names, Call::NONE, dot, frame)?,
            ExprKind::Variable(name, names) => {
                let base = self.variable(name, frame, word.span)?;
                self.chain(base, names, Call::NONE, dot, frame)?
            }
            ExprKind::Function(name, known) => self.function((name, *known), word.span, &[], None, dot, frame)?,
            ExprKind::Paren(pipeline, names) => {
                let base = self.pipeline(pipeline, dot, frame)?;
                self.chain(base, names, Call::NONE, dot, frame)?
            }
        })
    }

    fn variable(&self, name: &str, frame: &Frame<'_>, span: Span) -> Run<Got> {
        let found = frame.variables.iter().rev().find(|(known, _)| *known == name);
        match found {
            Some((_, got)) => Ok(got.clone()),
            None => Err(self.fault(FaultKind::Helm, frame, span, format!("undefined variable: {name}"))),
        }
    }

    fn chain(&mut self, base: Got, names: &'t [Name], call: Call<'t>, dot: &Got, frame: &mut Frame<'t>) -> Run<Got> {
        let Some((last, before)) = names.split_last() else { return Ok(base) };
        let mut got = base;
        let mut before = before;
        // Maps in maps, which nearly every chain runs through, are only looked at.
        let mut here = &got.value;
        while let (Value::Map(map), Some((name, rest))) = (here, before.split_first())
            && let Some(below) = map.get(&*name.text)
            && !matches!(below, Value::Object(_))
        {
            if let Some(trace) = self.trace {
                trace.read(map, &name.text);
            }
            (here, before) = (below, rest);
        }
        if before.len() + 1 < names.len() {
            got = Got::solid(here.clone());
        }
        for name in before {
            got = self.field(got, name, frame)?;
        }
        if let Value::Object(object) = &got.value {
            let object = object.clone();
            return self.method(&object, last, call, dot, frame);
        }
        let span = last.span;
        let given = call.last.is_some() || !call.rest.is_empty();
        if given && got.value != Value::Nil {
            let message = format!("{} is not a method but has arguments", last.text);
            return Err(self.fault(FaultKind::Helm, frame, span, message));
        }
        self.field(got, last, frame)
    }

    fn field(&mut self, got: Got, name: &Name, frame: &Frame<'_>) -> Run<Got> {
        match &got.value {
            Value::Nil if got.hollow => Ok(got),
            Value::Nil => {
                let message = format!("nil pointer evaluating interface {{}}.{}", name.text);
                Err(self.fault(FaultKind::Helm, frame, name.span, message))
            }
            Value::Map(map) => {
                if let Some(trace) = self.trace {
                    trace.read(map, &name.text);
                }
                Ok(Got::solid(match map.get(&*name.text) {
                    Some(Value::Object(Object::Template(template))) => {
                        self.of_file = true;
                        Value::Map(Rc::clone(template))
                    }
                    found => found.cloned().unwrap_or(Value::Nil),
                }))
            }
            Value::Object(object) => {
                let object = object.clone();
                self.property(&object, name, frame)
            }
            other => {
                let message = format!("can't evaluate field {} in type {}", name.text, other.type_name());
                Err(self.fault(FaultKind::Helm, frame, name.span, message))
            }
        }
    }

    fn property(&self, object: &Object, name: &Name, frame: &Frame<'_>) -> Run<Got> {
        let value = match (object, &*name.text) {
            (Object::Capabilities(caps), "KubeVersion") => Value::Object(Object::KubeVersion(Rc::clone(caps))),
            (Object::Capabilities(caps), "APIVersions") => Value::Object(Object::ApiVersions(Rc::clone(caps))),
            (Object::KubeVersion(caps), "Version" | "GitVersion") => Value::text(&caps.version),
            (Object::KubeVersion(caps), "Major") => Value::text(&caps.major),
            (Object::KubeVersion(caps), "Minor") => Value::text(&caps.minor),
            (Object::KubeVersion(caps), "String") => Value::text(&caps.normalized),
            _ => {
                let message = format!("`{}` of what helm provides is outside the dialect", name.text);
                return Err(self.fault(FaultKind::Outside, frame, name.span, message));
            }
        };
        Ok(Got::solid(value))
    }

    fn method(
        &mut self,
        object: &Object,
        name: &'t Name,
        call: Call<'t>,
        dot: &Got,
        frame: &mut Frame<'t>,
    ) -> Run<Got> {
        let methods: &[&str] = match object {
            Object::Files(_) => &["Get", "GetBytes", "Lines"],
            Object::ApiVersions(_) => &["Has"],
            _ => &[],
        };
        if !methods.contains(&&*name.text) {
            return self.property(object, name, frame);
        }
        let mut args = Vec::new();
        for word in call.rest {
            args.push(self.word(word, dot, frame)?.value);
        }
        args.extend(call.last.map(|got| got.value));
        let [Value::Str(arg)] = args.as_slice() else {
            let message = format!("wrong number or type of args for {}: want a string", name.text);
            return Err(self.fault(FaultKind::Helm, frame, name.span, message));
        };
        Ok(Got::solid(match object {
            Object::ApiVersions(caps) => caps.api_versions.iter().any(|version| **version == **arg).into(),
            Object::Files(files) => {
                let text = files.get(&**arg).cloned().unwrap_or_else(|| "".into());
                if &*name.text == "Lines" {
                    let body = text.strip_suffix('\n').unwrap_or(&text);
                    let lines = if text.is_empty() { Vec::new() } else { body.split('\n').map(Value::text).collect() };
                    Value::list(lines)
                } else {
                    Value::Str(text)
                }
            }
            _ => Value::Nil,
        }))
    }

    fn function(
        &mut self,
        (name, known): (&'t str, Option<&'static Function>),
        span: Span,
        rest: &'t [Expr],
        last: Option<Got>,
        dot: &Got,
        frame: &mut Frame<'t>,
    ) -> Run<Got> {
        let Some(function) = known else {
            return Err(self.fault(FaultKind::Outside, frame, span, format!("`{name}` is outside the dialect")));
        };
        let given = rest.len() + usize::from(last.is_some());
        if given < function.parameters.len() || (function.rest.is_none() && given > function.parameters.len()) {
            let message = format!("wrong number of args for {name}: want {} got {given}", function.parameters.len());
            return Err(self.fault(FaultKind::Helm, frame, span, message));
        }
        if name == "and" || name == "or" {
            let mut got = Got::solid(Value::Nil);
            for word in rest {
                got = self.word(word, dot, frame)?;
                if got.value.is_true() == (name == "or") {
                    return Ok(got);
                }
            }
            return Ok(last.unwrap_or(got));
        }
        // Nearly every call names its template by a literal, of which no value needs to be made.
        if name == "include"
            && let [Expr { kind: ExprKind::Str(template), .. }, argument] = rest
        {
            let argument = Got::dug(self.word(argument, dot, frame)?.value);
            return Ok(Got::solid(Value::Str(self.named(template, argument, frame.source, span)?)));
        }
        let mut args: SmallVec<[Value; 4]> = SmallVec::with_capacity(given);
        for (index, word) in rest.iter().enumerate() {
            let got = self.word(word, dot, frame)?;
            let kind = function.parameters.get(index).or(function.rest.as_ref()).copied().unwrap_or(Kind::Any);
            args.push(self.fitted(got, kind, frame, word.span)?);
        }
        if let Some(got) = last {
            let kind = function.parameters.get(args.len()).or(function.rest.as_ref()).copied().unwrap_or(Kind::Any);
            args.push(self.fitted(got, kind, frame, span)?);
        }
        if name == "include" {
            let [Value::Str(name), argument] = args.as_slice() else { return Ok(Got::solid(Value::Nil)) };
            let text = self.named(name, Got::dug(argument.clone()), frame.source, span)?;
            return Ok(Got::solid(Value::Str(text)));
        }
        // What only hands the root on to another template does not look into it.
        if !matches!(name, "dict" | "list" | "tuple") {
            args = args.into_iter().map(|arg| self.opened(arg)).collect();
        }
        if let Some(trace) = self.trace
            && matches!(name, "get" | "index" | "dig" | "pick")
        {
            for pair in args.windows(2) {
                if let (Value::Map(map), Value::Str(key)) = (&pair[0], &pair[1]) {
                    trace.read(map, key);
                }
            }
        }
        funcs::call(name, &args).map(Got::solid).map_err(|failure| match failure {
            Failure::Helm(message) => {
                self.fault(FaultKind::Helm, frame, span, format!("error calling {name}: {message}"))
            }
            Failure::Said(message) => self.fault(FaultKind::Said, frame, span, message),
            Failure::Outside(message) => self.fault(FaultKind::Outside, frame, span, message),
        })
    }

    /// The root with `.Template` as the map that it is, for whoever looks at more than a field of it.
    fn opened(&mut self, value: Value) -> Value {
        let Value::Map(map) = &value else { return value };
        let Some(Value::Object(Object::Template(template))) = map.get("Template") else { return value };
        self.of_file = true;
        let mut open = (**map).clone();
        open.insert("Template".into(), Value::Map(Rc::clone(template)));
        Value::map(open)
    }

    /// An argument as the parameter's kind, as Go's reflection checks it.
    fn fitted(&self, got: Got, kind: Kind, frame: &Frame<'_>, span: Span) -> Run<Value> {
        let fits = match (kind, &got.value) {
            (Kind::Any, _)
            | (Kind::Str, Value::Str(_))
            | (Kind::Int, Value::Int(_))
            | (Kind::Bool, Value::Bool(_))
            | (Kind::Map, Value::Map(_)) => true,
            (Kind::Map, Value::Nil) if got.hollow => return Ok(Value::map(Map::new())),
            _ => false,
        };
        if fits {
            return Ok(got.value);
        }
        let what = if got.value == Value::Nil { "interface {}" } else { got.value.type_name() };
        let message = format!("wrong type for value; expected {kind}; got {what}");
        Err(self.fault(FaultKind::Helm, frame, span, message))
    }

    fn named(&mut self, name: &str, argument: Got, caller: &Source, span: Span) -> Run<Rc<str>> {
        let Some(named) = self.defines.get(name).copied() else {
            return Err(Box::new(Fault {
                kind: FaultKind::Helm,
                message: format!("no template {name:?} associated with this chart"),
                source: caller.clone(),
                span,
                through: Vec::new(),
                reads: Vec::new(),
            }));
        };
        if self.depth >= DEPTH {
            return Err(Box::new(Fault {
                kind: FaultKind::Outside,
                message: format!("includes lie more than {DEPTH} deep in each other: {name:?} may call itself"),
                source: caller.clone(),
                span,
                through: Vec::new(),
                reads: Vec::new(),
            }));
        }
        // A trace wants every read.
        let kept = self.trace.is_none().then(|| (Memo::key(named.body, &argument.value), argument.value.clone()));
        if let Some((key, argument)) = &kept
            && let Some(text) = self.memo.get(*key, named.body, argument)
        {
            return Ok(text);
        }
        let of_file = std::mem::take(&mut self.of_file);
        self.depth += 1;
        let mut out = self.buffers.pop().unwrap_or_default();
        let printed = self.print(&mut out, named.source, named.body, argument, false);
        self.depth -= 1;
        printed.map_err(|mut fault| {
            fault.through.push((name.to_owned(), caller.place(span)));
            fault
        })?;
        let text: Rc<str> = out.as_str().into();
        out.clear();
        self.buffers.push(out);
        if let Some((key, argument)) = kept
            && !self.of_file
        {
            self.memo.keep(key, named.body, argument, &text);
        }
        self.of_file |= of_file;
        Ok(text)
    }

    fn fault(&self, kind: FaultKind, frame: &Frame<'_>, span: Span, message: String) -> Box<Fault> {
        let reads = self.trace.map(Trace::last_reads).unwrap_or_default();
        Box::new(Fault { kind, message, source: frame.source.clone(), span, through: Vec::new(), reads })
    }
}

/// Arguments of a method.
struct Call<'t> {
    rest: &'t [Expr],
    last: Option<Got>,
}

impl Call<'_> {
    const NONE: Self = Self { rest: &[], last: None };
}

fn set(frame: &mut Frame<'_>, name: &str, got: Got) {
    if let Some((_, slot)) = frame.variables.iter_mut().rev().find(|(known, _)| *known == name) {
        *slot = got;
    }
}
