//! From rendered files to manifests, in the order in which helm installs and prints them.

use std::fmt::Write as _;

use sparkyard_model::{Finding, SourceText};
use sparkyard_yaml::Places;
use sparkyard_yaml::node::{self, Kind, Node, SyntaxError};

use crate::error::RenderError;

/// An object that a chart makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The template as helm prints it: `spark-4-1/templates/service.yaml`.
    pub source: String,
    /// The text of the document.
    pub text: String,
    /// Byte of the file's output where the text starts.
    pub offset: usize,
    /// `kind`, empty if it has none.
    pub kind: String,
    /// Events, for a hook.
    pub hook: Vec<String>,
    /// The document, read.
    pub node: Node,
}

/// Kinds in the order in which helm installs them.
const ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Events that make a hook.
const EVENTS: &[&str] = &[
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
    "test-success",
];

/// The manifests and hooks of rendered files, which come sorted by name.
pub(crate) fn sorted(files: &[(String, String)]) -> Result<(Vec<Manifest>, Vec<Manifest>), RenderError> {
    let (mut manifests, mut hooks) = (Vec::new(), Vec::new());
    for (source, text) in files {
        let base = source.rsplit('/').next().unwrap_or(source);
        if base.starts_with('_') || text.trim().is_empty() {
            continue;
        }
        for (offset, document) in documents(text) {
            let manifest = read(source, document, offset)?;
            match hook(&manifest.node) {
                Hook::No => manifests.push(manifest),
                Hook::Events(events) => hooks.push(Manifest { hook: events, ..manifest }),
                // Helm leaves out what it does not know.
                Hook::Unknown => {}
            }
        }
    }
    for list in [&mut manifests, &mut hooks] {
        list.sort_by(|a, b| rank(&a.kind).cmp(&rank(&b.kind)));
    }
    Ok((manifests, hooks))
}

/// Known kinds in their order, then the others by name.
fn rank(kind: &str) -> (usize, &str) {
    match ORDER.iter().position(|known| *known == kind) {
        Some(at) => (at, ""),
        None => (ORDER.len(), kind),
    }
}

/// The documents of a file's output, each with the byte where it starts: cut at `---` at the start of a line.
pub fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = text.len() - text.trim_start().len();
    let mut line = start;
    loop {
        if text[line..].starts_with("---") {
            found.extend(piece(text, start, line));
            let rest = &text[line + 3..];
            start = line + 3 + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
        }
        match memchr::memchr(b'\n', &text.as_bytes()[line..]) {
            Some(at) => line += at + 1,
            None => break,
        }
    }
    found.extend(piece(text, start, text.len()));
    found
}

/// A document without the blanks before it; none if it is only blanks.
fn piece(text: &str, from: usize, to: usize) -> Option<(usize, &str)> {
    let all = text.get(from..to)?;
    let trimmed = all.trim_start();
    (!trimmed.is_empty()).then_some((from + all.len() - trimmed.len(), trimmed))
}

fn read(source: &str, text: &str, offset: usize) -> Result<Manifest, RenderError> {
    let fail = |error: &SyntaxError| {
        let file = SourceText { name: format!("{source} (rendered)"), text: text.to_owned() };
        let place = Places::of_nodes(&file, &[]).place(error.at..error.at + 1);
        RenderError::Refused(vec![
            Finding::error("bad-manifest", format!("what {source} renders is no YAML: {}", error.message))
                .at(Some(place)),
        ])
    };
    let node = node::document(text).map_err(|error| fail(&error))?;
    let node = node.unwrap_or(Node { kind: Kind::Null, span: 0..0 });
    head_is_good(&node).map_err(|message| fail(&SyntaxError::new(message, node.span.start)))?;
    let kind = field(&node, "kind").map(scalar).unwrap_or_default();
    Ok(Manifest { source: source.to_owned(), text: text.to_owned(), offset, kind, hook: Vec::new(), node })
}

