//! A chart, read and ready to be rendered many times.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use parking_lot::Mutex;
use sparkyard_model::{Finding, SourceText};
use sparkyard_template::ast::File;
use sparkyard_template::{DIALECT, Problem, SYNTAX, Source, dialect, parse};
use sparkyard_yaml::node;

use crate::error::RenderError;
use crate::fits::Simple;
use crate::metadata::Metadata;
use crate::value::{Files, Map, Value};

/// A chart, read and ready to be rendered many times.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What its Chart.yaml says.
    pub metadata: Rc<Metadata>,
    /// Its default values.
    pub(crate) values: Rc<Map>,
    /// The text of its values.yaml.
    pub values_text: Option<SourceText>,
    /// Its values.schema.json.
    pub schema: Option<Arc<Schema>>,
    /// Its templates, by path below the chart: `templates/service.yaml`.
    pub templates: Rc<BTreeMap<String, File>>,
    /// What in them lies outside of the dialect.
    pub outside: Rc<Vec<Finding>>,
    /// Its other files.
    pub(crate) files: Rc<Files>,
    /// Files below `crds/`, with the path that helm prints.
    pub(crate) crds: Vec<(String, String)>,
    /// Charts inside it.
    pub subcharts: Vec<Chart>,
}

impl Chart {
    /// Reads a chart from its files, by path below its folder. `prefix` is what stands before a path in messages: the
    /// folder as the user knows it.
    ///
    /// # Errors
    /// What helm refuses too.
    pub fn load(files: &BTreeMap<String, Vec<u8>>, prefix: &str) -> Result<Self, RenderError> {
        Self::load_beside(files, prefix, &Parsed::default())
    }

    /// The same for one of several charts, or several times: templates of the same text and schemas are read once.
    ///
    /// # Errors
    /// What helm refuses too.
    pub fn load_beside<'f>(
        files: &'f BTreeMap<String, Vec<u8>>,
        prefix: &str,
        parsed: &Parsed<'f>,
    ) -> Result<Self, RenderError> {
        let files = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        load(files, prefix, 0, parsed)
    }

    /// Its own default values, its subcharts' not laid in.
    pub fn default_values(&self) -> Value {
        Value::Map(Rc::clone(&self.values))
    }

    /// Paths of its other files, which templates read with `.Files`.
    pub fn other_files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// This chart and every chart inside it, each with its path: `a/charts/b`.
    pub fn all(&self) -> Vec<(String, &Chart)> {
        let mut found = Vec::new();
        self.collect(self.metadata.name.clone(), &mut found);
        found
    }

    fn collect<'c>(&'c self, path: String, found: &mut Vec<(String, &'c Chart)>) {
        for chart in &self.subcharts {
            chart.collect(format!("{path}/charts/{}", chart.metadata.name), found);
        }
        found.push((path, self));
    }
}

/// How deep charts may lie in each other.
const DEPTH: usize = 20;

/// A template, and what in it lies outside of the dialect.
type Template = Arc<(File, Vec<Problem>)>;

/// What was read of the files of some charts. Threads may share it.
#[derive(Debug, Default)]
pub struct Parsed<'f> {
    /// Templates, by their texts.
    templates: Mutex<HashMap<&'f [u8], Template>>,
    /// Schemas, by their names for messages.
    schemas: Mutex<HashMap<String, Arc<Schema>>>,
}

impl Parsed<'_> {
    fn schema(&self, name: String, bytes: &[u8]) -> Result<Arc<Schema>, RenderError> {
        let known = self.schemas.lock().get(&name).filter(|known| known.bytes == bytes).map(Arc::clone);
        match known {
            Some(known) => Ok(known),
            None => {
                let made = Arc::new(Schema::read(&name, bytes)?);
                self.schemas.lock().insert(name, Arc::clone(&made));
                Ok(made)
            }
        }
    }
}

