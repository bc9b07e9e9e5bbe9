//! `cargo xtask schema`: what Kubernetes accepts, from its own sources, as the dense text that the rules read.
//!
//! Names, types and required fields come from the OpenAPI file, enums from the Go code that serves it (the file leaves
//! them out), releases of APIs from the module `k8s.io/api`. All of them lie in Go's module cache:
//! `go mod download k8s.io/kubernetes@v1.34.4 k8s.io/api@v0.37.2 k8s.io/api@v0.32.3`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use regex::Regex;
use serde_json::Value;
use xtask::place;

use crate::run;

const FILE: &str = "crates/check/data/kubernetes.txt";
const KUBERNETES: &str = "1.34.4";
/// The newest says what is newer than `KUBERNETES`; the oldest, what the newest has forgotten.
const APIS: [&str; 2] = ["0.32.3", "0.37.2"];
/// Removed APIs of modules that are not `k8s.io/api`.
const GONE: [(&str, &str, &str); 2] = [
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.7 1.16 1.22"),
    ("apiregistration.k8s.io/v1beta1", "APIService", "1.10 1.19 1.22"),
];

/// Writes the file.
pub(crate) fn write() -> Result<()> {
    let cache = PathBuf::from(run::output(Command::new("go").args(["env", "GOMODCACHE"]))?.trim()).join("k8s.io");
    let kubernetes = cache.join(format!("kubernetes@v{KUBERNETES}"));
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let json: Value = serde_json::from_str(&read(&kubernetes.join("api/openapi-spec/swagger.json"))?)?;
    let source = Source {
        definitions: json["definitions"].as_object().context("no definitions")?.clone().into_iter().collect(),
        enums: enums(&read(&kubernetes.join("pkg/generated/openapi/zz_generated.openapi.go"))?)?,
        newer: newer(&cache.join(format!("api@v{}", APIS[1])))?,
    };
    let text = source.text(&lives(&cache)?);
    fs::write(place::root().join(FILE), text).with_context(|| format!("cannot write {FILE}"))?;
    eprintln!("{FILE} written");
    Ok(())
}

/// Introduced, deprecated, removed, by `group/version` and kind.
type Lives = BTreeMap<(String, String), [String; 3]>;

struct Source {
    definitions: BTreeMap<String, Value>,
    /// Values by function and field.
    enums: BTreeMap<(String, String), String>,
    /// Fields by `group.version.Type` of the newest module.
    newer: BTreeMap<String, Vec<String>>,
}

