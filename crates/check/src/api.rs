//! What the API server of Kubernetes accepts: which APIs, which fields, of which types.
//!
//! The data is made by `cargo xtask schema` from the sources of Kubernetes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;
use sparkyard_yaml::nearest;

use crate::context::Stack;
use crate::grammar;
use crate::object::{Object, Pod};
use crate::path::{Here, Path};
use crate::report::Report;

/// All of it.
pub(crate) static API: LazyLock<Api> = LazyLock::new(|| Api::read(include_str!("../data/kubernetes.txt")));

/// What the API server accepts.
pub(crate) struct Api {
    /// The release that the types are of.
    pub(crate) version: Version,
    /// Kinds by `group/version`, then by name.
    pub(crate) kinds: BTreeMap<&'static str, BTreeMap<&'static str, Kind>>,
    groups: HashSet<&'static str>,
    types: HashMap<&'static str, Vec<Field>>,
}

/// A kind of an API.
pub(crate) struct Kind {
    type_name: &'static str,
    /// Since when it is there.
    pub(crate) introduced: Option<Version>,
    /// Since when it should not be used.
    pub(crate) deprecated: Option<Version>,
    /// Since when it is gone.
    pub(crate) removed: Option<Version>,
}

struct Field {
    name: &'static str,
    /// As the data writes it.
    kind: &'static str,
    required: bool,
    newer: bool,
}

/// A release of Kubernetes: major, minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32);

/// What is taken for the version of the cluster when none is given.
const NEWEST: Version = Version(1, 37);

impl Version {
    /// Reads `1.33`, `v1.33.2`, `1.33.2-gke.1`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim_start_matches('v').split('.');
        let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
        Some(Self(digits(parts.next()?)?, digits(parts.next()?)?))
    }

    /// The release that a stack is for, or the newest.
    pub(crate) fn of(stack: &Stack) -> Self {
        stack.target.kube_version.as_deref().and_then(Self::parse).unwrap_or(NEWEST)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What can be wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A field that its type does not have.
    Unknown,
    /// A field that must be there.
    Missing,
    /// A value of another type than the field's.
    Type,
    /// A text that is none of those allowed.
    Choice,
    /// Two items of a list with the same key.
    Duplicate,
}

/// Something wrong with a value of an object.
pub(crate) struct Problem {
    fault: Fault,
    /// Index of the object, and the document of it.
    index: usize,
    embedded: Option<String>,
    path: Path,
    message: String,
    help: Option<String>,
}

/// Required in the file, yet the API server takes their default, or their zero.
const DEFAULTED: [(&str, &str); 14] = [
    ("RoleRef", "apiGroup"),
    ("PodFailurePolicyOnPodConditionsPattern", "status"),
    ("HTTPHeader", "value"),
    ("Sysctl", "value"),
    ("ControllerRevision", "revision"),
    ("PriorityClass", "value"),
    ("PreferredSchedulingTerm", "preference"),
    ("ISCSIVolumeSource", "lun"),
    ("ISCSIPersistentVolumeSource", "lun"),
    ("EndpointSlice", "endpoints"),
    ("CustomResourceDefinitionVersion", "served"),
    ("CustomResourceDefinitionVersion", "storage"),
    ("CSINodeSpec", "drivers"),
    ("CSIDriver", "spec"),
];

