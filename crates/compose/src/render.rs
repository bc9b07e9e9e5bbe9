//! Composition-time templates: Tera with delimiters that no Helm template, shell script or XML file uses.

use serde_json::{Value, json};
use sparkyard_model::{Brick, Catalogue, Line, Shape};
use tera::{Context, Delimiters, Tera};

use crate::ComposeError;

/// What a file outside `templates/` that is filled in when charts are composed ends in.
const SUFFIX: &str = ".tera";
/// What a composition template holds at least one of.
const OPENERS: [&[u8]; 3] = [b"<@", b"<%", b"<#"];
/// Variables of a composition template.
const VARIABLES: [&str; 4] = ["brick", "chart", "line", "shape"];

/// The composition templates of a catalogue, parsed once.
pub(crate) struct Renderer {
    tera: Tera,
}

impl Renderer {
    /// Parses every composition template of the catalogue: what lies below a `templates/` and has something to
    /// fill in, and what ends in `.tera`.
    pub(crate) fn of(catalogue: &Catalogue) -> Result<Self, ComposeError> {
        let mut tera = Tera::new();
        let delimiters = Delimiters {
            block_start: "<%".into(),
            block_end: "%>".into(),
            variable_start: "<@".into(),
            variable_end: "@>".into(),
            comment_start: "<#".into(),
            comment_end: "#>".into(),
        };
        tera.set_delimiters(delimiters).map_err(|error| failed(&error))?;
        // Tera escapes HTML in names that end in .xml or .html, and hive-site.xml is one.
        tera.autoescape_on(Vec::<&str>::new());
        let mut sources = Vec::new();
        for (path, bytes) in catalogue.files.iter().filter(|(path, bytes)| is_template(path, bytes)) {
            let text =
                std::str::from_utf8(bytes).map_err(|error| ComposeError::Template(format!("{path}: {error}")))?;
            sources.push((path.as_str(), text));
        }
        let names: Vec<&str> = sources.iter().map(|(path, _)| *path).collect();
        tera.add_raw_templates(sources).map_err(|error| failed(&error))?;
        for path in names {
            check_variables(&tera, path)?;
        }
        Ok(Self { tera })
    }

    /// The path below the chart and the bytes of a catalogue file: a template is filled in, all else is taken as it is.
    pub(crate) fn file<'p>(
        &self,
        path: &str,
        below: &'p str,
        bytes: &[u8],
        facts: &Facts,
    ) -> Result<(&'p str, Vec<u8>), ComposeError> {
        let name = below.strip_suffix(SUFFIX).unwrap_or(below);
        if !self.tera.contains_template(path) {
            return Ok((name, bytes.to_vec()));
        }
        let text = self.tera.render(path, &facts.0).map_err(|error| failed(&error))?;
        Ok((name, text.into_bytes()))
    }
}

fn is_template(path: &str, bytes: &[u8]) -> bool {
    path.ends_with(SUFFIX)
        || (path.split('/').any(|folder| folder == "templates")
            && OPENERS.iter().any(|opener| bytes.windows(opener.len()).any(|window| window == *opener)))
}

/// In an `if`, Tera takes a variable that does not exist for false; a typing error must not pass (rust-deps 2).
fn check_variables(tera: &Tera, path: &str) -> Result<(), ComposeError> {
    let used = tera.get_template_variables(path).map_err(|error| failed(&error))?;
    let mut unknown: Vec<&str> = used.into_iter().filter(|name| !VARIABLES.contains(name)).collect();
    unknown.sort_unstable();
    match unknown.first() {
        Some(name) => Err(ComposeError::UnknownVariable {
            path: path.to_owned(),
            name: (*name).to_owned(),
            known: VARIABLES.join(", "),
        }),
        None => Ok(()),
    }
}

/// Tera's report holds the file, the line and a caret; the reasons behind it hang on its sources.
fn failed(error: &tera::Error) -> ComposeError {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    ComposeError::Template(text)
}

/// A line as composition templates see it; it is large, and the same for all charts of a plan.
pub(crate) struct LineFacts(tera::Value);

impl LineFacts {
    /// Facts of `line`.
    pub(crate) fn of(line: &Line) -> Result<Self, ComposeError> {
        tera::Value::try_from_serializable(line).map(Self).map_err(|error| failed(&error))
    }
}

/// What composition templates are filled in with.
pub(crate) struct Facts(Context);

impl Facts {
    /// Facts of one brick in one chart.
    pub(crate) fn of_brick(
        line: &LineFacts,
        shape: Shape,
        chart: &str,
        version: &semver::Version,
        brick: &Brick,
    ) -> Self {
        Self::new(line, shape, chart, version, &facts_of(brick))
    }

    /// Facts of a chart that vendors bricks: `brick` stands for all of them together.
    pub(crate) fn of_umbrella(line: &LineFacts, chart: &str, version: &semver::Version, bricks: &[&Brick]) -> Self {
        let all = json!({
            "id": chart,
            "component": "",
            "title": "",
            "why": "",
            "ports": bricks.iter().flat_map(|b| b.ports).collect::<Vec<_>>(),
            "jars": union(bricks, |b| b.jars),
            "globals": union(bricks, |b| b.globals),
            "credentials": union(bricks, |b| b.credentials),
            "keywords": union(bricks, |b| b.keywords),
        });
        Self::new(line, Shape::Umbrella, chart, version, &all)
    }

    fn new(line: &LineFacts, shape: Shape, chart: &str, version: &semver::Version, brick: &Value) -> Self {
        let mut context = Context::new();
        context.insert_value("line", line.0.clone());
        context.insert("shape", shape.as_str());
        context.insert("chart", &json!({"name": chart, "version": version.to_string()}));
        context.insert("brick", brick);
        Self(context)
    }
}

fn facts_of(brick: &Brick) -> Value {
    json!({
        "id": brick.id,
        "component": brick.component,
        "title": brick.title,
        "why": brick.why,
        "provides": brick.provides,
        "needs": brick.needs,
        "needs_when": brick.needs_when,
        "ports": brick.ports,
        "images": brick.images,
        "globals": brick.globals,
        "jars": brick.jars,
        "python": brick.python,
        "shared_files": brick.shared_files,
        "shared_templates": brick.shared_templates,
        "credentials": brick.credentials,
        "keywords": brick.keywords,
        "sources": brick.sources,
    })
}

/// What the bricks name, each once, in their order.
pub(crate) fn union<'a>(
    bricks: &[&'a Brick],
    names: impl Fn(&'a Brick) -> &'static [&'static str],
) -> Vec<&'static str> {
    let mut found = Vec::new();
    for name in bricks.iter().flat_map(|brick| names(brick)) {
        if !found.contains(name) {
            found.push(*name);
        }
    }
    found
}