/// Helm reads only the head of an object; what does not fit there it refuses.
fn head_is_good(node: &Node) -> Result<(), String> {
    let map = |node: &Node, what: &str| match node.kind {
        Kind::Null | Kind::Map(_) => Ok(()),
        _ => Err(format!("{what} must be a map")),
    };
    let word = |node: Option<&Node>, what: &str| match node.map(|node| &node.kind) {
        Some(Kind::Seq(_) | Kind::Map(_)) => Err(format!("{what} must be a word")),
        _ => Ok(()),
    };
    map(node, "an object")?;
    if has_infinity(node) {
        return Err("a number that JSON cannot hold".to_owned());
    }
    word(field(node, "apiVersion"), "apiVersion")?;
    word(field(node, "kind"), "kind")?;
    let Some(metadata) = field(node, "metadata") else { return Ok(()) };
    map(metadata, "metadata")?;
    word(field(metadata, "name"), "metadata.name")?;
    let Some(annotations) = field(metadata, "annotations") else { return Ok(()) };
    map(annotations, "metadata.annotations")?;
    if let Kind::Map(entries) = &annotations.kind {
        for entry in entries {
            word(Some(&entry.value), "an annotation")?;
        }
    }
    Ok(())
}

fn has_infinity(node: &Node) -> bool {
    match &node.kind {
        Kind::Float(value) => !value.is_finite(),
        Kind::Seq(items) => items.iter().any(has_infinity),
        Kind::Map(entries) => entries.iter().any(|entry| has_infinity(&entry.value)),
        _ => false,
    }
}

/// A field as Go's JSON decoder finds it.
fn field<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).or_else(|| match &node.kind {
        Kind::Map(entries) => {
            entries.iter().rev().find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.value)
        }
        _ => None,
    })
}

fn scalar(node: &Node) -> String {
    match &node.kind {
        Kind::Str(text) => text.clone(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => value.to_string(),
        Kind::Float(value) => sparkyard_yaml::float::general_single(*value),
        _ => String::new(),
    }
}

enum Hook {
    No,
    Events(Vec<String>),
    Unknown,
}

fn hook(node: &Node) -> Hook {
    let annotation = field(node, "metadata").and_then(|m| field(m, "annotations")).and_then(|a| a.get("helm.sh/hook"));
    let Some(annotation) = annotation else { return Hook::No };
    let events: Vec<String> = scalar(annotation).split(',').map(|event| event.trim().to_lowercase()).collect();
    if events.iter().all(|event| EVENTS.contains(&event.as_str())) { Hook::Events(events) } else { Hook::Unknown }
}

/// A document as helm prints it.
pub(crate) fn print(out: &mut String, source: &str, text: &str) {
    let _ = write!(out, "---\n# Source: {source}\n{text}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<(String, String)> {
        vec![("c/templates/a.yaml".to_owned(), text.to_owned())]
    }

    #[test]
    fn documents_are_cut_as_helm_cuts_them() {
        let text = "\n# only words\n---\na: 1\n--- \nb: 2\n---c: 3\nd: |\n  ---\n  x\n---\n\n";
        let pieces: Vec<&str> = documents(text).into_iter().map(|(_, piece)| piece).collect();
        assert_eq!(pieces, ["# only words\n", "a: 1\n", "b: 2\n", "c: 3\nd: |\n  ---\n  x\n"]);
        assert!(documents(text).iter().all(|(at, piece)| text[*at..].starts_with(piece)));
    }

    #[test]
    fn kinds_come_in_the_order_of_the_install() {
        let text = "kind: Zebra\n---\nkind: Deployment\n---\nkind: Apple\n---\nkind: Service\n---\nkind: Job\nmetadata: {annotations: {helm.sh/hook: \"pre-install, test\"}}\n---\nkind: X\nmetadata: {annotations: {helm.sh/hook: never}}\n";
        let (manifests, hooks) = sorted(&files(text)).expect("reads");
        let kinds: Vec<&str> = manifests.iter().map(|manifest| manifest.kind.as_str()).collect();
        assert_eq!(kinds, ["Service", "Deployment", "Apple", "Zebra"]);
        assert_eq!(hooks.len(), 1);
        assert_eq!(hooks[0].hook, ["pre-install", "test"]);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in [
            "a: b: c\n",
            "- a\n",
            "words\n",
            "kind: [a]\n",
            "metadata: x\n",
            "a: .inf\n",
            "metadata: {annotations: {a: {}}}\n",
        ] {
            assert!(sorted(&files(text)).is_err(), "{text}");
        }
        assert!(sorted(&files("kind: 5\nmetadata: {annotations: {a: 1}}\n")).is_ok());
    }
}
