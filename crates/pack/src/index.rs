//! `index.yaml` and `SHA256SUMS`: what a plain web server needs to be a chart repository.
//!
//! The index is the one that `helm repo index` writes, byte for byte but for its times, which are given: it is reproducible.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sparkyard_render::{Constraint, Metadata, Version};
use sparkyard_yaml::node;

use crate::Package;
use crate::error::PackError;

/// Keys of an index that helm knows.
const KEYS: &[&str] = &["serverInfo", "apiVersion", "generated", "entries", "publicKeys", "annotations"];
/// Keys of an entry that helm knows beside those of Chart.yaml, and has forgotten the meaning of.
const OLD_KEYS: &[&str] = &["checksum", "engine", "tillerVersion", "url"];
const CHART_KEYS: &[&str] = &[
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];
/// Go's time of nothing.
const NO_TIME: &str = "0001-01-01T00:00:00Z";

/// The index of a repository: versions of charts by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    entries: BTreeMap<String, Vec<Entry>>,
}

/// A version of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its version.
    pub version: String,
    /// All that the index says of it.
    document: Map<String, Value>,
}

impl Entry {
    fn word(&self, key: &str) -> &str {
        self.document.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Where its package lies: below the repository, or anywhere.
    pub fn url(&self) -> &str {
        self.document.get("urls").and_then(|urls| urls[0].as_str()).unwrap_or_default()
    }

    /// SHA-256 of its package.
    pub fn digest(&self) -> &str {
        self.word("digest")
    }
}

impl Index {
    /// The index of packages that lie beside it.
    pub(crate) fn of(packages: &[Package], epoch: u64) -> Result<Self, PackError> {
        let mut index = Self::default();
        for package in packages {
            let metadata = Metadata::read(&package.metadata)
                .map_err(|message| PackError::BadChart { chart: package.name.clone(), message })?;
            index.add(&metadata, package.file.clone(), &package.sha256, epoch);
        }
        index.sort();
        Ok(index)
    }

    /// Adds a package.
    pub(crate) fn add(&mut self, metadata: &Metadata, url: String, sha256: &str, epoch: u64) {
        let mut document = object(metadata.json());
        document.insert("urls".to_owned(), json!([url]));
        document.insert("created".to_owned(), time(epoch).into());
        document.insert("digest".to_owned(), sha256.into());
        let entry = Entry { version: metadata.version.clone(), document };
        self.entries.entry(metadata.name.clone()).or_default().push(entry);
    }

    /// Reads an index as strictly as helm does. Entries that helm would pass over are left out, and told.
    ///
    /// # Errors
    /// What helm refuses.
    pub fn read(text: &str) -> Result<(Self, Vec<String>), String> {
        // JSON is taken with whatever is in it.
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        let node = node::document(text).map_err(|error| error.to_string())?;
        let document = object(node.as_ref().map(sparkyard_yaml::json).unwrap_or_default());
        let known = |map: &Map<String, Value>, keys: &[&[&str]]| match map
            .keys()
            .find(|key| !keys.concat().contains(&key.as_str()))
        {
            Some(key) if !is_json => Err(format!("unknown key `{key}`")),
            _ => Ok(()),
        };
        known(&document, &[KEYS])?;
        if document.get("apiVersion").and_then(Value::as_str).unwrap_or_default().is_empty() {
            return Err("it has no apiVersion: is it the index of a repository?".to_owned());
        }
        let (mut index, mut skipped) = (Self::default(), Vec::new());
        for (name, versions) in document.get("entries").and_then(Value::as_object).into_iter().flatten() {
            for version in versions.as_array().into_iter().flatten() {
                let Value::Object(map) = version else {
                    skipped.push(format!("an empty entry of {name}"));
                    continue;
                };
                known(map, &[CHART_KEYS, OLD_KEYS, &["urls", "created", "removed", "digest"]])?;
                match entry(map) {
                    Ok(entry) => index.entries.entry(name.clone()).or_default().push(entry),
                    Err(why) => {
                        let version = map.get("version").and_then(Value::as_str).unwrap_or("?");
                        skipped.push(format!("{name} {version}: {why}"));
                    }
                }
            }
        }
        index.sort();
        Ok((index, skipped))
    }

    /// Adds what another index has and this one lacks.
    pub fn merge(&mut self, other: Self) {
        for entry in other.entries.into_values().flatten() {
            let there = self.entries.entry(entry.word("name").to_owned()).or_default();
            if !there.iter().any(|known| known.version == entry.version) && !is_taken(there, &entry.version) {
                there.push(entry);
            }
        }
        self.sort();
    }

    /// Every version of every chart, the newest of each first.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().flat_map(|(name, versions)| versions.iter().map(move |entry| (name.as_str(), entry)))
    }

    /// The newest first; of equal ones the one that came first.
    pub(crate) fn sort(&mut self) {
        for versions in self.entries.values_mut() {
            versions.sort_by_cached_key(|entry| std::cmp::Reverse(Version::parse(&entry.version)));
        }
    }

    /// The text of `index.yaml`, generated at a time.
    pub fn text(&self, epoch: u64) -> String {
        let versions = |list: &Vec<Entry>| list.iter().map(|entry| Value::Object(entry.document.clone())).collect();
        let entries: Map<String, Value> =
            self.entries.iter().map(|(name, list)| (name.clone(), Value::Array(versions(list)))).collect();
        let document = json!({"apiVersion": "v1", "entries": entries, "generated": time(epoch)});
        // Texts of charts hold nothing that YAML cannot: control characters are gone.
        sparkyard_yaml::go_yaml(&document).unwrap_or_default()
    }
}

