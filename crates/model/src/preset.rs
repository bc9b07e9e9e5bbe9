//! Presets and platforms: plain YAML files of data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Tree;

/// The text of a file that was read, kept for messages that point into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceText {
    /// Name as the user knows it: `presets/quickstart.yaml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A scenario: which bricks, which values, and why. One file of `presets/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preset {
    /// Id, equal to the file's name without `.yaml`.
    pub id: String,
    /// One line.
    pub title: String,
    /// Who should take it.
    pub for_whom: String,
    /// One paragraph: why it is made the way it is.
    pub why: String,
    /// Lines it fits, as a semver requirement on the Spark version: `>=3.5`.
    pub lines: semver::VersionReq,
    /// Brick ids in the order in which modular charts are installed.
    pub bricks: Vec<String>,
    /// What it costs: CPU, memory, disk.
    pub cost: String,
    /// What it lacks.
    pub lacks: Vec<String>,
    /// The next step up, in words.
    pub next: String,
    /// Values: `global` and one key per brick.
    #[serde(default)]
    pub values: Tree,
    /// Values that only the user knows, by path below `global`, each with an example:
    /// `s3.endpoint: https://s3.example.com`.
    #[serde(default)]
    pub must_set: BTreeMap<String, String>,
    /// What must be in the namespace before the install, in words: Secrets with their keys.
    #[serde(default)]
    pub must_make: Vec<String>,
    /// Where it was read from.
    #[serde(skip)]
    pub source: SourceText,
}

/// Stands before the example of a value that the user must set. A values file of the preset has both in the value's place:
/// the schema refuses the text, and Helm prints it.
const SET_THIS: &str = "set this, for example ";

impl Preset {
    /// The values that the user must set, each as its example.
    pub fn examples(&self) -> Tree {
        self.must_set_as("")
    }

    /// The values that the user must set, each as a text that no schema takes.
    pub fn placeholders(&self) -> Tree {
        self.must_set_as(SET_THIS)
    }

    /// A values file of a preset as a user has it who takes every example.
    pub fn with_examples(values_file: &str) -> String {
        values_file.replace(SET_THIS, "")
    }

    fn must_set_as(&self, before: &str) -> Tree {
        let mut global = Tree::new();
        for (path, example) in &self.must_set {
            put(&mut global, path, Value::from(format!("{before}{example}")));
        }
        global
    }
}

/// Puts a value at a dotted path. A path through a value that is no map is left out: the other one is unknown then.
fn put(tree: &mut Tree, path: &str, value: Value) {
    let Some((first, rest)) = path.split_once('.') else {
        tree.insert(path.to_owned(), value);
        return;
    };
    if let Value::Object(below) = tree.entry(first).or_insert_with(|| Value::Object(Tree::new())) {
        put(below, rest, value);
    }
}

/// A kind of cluster, one file of `presets/platforms/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Platform {
    /// Id, equal to the file's name without `.yaml`.
    pub id: String,
    /// One line.
    pub title: String,
    /// What differs there, in words.
    pub why: String,
    /// Who admits pods there, as `sparkyard check --policy` names it: `pss:restricted`, `scc:restricted-v2`.
    pub policy: String,
    /// Values laid over a chart's defaults; empty for the platform that the defaults are made for.
    #[serde(default)]
    pub values: Tree,
    /// API versions that a cluster of this platform has beyond Kubernetes' own, for rendering tests.
    #[serde(default)]
    pub api_versions: Vec<String>,
    /// Where it was read from.
    #[serde(skip)]
    pub source: SourceText,
}