fn load<'f>(
    files: BTreeMap<&'f str, &'f [u8]>,
    prefix: &str,
    depth: usize,
    parsed: &Parsed<'f>,
) -> Result<Chart, RenderError> {
    let at = |path: &str| if prefix.is_empty() { path.to_owned() } else { format!("{prefix}/{path}") };
    let refused = |message: String| RenderError::refused("bad-chart", message);
    if depth > DEPTH {
        return Err(refused(format!("{prefix}: charts lie more than {DEPTH} deep in each other")));
    }
    let Some(bytes) = files.get("Chart.yaml") else {
        return Err(refused(format!("{}: the file is missing", at("Chart.yaml"))));
    };
    let metadata = match yaml(&at("Chart.yaml"), bytes)?.1.as_ref().map(Metadata::of) {
        Some(Ok(metadata)) => Rc::new(metadata),
        Some(Err(message)) => return Err(refused(format!("{}: {message}", at("Chart.yaml")))),
        None => return Err(refused(format!("{}: the file is empty", at("Chart.yaml")))),
    };
    if files.contains_key("requirements.yaml") {
        return Err(outside(format!("{}: charts of Helm 2 lie outside of the dialect", at("requirements.yaml"))));
    }
    let mut chart = Chart {
        metadata,
        values: Rc::default(),
        values_text: None,
        schema: None,
        templates: Rc::default(),
        outside: Rc::default(),
        files: Rc::default(),
        crds: Vec::new(),
        subcharts: Vec::new(),
    };
    if let Some(imports) = chart.metadata.dependencies.iter().find(|dependency| dependency.imports) {
        return Err(outside(format!(
            "{}: import-values of {} lies outside of the dialect",
            at("Chart.yaml"),
            imports.name
        )));
    }
    let (mut templates, mut problems, mut syntax) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut other = Files::new();
    let mut below: BTreeMap<&str, BTreeMap<&str, &[u8]>> = BTreeMap::new();
    for (path, bytes) in &files {
        if let Some(rest) = path.strip_prefix("charts/") {
            let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
            below.entry(name).or_default().insert(rest, bytes);
        } else if path.starts_with("templates/") {
            match read(&at(path), bytes, parsed) {
                Ok((file, known)) => {
                    problems.extend(known.1.iter().map(|problem| problem.finding(DIALECT, &file.source)));
                    templates.insert((*path).to_owned(), file);
                }
                Err(finding) => syntax.push(finding),
            }
        } else if *path == "values.yaml" {
            let (text, values) = values(&at(path), bytes)?;
            chart.values = Rc::new(values);
            chart.values_text = Some(text);
        } else if *path == "values.schema.json" {
            chart.schema = Some(parsed.schema(at(path), bytes)?);
        } else if !matches!(*path, "Chart.yaml" | "Chart.lock") {
            let text = lossy(bytes);
            if path.starts_with("crds/") && matches!(path.rsplit('.').next(), Some("yaml" | "yml" | "json")) {
                chart.crds.push(((*path).to_owned(), text.to_string()));
            }
            other.insert((*path).to_owned(), text.into());
        }
    }
    if !syntax.is_empty() {
        return Err(RenderError::Refused(syntax));
    }
    for (name, files) in below {
        if name.starts_with(['_', '.']) || name.ends_with(".prov") {
            continue;
        }
        if name.ends_with(".tgz") {
            return Err(outside(format!(
                "{}: packed subcharts lie outside of the dialect",
                at(&format!("charts/{name}"))
            )));
        }
        chart.subcharts.push(load(files, &at(&format!("charts/{name}")), depth + 1, parsed)?);
    }
    chart.templates = Rc::new(templates);
    chart.outside = Rc::new(problems);
    chart.files = Rc::new(other);
    Ok(chart)
}

/// Parses a template, unless one of the same text was parsed before.
fn read<'f>(name: &str, bytes: &'f [u8], parsed: &Parsed<'f>) -> Result<(File, Template), Finding> {
    let known = parsed.templates.lock().get(bytes).map(Arc::clone);
    let known = match known {
        Some(known) => known,
        None => {
            let source = Source::new(name, &lossy(bytes));
            let file = parse(source.clone()).map_err(|problem| problem.finding(SYNTAX, &source))?;
            let refusals = dialect::refusals(&file);
            Arc::clone(parsed.templates.lock().entry(bytes).or_insert_with(|| Arc::new((file, refusals))))
        }
    };
    let file = &known.0;
    let source = Source { name: name.into(), text: Arc::clone(&file.source.text) };
    Ok((File { source, ..file.clone() }, known))
}