impl Api {
    fn read(text: &'static str) -> Self {
        let mut api =
            Api { version: Version(0, 0), kinds: BTreeMap::new(), groups: HashSet::new(), types: HashMap::new() };
        let mut here = "";
        for line in text.lines() {
            let mut words = line.split(' ');
            match words.next() {
                Some("version") => api.version = words.next().and_then(Version::parse).unwrap_or(api.version),
                Some("api") => {
                    here = words.next().unwrap_or_default();
                    api.groups.insert(here.split_once('/').map_or("", |(group, _)| group));
                }
                Some("kind") => {
                    let mut word = || words.next().unwrap_or_default();
                    let (name, type_name) = (word(), word());
                    let [introduced, deprecated, removed] = std::array::from_fn(|_| Version::parse(word()));
                    let kind = Kind { type_name, introduced, deprecated, removed };
                    api.kinds.entry(here).or_default().insert(name, kind);
                }
                Some("type") => {
                    let name = words.next().unwrap_or_default();
                    let field = |word: &'static str| {
                        let (name, kind) = word.split_once(':')?;
                        let bare = name.trim_end_matches(['!', '+']);
                        Some(Field { name: bare, kind, required: name.ends_with('!'), newer: name.ends_with('+') })
                    };
                    api.types.insert(name, words.filter_map(field).collect());
                }
                _ => {}
            }
        }
        api
    }

    /// Whether a group is one of Kubernetes' own.
    pub(crate) fn has_group(&self, group: &str) -> bool {
        self.groups.contains(group)
    }

    /// The kind of an object, if it is one of Kubernetes'.
    pub(crate) fn kind(&self, object: &Object) -> Option<&Kind> {
        self.kinds.get(object.api_version())?.get(object.kind())
    }
}

/// Reports faults of one kind in every object, and in every pod template that lies elsewhere.
pub(crate) fn report(stack: &Stack, report: &mut Report, fault: Fault) {
    for problem in stack.problems().iter().filter(|problem| problem.fault == fault) {
        let Problem { index, embedded, path, message, help, .. } = problem;
        let last = report.part(*index, embedded.clone(), path.clone(), message.clone());
        if let Some(help) = help {
            last.help(help.clone());
        }
    }
}

/// All that is wrong with the objects of a stack; whoever asks gets it of [`Stack::problems`].
pub(crate) fn problems(stack: &Stack) -> Vec<Problem> {
    let version = Version::of(stack);
    let mut found = Vec::new();
    for (index, object) in stack.objects.iter().enumerate() {
        let Some(kind) = API.kind(object) else { continue };
        let mut walk = Walk { version, index, embedded: None, found: &mut found };
        walk.fields(&object.value, kind.type_name, &Here::Start(&Path::root()));
    }
    for pod in stack.pods().iter().filter(|pod| pod.is_template()) {
        let template = match pod.embedded {
            Some(document) => (document.value["apiVersion"] == "v1").then_some((&document.value, "Pod")),
            None => Some((pod.spec, "PodSpec")),
        };
        let Some((value, type_name)) = template else { continue };
        let start = if pod.embedded.is_some() { Path::root() } else { pod.spec_path() };
        let embedded = pod.embedded.map(|document| document.key.as_str());
        let mut in_template = Vec::new();
        let mut walk = Walk { version, index: pod.index, embedded, found: &mut in_template };
        walk.fields(value, type_name, &Here::Start(&start));
        // What is missing in a template, Spark or an operator fills in.
        found.extend(in_template.into_iter().filter(|problem| problem.fault != Fault::Missing));
    }
    found
}

/// The objects of a group and kind, of a version that is served: several projects have a kind `Service`, and older versions
/// had other fields.
pub(crate) fn of<'s>(stack: &'s Stack, group: &'s str, kind: &'s str) -> impl Iterator<Item = (usize, &'s Object)> {
    let served = |object: &Object| API.kind(object).is_some_and(|kind| kind.type_name != "-");
    stack.of_kind(kind).filter(move |(_, object)| object.group() == group && served(object))
}

/// Pods of Kubernetes' own kinds, which its API server validates in full.
pub(crate) fn whole_pods(stack: &Stack) -> Vec<Pod<'_>> {
    stack.pods().into_iter().filter(|pod| !pod.is_template()).collect()
}

struct Walk<'w> {
    version: Version,
    index: usize,
    embedded: Option<&'w str>,
    found: &'w mut Vec<Problem>,
}

