//! Chart.yaml.

use std::rc::Rc;

use sparkyard_yaml::node::{Kind, Node};

use crate::semver::{Constraint, Version};
use crate::value::{Map, Value};

/// What a Chart.yaml says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// Name of the chart, or the alias that its parent gives it.
    pub name: String,
    /// Version of the chart.
    pub version: String,
    /// `apiVersion`; `v1` when it is missing.
    pub api_version: String,
    /// `appVersion`.
    pub app_version: String,
    /// `kubeVersion`: which clusters it is for.
    pub kube_version: String,
    /// `type`: `application`, `library` or nothing.
    pub kind: String,
    /// Everything else that is one word or sentence, by the name of Go's field.
    words: Vec<(&'static str, String)>,
    /// Annotations.
    pub annotations: Vec<(String, String)>,
    keywords: Vec<String>,
    sources: Vec<String>,
    maintainers: Vec<[String; 3]>,
    deprecated: bool,
    /// Charts that it depends on.
    pub dependencies: Vec<Dependency>,
}

/// An entry of `dependencies`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dependency {
    /// Name of the chart.
    pub name: String,
    /// Versions that fit.
    pub version: String,
    /// Where it is found.
    pub repository: String,
    /// Paths of values that switch it on and off, the first that exists decides.
    pub condition: String,
    /// Tags that switch it.
    pub tags: Vec<String>,
    /// Name in place of the chart's own.
    pub alias: String,
    /// Whether values are taken over from it; outside of the dialect.
    pub imports: bool,
    /// `import-values` and `enabled` as they stand, for [`Metadata::json`].
    as_written: (serde_json::Value, bool),
}

/// Fields that are words. Numbers and switches become words; lists and maps do not.
const WORDS: &[&str] = &[
    "name",
    "home",
    "version",
    "description",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "kubeVersion",
    "type",
];
/// Fields of a dependency that are words.
const DEPENDENCY_WORDS: &[&str] = &["name", "version", "repository", "condition", "alias"];

/// Whether every field is of the type that helm reads it into.
fn types_are_good(node: &Node) -> Result<(), String> {
    words(node, WORDS)?;
    for key in ["keywords", "sources"] {
        list(node, key, &|item| word(item, key))?;
    }
    list(node, "maintainers", &|item| words(item, &["name", "email", "url"]))?;
    list(node, "dependencies", &|item| {
        words(item, DEPENDENCY_WORDS)?;
        switch(item, "enabled")?;
        list(item, "tags", &|tag| word(tag, "tags"))?;
        list(item, "import-values", &|_| Ok(()))
    })?;
    switch(node, "deprecated")?;
    match find(node, "annotations").map(|found| &found.kind) {
        None | Some(Kind::Null) => Ok(()),
        Some(Kind::Map(entries)) => entries.iter().try_for_each(|entry| word(&entry.value, &entry.key)),
        Some(_) => Err("annotations must be a map".to_owned()),
    }
}

fn words(node: &Node, keys: &[&str]) -> Result<(), String> {
    match &node.kind {
        Kind::Null => Ok(()),
        Kind::Map(_) => {
            keys.iter().filter_map(|key| Some((find(node, key)?, key))).try_for_each(|(n, key)| word(n, key))
        }
        _ => Err("a map is wanted".to_owned()),
    }
}

fn word(node: &Node, key: &str) -> Result<(), String> {
    match node.kind {
        Kind::Seq(_) | Kind::Map(_) => Err(format!("{key} must be a word")),
        _ => Ok(()),
    }
}

fn list(node: &Node, key: &str, item: &dyn Fn(&Node) -> Result<(), String>) -> Result<(), String> {
    match find(node, key).map(|found| &found.kind) {
        None | Some(Kind::Null) => Ok(()),
        Some(Kind::Seq(items)) => items.iter().try_for_each(item),
        Some(_) => Err(format!("{key} must be a list")),
    }
}

fn switch(node: &Node, key: &str) -> Result<(), String> {
    match find(node, key).map(|found| &found.kind) {
        None | Some(Kind::Null | Kind::Bool(_)) => Ok(()),
        Some(_) => Err(format!("{key} must be true or false")),
    }
}

impl Metadata {
    /// Reads the text of a Chart.yaml.
    ///
    /// # Errors
    /// What helm refuses.
    pub fn read(text: &str) -> Result<Self, String> {
        let node = sparkyard_yaml::node::document(text).map_err(|error| error.to_string())?;
        node.as_ref().map_or_else(|| Err("it is empty".to_owned()), Self::of)
    }