/// Helm takes the version for a range when there is no equal one: `1.0` is there with `1.0.5`.
fn is_taken(there: &[Entry], version: &str) -> bool {
    let Ok(range) = Constraint::parse(version) else { return false };
    there.iter().filter_map(|entry| Version::parse(&entry.version)).any(|version| range.check(&version))
}

fn entry(map: &Map<String, Value>) -> Result<Entry, String> {
    // Dependencies that share a name: Artifactory leaves out their aliases.
    let metadata = Metadata::read_of_index(&Value::Object(map.clone()).to_string())?;
    let mut document = object(metadata.json());
    let urls = map.get("urls").cloned().unwrap_or_default();
    if !urls.is_null() && !urls.as_array().is_some_and(|urls| urls.iter().all(Value::is_string)) {
        return Err("urls is no list of addresses".to_owned());
    }
    document.insert("urls".to_owned(), urls);
    let created = match map.get("created") {
        None | Some(Value::Null) => NO_TIME.to_owned(),
        Some(created) => {
            let text = created.as_str().unwrap_or_default();
            go_time(text).ok_or_else(|| format!("created is no time: {created}"))?
        }
    };
    document.insert("created".to_owned(), created.into());
    if map.get("removed") == Some(&Value::Bool(true)) {
        document.insert("removed".to_owned(), true.into());
    }
    for key in OLD_KEYS.iter().chain(&["digest"]) {
        if let Some(word) = map.get(*key).filter(|word| word.as_str().is_some_and(|word| !word.is_empty())) {
            document.insert((*key).to_owned(), word.clone());
        }
    }
    Ok(Entry { version: metadata.version.clone(), document })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A time as Go writes it back: without zeros at the end of its second, and with `Z` for no offset.
fn go_time(text: &str) -> Option<String> {
    text.parse::<jiff::Timestamp>().ok()?;
    let at = text.rfind(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at(at);
    let clock = if clock.contains('.') { clock.trim_end_matches('0').trim_end_matches('.') } else { clock };
    let zone = if zone[1..] == *"00:00" { "Z" } else { zone };
    Some(format!("{clock}{zone}"))
}

/// Seconds since 1970 as Go's RFC 3339 in UTC; nothing beyond the year 9999.
pub fn time(seconds: u64) -> Option<String> {
    let stamp = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Checksums in the form of `sha256sum --check`.
pub(crate) fn sums(packages: &[Package]) -> String {
    let mut lines: Vec<String> = packages.iter().map(|p| format!("{}  {}\n", p.sha256, p.file)).collect();
    lines.sort_by(|a, b| a[64..].cmp(&b[64..]));
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(charts: &[(&str, &str)]) -> Index {
        let mut index = Index::default();
        for (name, version) in charts {
            let metadata = Metadata::read(&format!("name: {name}\nversion: {version}\n")).expect("a chart");
            index.add(&metadata, format!("{name}-{version}.tgz"), "0", 0);
        }
        index.sort();
        index
    }

    fn versions(index: &Index) -> Vec<String> {
        index.entries().map(|(name, entry)| format!("{name} {}", entry.version)).collect()
    }

    #[test]
    fn times_are_right() {
        for (epoch, wanted) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(time(epoch).as_deref(), Some(wanted));
        }
        for (text, wanted) in [
            ("2020-01-01T00:00:00.100000000Z", Some("2020-01-01T00:00:00.1Z")),
            ("2020-01-01T00:00:00.000000000+02:00", Some("2020-01-01T00:00:00+02:00")),
            ("2020-01-10T10:00:00+00:00", Some("2020-01-10T10:00:00Z")),
            ("2020-01-01", None),
            ("yesterday", None),
        ] {
            assert_eq!(go_time(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn the_newest_is_first() {
        let index = index(&[("b", "1.9.0"), ("a", "1.0.0"), ("b", "1.10.0"), ("b", "2.0.0-rc.1")]);
        assert_eq!(versions(&index), ["a 1.0.0", "b 2.0.0-rc.1", "b 1.10.0", "b 1.9.0"]);
        assert_eq!(Index::read(&index.text(0)).expect("read").0, index);
    }

    #[test]
    fn what_is_here_wins_over_what_is_merged() {
        let mut here = index(&[("a", "1.0.0"), ("b", "1.0.5")]);
        let (mut old, _) =
            Index::read(&index(&[("a", "1.0.0"), ("a", "0.9.0"), ("b", "1.0"), ("c", "1.0.0")]).text(7)).expect("read");
        old.entries.get_mut("a").expect("a")[0].document.insert("digest".to_owned(), "old".into());
        here.merge(old);
        assert_eq!(versions(&here), ["a 1.0.0", "a 0.9.0", "b 1.0.5", "c 1.0.0"]);
        assert_eq!(here.entries["a"][0].digest(), "0");
    }

    #[test]
    fn what_is_no_index_is_refused() {
        for (text, part) in [
            ("", "no apiVersion"),
            ("entries: {}\n", "no apiVersion"),
            ("apiVersion: v1\nkind: Pod\n", "unknown key `kind`"),
            ("apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, colour: red}]}\n", "unknown key `colour`"),
            ("a: [", ""),
        ] {
            assert!(Index::read(text).expect_err(text).contains(part), "{text}");
        }
        let text = "apiVersion: v1\nentries: {a: [null, {name: a, version: x}, {name: a, version: 1.0.0}]}\n";
        let (index, skipped) = Index::read(text).expect("read");
        assert_eq!((versions(&index), skipped.len()), (vec!["a 1.0.0".to_owned()], 2));
        assert!(index.text(0).contains("created: \"0001-01-01T00:00:00Z\""), "{}", index.text(0));
        assert!(Index::read("{\"apiVersion\": \"v1\", \"other\": 1}").is_ok());
    }
}