/// The text of a file. Nearly always it is one, which the standard library sees faster than it replaces what is none.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn outside(message: String) -> RenderError {
    RenderError::Outside(vec![Finding::error(DIALECT, message)])
}

fn text(name: &str, bytes: &[u8]) -> Result<SourceText, RenderError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| RenderError::refused("bad-yaml", format!("{name}: it is not a text file (UTF-8)")))?;
    Ok(SourceText { name: name.to_owned(), text: text.to_owned() })
}

fn yaml(name: &str, bytes: &[u8]) -> Result<(SourceText, Option<node::Node>), RenderError> {
    let source = text(name, bytes)?;
    match node::document(&source.text) {
        Ok(node) => Ok((source, node)),
        Err(error) => Err(bad_yaml(&source, &error)),
    }
}

/// A text that is no YAML.
pub(crate) fn bad_yaml(source: &SourceText, error: &node::SyntaxError) -> RenderError {
    let place = sparkyard_yaml::Places::of_nodes(source, &[]).place(error.at..error.at + 1);
    RenderError::Refused(vec![Finding::error("bad-yaml", error.message.clone()).at(Some(place))])
}

fn values(name: &str, bytes: &[u8]) -> Result<(SourceText, Map), RenderError> {
    let source = text(name, bytes)?;
    let map = crate::user::read_values(&source)?;
    Ok((source, map))
}

fn mentions_network(schema: &serde_json::Value) -> bool {
    match schema {
        serde_json::Value::Object(map) => map.iter().any(|(key, value)| {
            (key == "$ref" && value.as_str().is_some_and(|target| !target.starts_with('#'))) || mentions_network(value)
        }),
        serde_json::Value::Array(items) => items.iter().any(mentions_network),
        _ => false,
    }
}

/// A values.schema.json.
#[derive(Debug)]
pub struct Schema {
    bytes: Vec<u8>,
    name: String,
    /// What it says, if that is simple.
    simple: Option<Simple>,
    json: OnceLock<serde_json::Value>,
    /// Compiled when it is first needed: that takes longer than a hundred checks.
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    fn read(name: &str, bytes: &[u8]) -> Result<Self, RenderError> {
        let (json, validator) = (OnceLock::new(), OnceLock::new());
        let simple = serde_json::from_slice(bytes).ok();
        let schema = Self { bytes: bytes.to_owned(), name: name.to_owned(), simple, json, validator };
        if schema.simple.is_none() {
            let json = serde_json::from_slice(bytes)
                .map_err(|error| RenderError::refused("bad-schema", format!("{name}: {error}")))?;
            // Helm fetches what a schema refers to; nothing here may need the network.
            if mentions_network(&json) {
                return Err(outside(format!(
                    "{name}: a schema that refers to the network lies outside of the dialect"
                )));
            }
            let _ = schema.json.set(json);
        }
        Ok(schema)
    }

    /// What it says.
    pub fn json(&self) -> &serde_json::Value {
        // What was read once is JSON.
        self.json.get_or_init(|| serde_json::from_slice(&self.bytes).unwrap_or_default())
    }

    /// Whether values fit without the library having to say so.
    pub(crate) fn surely_fits(&self, values: &Value) -> bool {
        self.simple.as_ref().is_some_and(|simple| simple.fits(values))
    }

    pub(crate) fn validator(&self) -> Result<&Validator, RenderError> {
        let made =
            self.validator.get_or_init(|| jsonschema::validator_for(self.json()).map_err(|error| error.to_string()));
        made.as_ref().map_err(|message| RenderError::refused("bad-schema", format!("{}: {message}", self.name)))
    }
}