    /// Reads a Chart.yaml.
    ///
    /// # Errors
    /// What helm refuses.
    pub(crate) fn of(node: &Node) -> Result<Self, String> {
        let metadata = Self::of_index(node)?;
        metadata.keys_differ()?;
        Ok(metadata)
    }

    /// Reads the entry of an index, as JSON: what a Chart.yaml says, but dependencies may share a name there.
    ///
    /// # Errors
    /// What helm passes over.
    pub fn read_of_index(text: &str) -> Result<Self, String> {
        let node = sparkyard_yaml::node::document(text).map_err(|error| error.to_string())?;
        node.as_ref().map_or_else(|| Err("it is empty".to_owned()), Self::of_index)
    }

    fn of_index(node: &Node) -> Result<Self, String> {
        types_are_good(node)?;
        let word = |key: &str| clean(text(find(node, key)));
        let texts = |key: &str| items(find(node, key)).iter().map(|item| clean(text(Some(item)))).collect::<Vec<_>>();
        let mut metadata = Self {
            name: word("name"),
            version: word("version"),
            api_version: word("apiVersion"),
            app_version: word("appVersion"),
            kube_version: word("kubeVersion"),
            kind: word("type"),
            words: [
                ("Home", "home"),
                ("Description", "description"),
                ("Icon", "icon"),
                ("Condition", "condition"),
                ("Tags", "tags"),
            ]
            .map(|(field, key)| (field, word(key)))
            .to_vec(),
            keywords: texts("keywords"),
            sources: texts("sources"),
            deprecated: matches!(find(node, "deprecated").map(|n| &n.kind), Some(Kind::Bool(true))),
            ..Self::default()
        };
        if let Some(Node { kind: Kind::Map(entries), .. }) = find(node, "annotations") {
            metadata.annotations = entries.iter().map(|e| (e.key.clone(), text(Some(&e.value)))).collect();
        }
        for item in items(find(node, "maintainers")) {
            metadata.maintainers.push(["name", "email", "url"].map(|key| clean(text(find(item, key)))));
        }
        for item in items(find(node, "dependencies")) {
            let word = |key: &str| clean(text(find(item, key)));
            metadata.dependencies.push(Dependency {
                name: word("name"),
                version: word("version"),
                repository: word("repository"),
                condition: word("condition"),
                tags: items(find(item, "tags")).iter().map(|tag| text(Some(tag))).collect(),
                alias: word("alias"),
                imports: find(item, "import-values").is_some(),
                as_written: (
                    find(item, "import-values").map_or(serde_json::Value::Null, sparkyard_yaml::json),
                    matches!(find(item, "enabled").map(|n| &n.kind), Some(Kind::Bool(true))),
                ),
            });
        }
        if metadata.api_version.is_empty() {
            metadata.api_version = "v1".into();
        }
        metadata.validate()?;
        Ok(metadata)
    }

    fn validate(&self) -> Result<(), String> {
        let say = |message: String| Err(format!("validation: {message}"));
        if self.name.is_empty() {
            return say("chart.metadata.name is required".into());
        }
        if self.name.contains('/') || self.name == "." || self.name == ".." {
            return say(format!("chart.metadata.name {:?} is invalid", self.name));
        }
        if self.version.is_empty() {
            return say("chart.metadata.version is required".into());
        }
        if Version::parse(&self.version).is_none() {
            return say(format!("chart.metadata.version {:?} is invalid", self.version));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return say("chart.metadata.type must be application or library".into());
        }
        Ok(())
    }

    /// Whether values can be told which dependency they are for.
    fn keys_differ(&self) -> Result<(), String> {
        for (index, dependency) in self.dependencies.iter().enumerate() {
            let key = dependency.key();
            if self.dependencies[..index].iter().any(|other| other.key() == key) {
                return Err(format!("validation: more than one dependency with name or alias {key:?}"));
            }
        }
        Ok(())
    }

    /// What `home`, `description` or another field that is one sentence says, by the name of Go's field.
    fn sentence(&self, field: &str) -> &str {
        self.words.iter().find(|(name, _)| *name == field).map_or("", |(_, word)| word)
    }

    /// `description`.
    pub fn description(&self) -> &str {
        self.sentence("Description")
    }

    /// `home`.
    pub fn home(&self) -> &str {
        self.sentence("Home")
    }

    /// `sources`.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Name, address and page of every maintainer.
    pub fn maintainers(&self) -> &[[String; 3]] {
        &self.maintainers
    }

