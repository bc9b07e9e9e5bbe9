//! One render: values, templates, manifests.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use sparkyard_model::Finding;
use sparkyard_template::ast::{Node, NodeKind};

use crate::active::Active;
use crate::chart::Chart;
use crate::error::RenderError;
use crate::exec::{Defines, Exec, Named};
use crate::manifest::{self, Manifest};
use crate::schema;
use crate::semver::{Constraint, Version};
use crate::trace::{Segment, Trace};
use crate::user::{UserValues, Written};
use crate::value::{Capabilities, Map, Object, Value};

/// What `helm template` is told beside values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Name of the release.
    pub release: String,
    /// Namespace.
    pub namespace: String,
    /// Version of Kubernetes; helm's own idea if it is not given.
    pub kube_version: Option<String>,
    /// API versions beyond those that helm has built in.
    pub api_versions: Vec<String>,
    /// Whether this is an upgrade.
    pub is_upgrade: bool,
    /// Whether values are not held against the schemas.
    pub skip_schema: bool,
    /// Whether to write down which part of which template printed what, and which values it read.
    pub trace: bool,
    /// Who is asked who wrote a value that is refused, when that is not the user's values.
    pub written: Option<Written>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release: "release-name".into(),
            namespace: "default".into(),
            kube_version: None,
            api_versions: Vec::new(),
            is_upgrade: false,
            skip_schema: false,
            trace: false,
            written: None,
        }
    }
}

/// What a chart makes.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Objects in the order of the install.
    pub manifests: Vec<Manifest>,
    /// Hooks, tests among them.
    pub hooks: Vec<Manifest>,
    /// What a person reads after the install.
    pub notes: String,
    /// Files below `crds/`: path and text.
    pub crds: Vec<(String, String)>,
    /// The values that the chart saw.
    pub values: Value,
    /// Where each file's output came from, by its name as helm prints it; empty unless it was asked for.
    pub segments: BTreeMap<String, Vec<Segment>>,
}

impl Rendered {
    /// What `helm template` prints: with `--include-crds` or without, and the hooks that are wanted.
    pub fn text(&self, crds: bool, hooks: impl Fn(&Manifest) -> bool) -> String {
        let mut body = String::new();
        for (path, text) in self.crds.iter().filter(|_| crds) {
            manifest::print(&mut body, path, text);
        }
        for manifest in &self.manifests {
            manifest::print(&mut body, &manifest.source, &manifest.text);
        }
        let mut out = format!("{}\n", body.trim());
        for hook in self.hooks.iter().filter(|hook| hooks(hook)) {
            manifest::print(&mut out, &hook.source, &hook.text);
        }
        out
    }

    /// Objects and hooks.
    pub fn all(&self) -> impl Iterator<Item = &Manifest> {
        self.manifests.iter().chain(&self.hooks)
    }
}

/// Renders a chart.
///
/// # Errors
/// What lies outside of the dialect, or what helm refuses too.
pub fn render(chart: &Chart, user: &UserValues, options: &Options) -> Result<Rendered, RenderError> {
    let outside: Vec<Finding> = chart.all().iter().flat_map(|(_, chart)| chart.outside.iter().cloned()).collect();
    if !outside.is_empty() {
        return Err(RenderError::Outside(outside));
    }
    check_name(&options.release)?;
    let capabilities = Capabilities::of(options.kube_version.as_deref(), &options.api_versions)
        .map_err(|message| RenderError::refused("bad-version", message))?;
    let set = Rc::new(user.merged()?);
    let active = Active::of(chart, &set)?;
    let values = active.coalesced(&set)?;
    if !options.skip_schema {
        schema::validate(&active, &values, user)?;
    }
    check_kube_version(&active, &capabilities)?;
    let root = Root { options, capabilities: Rc::new(capabilities) };
    let mut files = Vec::new();
    let values = Value::Map(values);
    root.collect(&active, active.metadata.name.clone(), &values, true, &mut files);
    let trace = options.trace.then(|| Trace::of(&values));
    let (outputs, segments) = run(&mut files, trace.as_ref()).map_err(|fault| {
        // What went wrong is said with the value that was read last, which only a trace knows.
        let fault = match &trace {
            Some(_) => fault,
            None => run(&mut files, Some(&Trace::of(&values))).err().unwrap_or(fault),
        };
        fault.into_error(&values.to_json(), &|steps, part| {
            let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
            match &options.written {
                Some(written) => written.writer_of(&steps, part),
                None => user.writer_of(&steps, part),
            }
        })
    })?;
    let notes_name = format!("{}/templates/NOTES.txt", active.metadata.name);
    let notes = outputs.iter().find(|(name, _)| *name == notes_name).map(|(_, text)| text.clone()).unwrap_or_default();
    let mut outputs: Vec<(String, String)> =
        outputs.into_iter().filter(|(name, _)| !name.ends_with("NOTES.txt")).collect();
    outputs.sort();
    let (manifests, hooks) = manifest::sorted(&outputs)?;
    Ok(Rendered { manifests, hooks, notes, crds: crds(&active), values, segments })
}

/// The values that a chart would see.
///
/// # Errors
/// What helm refuses too.
pub fn effective_values(chart: &Chart, user: &UserValues) -> Result<Value, RenderError> {
    let set = Rc::new(user.merged()?);
    let active = Active::of(chart, &set)?;
    Ok(Value::Map(active.coalesced(&set)?))
}

/// A template with what it sees.
struct Ready<'c> {
    /// As helm prints it.
    name: String,
    file: &'c sparkyard_template::ast::File,
    dot: Value,
    base: String,
}

struct Root<'o> {
    options: &'o Options,
    capabilities: Rc<Capabilities>,
}