impl Source {
    fn text(&self, lives: &Lives) -> String {
        let mut kinds: BTreeMap<(String, String), String> = BTreeMap::new();
        for (name, definition) in &self.definitions {
            for id in definition["x-kubernetes-group-version-kind"].as_array().into_iter().flatten() {
                let text = |key: &str| id[key].as_str().unwrap_or_default();
                let object = definition["properties"].get("metadata").is_some() && !text("kind").ends_with("List");
                if object {
                    kinds.insert((api(text("group"), text("version")), text("kind").to_owned()), name.clone());
                }
            }
        }
        let mut text = format!(
            "# What Kubernetes accepts. Made by `cargo xtask schema` from k8s.io/kubernetes {KUBERNETES} (Apache-2.0) and\n\
             # k8s.io/api {} and {}. An api with its kinds: type, introduced, deprecated, removed. A type with its\n\
             # fields: `!` required, `+` newer than {KUBERNETES}; s text, b true or false, i l integers of 32 and 64 bits,\n\
             # n number, q quantity, x integer or text, t time, y base64, * anything, <a,b> one of, [key]X list, {{}}X map.\n\
             version {KUBERNETES}\n",
            APIS[0], APIS[1]
        );
        let apis: BTreeSet<&String> = kinds.keys().chain(lives.keys()).map(|(api, _)| api).collect();
        for api in apis {
            let _ = writeln!(text, "api {api}");
            let known: BTreeSet<&String> =
                kinds.keys().chain(lives.keys()).filter(|(a, _)| a == api).map(|(_, k)| k).collect();
            for kind in known {
                let key = (api.clone(), kind.clone());
                let none = || ["-", "-", "-"].map(str::to_owned);
                let life = lives.get(&key).cloned().unwrap_or_else(none).join(" ");
                let kept = kinds.get(&key).map_or("-".to_owned(), |name| self.alias(name));
                let _ = writeln!(text, "kind {kind} {kept} {life}");
            }
        }
        let mut todo: Vec<&String> = kinds.values().collect();
        let mut done: BTreeMap<String, String> = BTreeMap::new();
        while let Some(name) = todo.pop() {
            if done.contains_key(name) {
                continue;
            }
            let mut line = format!("type {}", self.alias(name));
            for (field, schema) in self.definitions[name]["properties"].as_object().into_iter().flatten() {
                // Nobody writes a status into a chart, and what managed a field is no concern of one.
                let skipped = field == "status" && schema.get("$ref").is_some() || field == "managedFields";
                let required =
                    self.definitions[name]["required"].as_array().is_some_and(|r| r.iter().any(|f| f == field));
                let mark = if required && !skipped { "!" } else { "" };
                let kind = if skipped { "*".to_owned() } else { self.kind(name, field, schema, &mut todo) };
                let _ = write!(line, " {field}{mark}:{kind}");
            }
            for field in self.newer.get(&short(name)).into_iter().flatten() {
                if self.definitions[name]["properties"].get(field).is_none() {
                    let _ = write!(line, " {field}+:*");
                }
            }
            done.insert(name.clone(), line);
        }
        done.into_values().for_each(|line| text.push_str(&(line + "\n")));
        text
    }

    /// A type's own name, or with its API if several have it.
    fn alias(&self, name: &str) -> String {
        let own = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let alone = self.definitions.keys().filter(|other| own(other) == own(name)).count() == 1;
        if alone { own(name) } else { short(name) }
    }

    fn kind<'s>(&'s self, of: &str, field: &str, schema: &Value, todo: &mut Vec<&'s String>) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.trim_start_matches("#/definitions/");
            let last = name.rsplit('.').next().unwrap_or_default();
            let Some((name, definition)) = self.definitions.get_key_value(name) else { return "*".to_owned() };
            return match last {
                "Quantity" => "q".to_owned(),
                "IntOrString" => "x".to_owned(),
                "Time" | "MicroTime" => "t".to_owned(),
                _ if definition.get("properties").is_none() => "*".to_owned(),
                _ => {
                    todo.push(name);
                    self.alias(name)
                }
            };
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("array"), _) => {
                let keys =
                    schema["x-kubernetes-list-map-keys"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let keys = keys.collect::<Vec<_>>().join(",");
                format!("[{keys}]{}", self.kind(of, field, &schema["items"], todo))
            }
            (Some("object"), _) if schema.get("additionalProperties").is_some() => {
                format!("{{}}{}", self.kind(of, field, &schema["additionalProperties"], todo))
            }
            (Some("string"), Some("byte")) => "y".to_owned(),
            (Some("string"), _) => {
                let function = of.trim_start_matches("io.k8s.api.").replace('.', "_");
                match self.enums.get(&(function, field.to_owned())) {
                    Some(values) if of.starts_with("io.k8s.api.") => format!("<{values}>"),
                    _ => "s".to_owned(),
                }
            }
            (Some("boolean"), _) => "b".to_owned(),
            (Some("integer"), Some("int64")) => "l".to_owned(),
            (Some("integer"), _) => "i".to_owned(),
            (Some("number"), _) => "n".to_owned(),
            _ => "*".to_owned(),
        }
    }
}