    /// The document that helm makes of it for a registry and an index: the fields that it knows, in its order, without
    /// those that are empty.
    pub fn json(&self) -> serde_json::Value {
        let mut map = Object::default();
        map.word("name", &self.name);
        map.word("home", self.home());
        map.list("sources", self.sources.iter().map(|word| word.as_str().into()).collect());
        map.word("version", &self.version);
        map.word("description", self.description());
        map.list("keywords", self.keywords.iter().map(|word| word.as_str().into()).collect());
        let people = self.maintainers.iter().map(|[name, email, url]| {
            let mut person = Object::default();
            person.word("name", name);
            person.word("email", email);
            person.word("url", url);
            person.0.into()
        });
        map.list("maintainers", people.collect());
        map.word("icon", self.sentence("Icon"));
        map.word("apiVersion", &self.api_version);
        map.word("condition", self.sentence("Condition"));
        map.word("tags", self.sentence("Tags"));
        map.word("appVersion", &self.app_version);
        map.flag("deprecated", self.deprecated);
        let mut annotations: Vec<_> = self.annotations.clone();
        annotations.sort();
        if !annotations.is_empty() {
            let entries = annotations.into_iter().map(|(key, value)| (key, value.into()));
            map.0.insert("annotations".to_owned(), serde_json::Value::Object(entries.collect()));
        }
        map.word("kubeVersion", &self.kube_version);
        map.list("dependencies", self.dependencies.iter().map(Dependency::json).collect());
        map.word("type", &self.kind);
        map.0.into()
    }

    /// Whether it only holds named templates.
    pub fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// `.Chart`
    pub(crate) fn value(&self, root: bool) -> Value {
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| {
            map.insert(key.into(), value);
        };
        put("Name", Value::text(&self.name));
        put("Version", Value::text(&self.version));
        put("APIVersion", Value::text(&self.api_version));
        put("AppVersion", Value::text(&self.app_version));
        put("KubeVersion", Value::text(&self.kube_version));
        put("Type", Value::text(&self.kind));
        for (field, word) in &self.words {
            put(field, Value::text(word));
        }
        put("Deprecated", Value::Bool(self.deprecated));
        put("IsRoot", Value::Bool(root));
        let annotations = self.annotations.iter().map(|(key, value)| (Rc::from(key.as_str()), Value::text(value)));
        put("Annotations", Value::map(annotations.collect()));
        put("Keywords", Value::list(self.keywords.iter().map(Value::text).collect()));
        put("Sources", Value::list(self.sources.iter().map(Value::text).collect()));
        let person = |words: &[String; 3]| {
            let entries = ["Name", "Email", "URL"].into_iter().zip(words);
            Value::map(entries.map(|(key, word)| (Rc::from(key), Value::text(word))).collect())
        };
        put("Maintainers", Value::list(self.maintainers.iter().map(person).collect()));
        let dependency = |d: &Dependency| {
            let words = [
                ("Name", &d.name),
                ("Version", &d.version),
                ("Repository", &d.repository),
                ("Condition", &d.condition),
                ("Alias", &d.alias),
            ];
            let mut map: Map = words.into_iter().map(|(key, word)| (Rc::from(key), Value::text(word))).collect();
            map.insert("Tags".into(), Value::list(d.tags.iter().map(Value::text).collect()));
            map.insert("Enabled".into(), Value::Bool(true));
            Value::map(map)
        };
        put("Dependencies", Value::list(self.dependencies.iter().map(dependency).collect()));
        Value::map(map)
    }
}

/// A document that leaves out what is empty, as Go's `omitempty` does.
#[derive(Default)]
struct Object(serde_json::Map<String, serde_json::Value>);

impl Object {
    fn word(&mut self, key: &str, word: &str) {
        if !word.is_empty() {
            self.0.insert(key.to_owned(), word.into());
        }
    }

    fn list(&mut self, key: &str, items: Vec<serde_json::Value>) {
        if !items.is_empty() {
            self.0.insert(key.to_owned(), items.into());
        }
    }

    fn flag(&mut self, key: &str, value: bool) {
        if value {
            self.0.insert(key.to_owned(), true.into());
        }
    }
}

