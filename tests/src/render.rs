//! A chart rendered by helm, taken apart.

use serde_json::Value;

use crate::case::Case;
use crate::object::{Object, Pod};
use crate::{helm, strict};

/// What helm made of a case.
#[derive(Debug, Clone)]
pub struct Render {
    /// What was rendered.
    pub case: Case,
    /// Release name.
    pub release: String,
    /// The whole text.
    pub text: String,
    /// Its objects.
    pub objects: Vec<Object>,
}

impl Render {
    /// Renders a case.
    ///
    /// # Errors
    /// What helm said, or which document is no YAML.
    pub fn of(case: &Case) -> Result<Self, String> {
        Self::with(case, "demo", &[])
    }

    /// Renders a case under a release name and with more arguments.
    ///
    /// # Errors
    /// As [`Render::of`].
    pub fn with(case: &Case, release: &str, more: &[&str]) -> Result<Self, String> {
        let text = text(case, release, more)?;
        let objects = objects(&text).map_err(|error| format!("{case}: {error}"))?;
        Ok(Self { case: case.clone(), release: release.to_owned(), text, objects })
    }

    /// Every pod of every object.
    pub fn pods(&self) -> Vec<Pod> {
        self.objects.iter().flat_map(Object::pods).collect()
    }
}

/// The text that helm makes of a case.
///
/// # Errors
/// What helm said.
pub fn text(case: &Case, release: &str, more: &[&str]) -> Result<String, String> {
    let mut args = vec!["template".to_owned(), release.to_owned(), ".".to_owned()];
    args.extend(["--namespace".to_owned(), helm::NAMESPACE.to_owned()]);
    args.extend(case.value_args());
    args.extend(case.api_versions.iter().flat_map(|version| ["--api-versions".to_owned(), version.clone()]));
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    helm::stdout(&case.chart, &args).map_err(|error| format!("{case}: helm template: {error}"))
}

/// One YAML document as Kubernetes reads it; a key that is written twice is an error.
///
/// # Errors
/// What is wrong, with its line.
pub fn parse(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! { legacy_octal_numbers: true, with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}

fn objects(text: &str) -> Result<Vec<Object>, String> {
    let mut objects = Vec::new();
    for document in documents(text) {
        let source = document.lines().find_map(|line| line.strip_prefix("# Source: ")).unwrap_or("a template");
        match parse(&document).map_err(|error| format!("{source}: {error}"))? {
            Value::Null => {}
            value @ Value::Object(_) => objects.push(Object { value }),
            _ => return Err(format!("{source}: a document that is no object")),
        }
    }
    Ok(objects)
}

/// The documents of a render. Text inside a document is indented, so `---` at the start of a line
/// always separates.
fn documents(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.lines() {
        if line.trim_end() == "---" {
            documents.push(String::new());
        } else if let Some(last) = documents.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    documents.retain(|document| !document.trim().is_empty());
    documents
}

/// Everything that Kubernetes' own types say against a render.
pub fn type_errors(render: &Render) -> Vec<String> {
    let mut errors = Vec::new();
    for object in &render.objects {
        errors.extend(strict::check(&object.value).into_iter().map(|error| format!("{}: {error}", object.id())));
        for (key, template) in object.embedded() {
            errors.extend(strict::check(&template).into_iter().map(|error| format!("{}[{key}]: {error}", object.id())));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_split_and_duplicates_found() {
        let text = "---\n# Source: c/templates/a.yaml\nkind: A\ndata:\n  x: |\n    ---\n    y\n---\n# Source: c/templates/b.yaml\n";
        let objects = objects(text).expect("two documents, one empty");
        assert_eq!(objects.len(), 1);
        assert!(super::objects("# Source: c/t.yaml\na: 1\na: 2\n").expect_err("twice").contains("c/t.yaml"));
    }

    #[test]
    fn octal_modes_are_read_as_kubernetes_reads_them() {
        assert_eq!(parse("mode: 0555").expect("yaml")["mode"], 365);
    }
}