fn api(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// `core.v1.Pod` of `io.k8s.api.core.v1.Pod`.
fn short(name: &str) -> String {
    let mut parts: Vec<&str> = name.rsplitn(4, '.').take(3).collect();
    parts.reverse();
    parts.join(".")
}

/// Enums of the generated Go code, by function and field.
fn enums(code: &str) -> Result<BTreeMap<(String, String), String>> {
    let function = Regex::new(r"^func schema_k8sio_api_(\w+)\(")?;
    let field = Regex::new(r#"^\t{5}"([^"]+)": \{$"#)?;
    let values = Regex::new(r"^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$")?;
    let (mut in_function, mut in_field) = (None, String::new());
    let mut found = BTreeMap::new();
    for line in code.lines() {
        if line.starts_with("func ") {
            in_function = function.captures(line).map(|c| c[1].to_owned());
        } else if let Some(captures) = field.captures(line) {
            captures[1].clone_into(&mut in_field);
        } else if let (Some(function), Some(captures)) = (&in_function, values.captures(line)) {
            let list: Vec<&str> = captures[1].split(", ").map(|value| value.trim_matches('"')).collect();
            found.insert((function.clone(), in_field.clone()), list.join(","));
        }
    }
    Ok(found)
}

/// Files of a name below the folders `group/version` of `k8s.io/api`.
fn files(module: &Path, name: &str) -> Result<Vec<(String, String, String)>> {
    let folders = |path: &Path| -> Result<Vec<PathBuf>> {
        let mut folders = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        folders.retain(|path| path.is_dir());
        folders.sort();
        Ok(folders)
    };
    let last = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for group in folders(module)? {
        for version in folders(&group)? {
            if let Ok(text) = fs::read_to_string(version.join(name)) {
                found.push((last(&group), last(&version), text));
            }
        }
    }
    Ok(found)
}

/// JSON names of the fields of every struct, by `group.version.Type`.
fn newer(module: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let start = Regex::new(r"^type (\w+) struct \{")?;
    let tag = Regex::new(r#"^\t\w+ .*`.*json:"([a-zA-Z]\w*)[,"]"#)?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (group, version, text) in files(module, "types.go")? {
        let mut name = String::new();
        for line in text.lines() {
            if let Some(captures) = start.captures(line) {
                name = format!("{group}.{version}.{}", &captures[1]);
            } else if let Some(captures) = tag.captures(line) {
                found.entry(name.clone()).or_default().push(captures[1].to_owned());
            }
        }
    }
    Ok(found)
}

fn lives(cache: &Path) -> Result<Lives> {
    let method = Regex::new(
        r"func \(in \*(\w+)\) APILifecycle(Introduced|Deprecated|Removed)\(\) \(major, minor int\) \{\s*return (\d+), (\d+)",
    )?;
    let group_name = Regex::new(r#"const GroupName = "([^"]*)""#)?;
    let mut lives = Lives::new();
    for version_of_module in APIS {
        let module = cache.join(format!("api@v{version_of_module}"));
        let groups: BTreeMap<(String, String), String> = files(&module, "register.go")?
            .into_iter()
            .filter_map(|(group, version, text)| {
                let name = group_name.captures(&text)?[1].to_owned();
                Some(((group, version), name))
            })
            .collect();
        for (group, version, text) in files(&module, "zz_generated.prerelease-lifecycle.go")? {
            let Some(name) = groups.get(&(group, version.clone())) else { continue };
            let mut here = Lives::new();
            for captures in method.captures_iter(&text).filter(|captures| !captures[1].ends_with("List")) {
                let life = here
                    .entry((api(name, &version), captures[1].to_owned()))
                    .or_insert_with(|| ["-", "-", "-"].map(str::to_owned));
                let at =
                    ["Introduced", "Deprecated", "Removed"].iter().position(|word| *word == &captures[2]).unwrap_or(0);
                life[at] = format!("{}.{}", &captures[3], &captures[4]);
            }
            lives.extend(here);
        }
    }
    for (api, kind, life) in GONE {
        let mut parts = life.split(' ').map(str::to_owned);
        let parts = std::array::from_fn(|_| parts.next().unwrap_or_default());
        lives.insert((api.to_owned(), kind.to_owned()), parts);
    }
    Ok(lives)
}