impl Root<'_> {
    /// Gathers the templates of a chart and of its subcharts; returns what the chart sees, without `.Template`.
    fn collect<'c>(
        &self,
        active: &Active<'c>,
        path: String,
        values: &Value,
        root: bool,
        into: &mut Vec<Ready<'c>>,
    ) -> Value {
        let mut below = Map::new();
        for chart in &active.subcharts {
            let name = &chart.metadata.name;
            let values = match values.as_map().and_then(|map| map.get(name.as_str())) {
                Some(table @ Value::Map(_)) => table.clone(),
                _ => Value::map(Map::new()),
            };
            let seen = self.collect(chart, format!("{path}/charts/{name}"), &values, false, into);
            below.insert(name.as_str().into(), seen);
        }
        let mut map = Map::new();
        map.insert("Chart".into(), active.metadata.value(root));
        map.insert("Files".into(), Value::Object(Object::Files(Rc::clone(&active.chart.files))));
        map.insert("Release".into(), self.release());
        map.insert("Capabilities".into(), Value::Object(Object::Capabilities(Rc::clone(&self.capabilities))));
        map.insert("Values".into(), values.clone());
        map.insert("Subcharts".into(), Value::map(below));
        let dot = Value::map(map);
        for (name, file) in active.chart.templates.iter() {
            let base = name.rsplit('/').next().unwrap_or(name);
            if active.metadata.is_library() && !base.starts_with('_') {
                continue;
            }
            into.push(Ready {
                name: format!("{path}/{name}"),
                file,
                dot: dot.clone(),
                base: format!("{path}/templates"),
            });
        }
        dot
    }

    fn release(&self) -> Value {
        let entries = [
            ("Name", Value::text(&self.options.release)),
            ("Namespace", Value::text(&self.options.namespace)),
            ("IsUpgrade", Value::Bool(self.options.is_upgrade)),
            ("IsInstall", Value::Bool(!self.options.is_upgrade)),
            ("Revision", Value::Int(1)),
            ("Service", Value::text("Helm")),
        ];
        Value::map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

type Outputs = (Vec<(String, String)>, BTreeMap<String, Vec<Segment>>);

/// Runs every template that is no partial.
fn run(files: &mut [Ready<'_>], trace: Option<&Trace>) -> Result<Outputs, Box<crate::error::Fault>> {
    // Helm parses deep files first and later ones first, and what is parsed later wins.
    files.sort_by(|a, b| {
        let depth = |ready: &Ready<'_>| ready.name.matches('/').count();
        depth(b).cmp(&depth(a)).then_with(|| b.name.cmp(&a.name))
    });
    let mut defines: Defines<'_> = HashMap::default();
    for ready in files.iter() {
        let source = &ready.file.source;
        for define in ready.file.defines.iter() {
            let named = Named { source, body: &define.body };
            // A template that prints nothing does not replace one that does.
            if !is_empty(&define.body) || !defines.contains_key(&*define.name) {
                defines.insert(&define.name, named);
            }
        }
        defines.insert(&ready.name, Named { source, body: &ready.file.body });
    }
    let mut outputs = Vec::new();
    let mut segments = BTreeMap::new();
    let mut exec = Exec::new(&defines, trace);
    for ready in files.iter() {
        if ready.name.rsplit('/').next().is_some_and(|base| base.starts_with('_')) {
            continue;
        }
        let template = [("Name", &ready.name), ("BasePath", &ready.base)];
        let template: Map = template.into_iter().map(|(key, word)| (key.into(), Value::text(word))).collect();
        let mut dot = ready.dot.as_map().map(|map| (**map).clone()).unwrap_or_default();
        dot.insert("Template".into(), Value::Object(Object::Template(Rc::new(template))));
        let text = exec.file(&ready.file.source, &ready.file.body, &Value::map(dot))?;
        if let Some(trace) = trace {
            segments.insert(ready.name.clone(), trace.take());
        }
        outputs.push((ready.name.clone(), text));
    }
    Ok((outputs, segments))
}

/// Only blanks, as Go's parser sees it.
fn is_empty(body: &[Node]) -> bool {
    body.iter().all(|node| matches!(&node.kind, NodeKind::Text(text) if text.trim().is_empty()))
}

/// Helm's rule for the name of a release.
fn check_name(name: &str) -> Result<(), RenderError> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let part = |part: &str| {
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !part.is_empty() && part.starts_with(ends) && part.ends_with(ends) && part.chars().all(inner)
    };
    if name.len() <= 53 && name.split('.').all(part) {
        return Ok(());
    }
    Err(RenderError::Refused(vec![
        Finding::error("bad-name", format!("{name:?} is no name for a release"))
            .help("at most 53 lower-case letters, digits, `-` and `.`, with a letter or digit at both ends"),
    ]))
}

fn check_kube_version(active: &Active<'_>, capabilities: &Capabilities) -> Result<(), RenderError> {
    let wanted = &active.metadata.kube_version;
    if wanted.is_empty() {
        return Ok(());
    }
    let fits = Constraint::parse(wanted).is_ok_and(|constraint| {
        Version::parse(&capabilities.normalized).is_some_and(|version| constraint.check(&version))
    });
    if fits {
        return Ok(());
    }
    Err(RenderError::refused(
        "kube-version",
        format!("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {}", capabilities.version),
    ))
}

/// Files below `crds/` of all charts, with the names that helm prints.
fn crds(active: &Active<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect_crds(active, active.metadata.name.clone(), &mut found);
    found
}

fn collect_crds(active: &Active<'_>, path: String, found: &mut Vec<(String, String)>) {
    for (name, text) in &active.chart.crds {
        found.push((format!("{path}/{name}"), text.clone()));
    }
    for chart in &active.subcharts {
        collect_crds(chart, format!("{path}/charts/{}", chart.metadata.name), found);
    }
}