impl Dependency {
    fn json(&self) -> serde_json::Value {
        let mut map = Object::default();
        map.0.insert("name".to_owned(), self.name.as_str().into());
        map.word("version", &self.version);
        map.0.insert("repository".to_owned(), self.repository.as_str().into());
        map.word("condition", &self.condition);
        map.list("tags", self.tags.iter().map(|tag| tag.as_str().into()).collect());
        let (imports, enabled) = &self.as_written;
        map.flag("enabled", *enabled);
        map.list("import-values", imports.as_array().into_iter().flatten().cloned().map(sorted).collect());
        map.word("alias", &self.alias);
        map.0.into()
    }

    /// The name that its values have.
    pub fn key(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    /// Whether a version of the chart fits.
    pub(crate) fn fits(&self, version: &str) -> bool {
        let constraint = Constraint::parse(&self.version);
        constraint.is_ok_and(|constraint| Version::parse(version).is_some_and(|version| constraint.check(&version)))
    }
}

/// The same value with its keys in the order of Go's maps.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// A sentence as helm keeps it: every blank is a space, and what cannot be printed is gone.
fn clean(text: String) -> String {
    // Go's unicode.IsPrint; the ranges are those of format, private-use and separator characters.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{8e2}'
                | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
                | '\u{f0000}'..='\u{10ffff}')
    };
    if text.chars().all(|c| c == ' ' || !c.is_whitespace() && !hidden(c)) {
        return text;
    }
    text.chars()
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some(' '),
            c if hidden(c) => None,
            c => Some(c),
        })
        .collect()
}

/// A key, as JSON decoders find it: exactly, or else in any case.
fn find<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).or_else(|| match &node.kind {
        Kind::Map(entries) => {
            entries.iter().rev().find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.value)
        }
        _ => None,
    })
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(Kind::Seq(items)) => items,
        _ => &[],
    }
}

/// A word; numbers and booleans where a string is wanted become one.
fn text(node: Option<&Node>) -> String {
    match node.map(|node| &node.kind) {
        Some(Kind::Str(text)) => text.clone(),
        Some(Kind::Bool(value)) => value.to_string(),
        Some(Kind::Int(value)) => value.to_string(),
        Some(Kind::Uint(value)) => value.to_string(),
        Some(Kind::Float(value)) => sparkyard_yaml::float::general_single(*value),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use sparkyard_yaml::node::document;

    use super::*;

    fn read(text: &str) -> Result<Metadata, String> {
        Metadata::of(&document(text).expect("yaml").expect("a document"))
    }

    #[test]
    fn words_and_numbers_are_read() {
        let metadata =
            read("name: a\nversion: 0.1.0\nappVersion: 1.10\ndependencies:\n- {name: b, version: ^1.0, alias: c}\n")
                .expect("a chart");
        assert_eq!((metadata.app_version.as_str(), metadata.api_version.as_str()), ("1.1", "v1"));
        assert_eq!(metadata.dependencies[0].key(), "c");
        assert!(metadata.dependencies[0].fits("1.2.3") && !metadata.dependencies[0].fits("2.0.0"));
        let value = metadata.value(true);
        let map = value.as_map().expect("a map");
        assert_eq!(map.get("IsRoot"), Some(&Value::Bool(true)));
    }

    #[test]
    fn sentences_are_cleaned_as_helm_does() {
        let metadata = read("name: a\nversion: 0.1.0\ndescription: >\n  one\n\n  two\n").expect("a chart");
        assert_eq!(metadata.description(), "one two ");
        assert_eq!(clean("a\u{200b}b\u{a0}c\u{7f}".to_owned()), "ab c");
    }

    #[test]
    fn json_has_helms_order_and_leaves_out_what_is_empty() {
        let text = "version: 0.1.0\nname: a\nappVersion: 1.0\nother: x\nannotations: {z: 1, a: true}\n\
                    dependencies:\n- {name: b, version: ^1.0, import-values: [{parent: p, child: c}]}\n";
        let wanted = r#"{"name":"a","version":"0.1.0","apiVersion":"v1","appVersion":"1","annotations":{"a":"true","z":"1"},"dependencies":[{"name":"b","version":"^1.0","repository":"","import-values":[{"child":"c","parent":"p"}]}]}"#;
        assert_eq!(read(text).expect("a chart").json().to_string(), wanted);
    }

    #[test]
    fn what_helm_refuses_is_refused() {
        for (text, part) in [
            ("version: 1.0.0\n", "name is required"),
            ("name: a\n", "version is required"),
            ("name: a\nversion: x\n", "version \"x\" is invalid"),
            ("name: a\nversion: 1.0.0\ntype: other\n", "type must be"),
            ("name: a/b\nversion: 1.0.0\n", "is invalid"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(part), "{error}");
        }
    }
}