impl Walk<'_> {
    fn add(&mut self, fault: Fault, path: Path, message: String, help: Option<String>) {
        let (index, embedded) = (self.index, self.embedded.map(str::to_owned));
        self.found.push(Problem { fault, index, embedded, path, message, help });
    }

    fn fields(&mut self, value: &Value, type_name: &str, at: &Here<'_>) {
        let Some(fields) = API.types.get(type_name) else { return };
        let Some(map) = value.as_object() else { return self.wrong_type(value, "a map", at) };
        for (key, inner) in map {
            let here = Here::Key(at, key);
            let field = fields.iter().find(|field| field.name == key);
            match field {
                Some(field) if field.newer && self.version <= API.version => {
                    let message = format!("`{key}` is newer than Kubernetes {}", API.version);
                    self.add(Fault::Unknown, here.path(), message, None);
                }
                Some(field) => self.value(inner, field.kind, &here),
                None => {
                    let known = || fields.iter().map(|field| field.name);
                    let help = match nearest(key, known()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if fields.len() <= 16 => format!("there is: {}", known().collect::<Vec<_>>().join(", ")),
                        None => format!("`kubectl explain` lists the fields of a {}", own_name(type_name)),
                    };
                    let message = format!("{} has no field `{key}`", own_name(type_name));
                    self.add(Fault::Unknown, here.path(), message, Some(help));
                }
            }
        }
        for field in fields.iter().filter(|field| field.required && !DEFAULTED.contains(&(type_name, field.name))) {
            let empty = match map.get(field.name) {
                None | Some(Value::Null) => true,
                Some(Value::String(text)) => text.is_empty(),
                Some(Value::Array(list)) => list.is_empty(),
                Some(_) => false,
            };
            if empty {
                let path = Here::Key(at, field.name).path();
                self.add(Fault::Missing, path, format!("{} needs `{}`", own_name(type_name), field.name), None);
            }
        }
    }

    fn value(&mut self, value: &Value, kind: &str, at: &Here<'_>) {
        // Nothing stands for the default, everywhere.
        if value.is_null() {
            return;
        }
        if let Some(rest) = kind.strip_prefix('[') {
            let (keys, item) = rest.split_once(']').unwrap_or(("", rest));
            let Some(list) = value.as_array() else { return self.wrong_type(value, "a list", at) };
            for (index, inner) in list.iter().enumerate() {
                self.value(inner, item, &Here::Index(at, index));
            }
            if !keys.is_empty() {
                self.duplicates(list, keys, at);
            }
            return;
        }
        if let Some(item) = kind.strip_prefix("{}") {
            let Some(map) = value.as_object() else { return self.wrong_type(value, "a map", at) };
            for (key, inner) in map {
                self.value(inner, item, &Here::Key(at, key));
            }
            return;
        }
        if let Some(choices) = kind.strip_prefix('<').and_then(|kind| kind.strip_suffix('>')) {
            let Some(text) = value.as_str() else { return self.wrong_type(value, "text", at) };
            let choices = || choices.split(',').filter(|choice| !choice.is_empty());
            if !text.is_empty() && !choices().any(|choice| choice == text) {
                let near = nearest(text, choices()).map(|near| format!("did you mean `{near}`? "));
                let help = format!("{}one of: {}", near.unwrap_or_default(), choices().collect::<Vec<_>>().join(", "));
                self.add(Fault::Choice, at.path(), format!("`{text}` is not allowed here"), Some(help));
            }
            return;
        }
        self.scalar(value, kind, at);
    }

    fn scalar(&mut self, value: &Value, kind: &str, at: &Here<'_>) {
        let whole = || value.as_i64().is_some() || value.as_f64().is_some_and(|number| number.fract() == 0.0);
        let wanted = match kind {
            "*" => None,
            "s" => (!value.is_string()).then_some("text"),
            "b" => (!value.is_boolean()).then_some("true or false"),
            "n" => (!value.is_number()).then_some("a number"),
            "l" => (!whole()).then_some("an integer"),
            "i" if whole() => {
                let fits = value.as_f64().is_some_and(|number| number.abs() <= f64::from(i32::MAX));
                (!fits).then_some("an integer of 32 bits")
            }
            "i" => Some("an integer"),
            "x" => (!value.is_string() && !whole()).then_some("an integer or text"),
            "q" => grammar::quantity(value).is_none().then_some("a quantity like 500m, 2, 512Mi or 4Gi"),
            "t" => (!value.as_str().is_some_and(grammar::is_time)).then_some("a time like 2025-01-31T12:00:00Z"),
            "y" => (!value.as_str().is_some_and(grammar::is_base64)).then_some("base64"),
            type_name => return self.fields(value, type_name, at),
        };
        if let Some(wanted) = wanted {
            self.wrong_type(value, wanted, at);
        }
    }

    fn wrong_type(&mut self, value: &Value, wanted: &str, at: &Here<'_>) {
        // Nothing at the place of a map is the empty map.
        if value.is_null() {
            return;
        }
        let given = match value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(value) => format!("`{value}`"),
            Value::Number(value) => format!("the number {value}"),
            Value::String(text) if text.chars().count() > 40 || wanted == "base64" => "text".to_owned(),
            Value::String(text) => format!("the text {text:?}"),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "a map".to_owned(),
        };
        let help = match value {
            Value::Number(_) | Value::Bool(_) if wanted == "text" => {
                Some("put it in quotes, with `| quote` in a template")
            }
            Value::String(_) if wanted.starts_with("an integer") => {
                Some("take the quotes off, with `| int` in a template")
            }
            Value::String(_) if wanted == "true or false" => Some("take the quotes off"),
            Value::String(_) if wanted == "base64" => Some("use `| b64enc`, or put it under `stringData`"),
            _ => None,
        };
        self.add(Fault::Type, at.path(), format!("{wanted} is wanted, {given} is given"), help.map(str::to_owned));
    }

    fn duplicates(&mut self, list: &[Value], keys: &str, at: &Here<'_>) {
        let mut seen = HashSet::new();
        for (index, item) in list.iter().enumerate().filter(|(_, item)| item.is_object()) {
            let part = |key: &str| match &item[key] {
                Value::Null if key == "protocol" => "TCP".to_owned(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let id = keys.split(',').map(part).collect::<Vec<_>>().join(" ");
            if !seen.insert(id.clone()) {
                let last = keys.split(',').next().unwrap_or_default();
                let path = Here::Key(&Here::Index(at, index), last).path();
                self.add(Fault::Duplicate, path, format!("{id} is in the list twice"), None);
            }
        }
    }
}

/// `PodSpec` of `core.v1.PodSpec`.
fn own_name(type_name: &str) -> &str {
    type_name.rsplit('.').next().unwrap_or(type_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every type that a field names is there, else nothing below it would be checked.
    #[test]
    fn the_data_is_whole() {
        assert!(API.types.len() > 400 && API.kinds.len() > 30, "{} types", API.types.len());
        let types =
            API.kinds.values().flat_map(BTreeMap::values).map(|kind| kind.type_name).filter(|name| *name != "-");
        let fields = API.types.values().flatten().map(|field| field.kind);
        for kind in types.chain(fields) {
            let kind = kind.rsplit([']', '}']).next().unwrap_or_default();
            let scalar = kind.starts_with('<') || ["s", "b", "i", "l", "n", "q", "x", "t", "y", "*"].contains(&kind);
            assert!(scalar || API.types.contains_key(kind), "{kind}");
        }
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(Version::parse("v1.33.2"), Some(Version(1, 33)));
        assert_eq!(Version::parse("1.9+"), Some(Version(1, 9)));
        assert_eq!(Version::parse("-"), None);
    }
}
