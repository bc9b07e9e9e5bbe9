//! The constraints of default clusters, from `openshift.yaml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use sparkyard_model::SourceText;

use super::constraint::Scc;
use super::constraints::Constraints;
use super::release::Release;

/// The file `openshift.yaml`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Catalogue {
    releases: Vec<Release>,
    required_scc_since: Release,
    volumes_since: BTreeMap<String, Release>,
    safe_sysctls: Vec<Sysctls>,
    constraints: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sysctls {
    #[serde(default = "oldest")]
    since: Release,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default = "oldest")]
    since: Release,
    /// Whether `system:authenticated` may use it.
    #[serde(default)]
    everybody: bool,
    object: Scc,
}

fn oldest() -> Release {
    Release::OLDEST
}

/// The constraints of a default cluster of a release.
pub(super) fn of(release: Release) -> &'static Constraints {
    let index = RELEASES.partition_point(|(known, _)| *known <= release);
    // No release is older than the first: `Release` does not read one.
    &RELEASES[index.saturating_sub(1)].1
}

static RELEASES: LazyLock<Vec<(Release, Constraints)>> = LazyLock::new(|| {
    let catalogue = Catalogue::read();
    catalogue.releases.iter().map(|release| (*release, catalogue.of(*release))).collect()
});

impl Catalogue {
    fn read() -> Self {
        let text = include_str!("openshift.yaml").to_owned();
        let source = SourceText { name: "openshift.yaml".to_owned(), text };
        sparkyard_yaml::from_str(&source).expect("tests read the file")
    }

    fn of(&self, release: Release) -> Constraints {
        let entries = || self.constraints.iter().filter(|entry| entry.since <= release);
        let is_there = |volume: &String| self.volumes_since.get(volume).is_none_or(|since| *since <= release);
        let mut sccs: Vec<Scc> = entries().map(|entry| entry.object.clone()).collect();
        for scc in &mut sccs {
            scc.volumes.iter_mut().for_each(|volumes| volumes.retain(is_there));
        }
        sccs.sort_by(Scc::order);
        let known = self.safe_sysctls.iter().filter(|sysctls| sysctls.since <= release);
        Constraints {
            everybody: entries().filter(|entry| entry.everybody).map(|entry| entry.object.name().to_owned()).collect(),
            knows_required: self.required_scc_since <= release,
            safe_sysctls: known.flat_map(|sysctls| sysctls.names.clone()).collect(),
            sccs,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_key_of_the_file_is_understood() {
        let file: Value = serde_saphyr::from_str(include_str!("openshift.yaml")).expect("YAML");
        let newest = Constraints::of(Release::NEWEST);
        let objects = file["constraints"].as_array().expect("a list");
        assert_eq!(objects.len(), newest.sccs.len());
        for written in objects.iter().map(|entry| &entry["object"]) {
            let scc = newest.iter().find(|scc| written["metadata"]["name"] == scc.name()).expect("it was read");
            let read = serde_json::to_value(scc).expect("JSON");
            for (key, value) in written.as_object().expect("an object") {
                let part = |part: &Value| part.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
                let known = part(&read[key]).unwrap_or_default();
                assert!(part(value).unwrap_or_default().iter().all(|field| known.contains(field)), "{key}");
                assert!(value.is_object() || read[key] == *value, "{key}: {} is not {value}", read[key]);
            }
        }
    }

    #[test]
    fn a_since_is_a_release_of_the_list() {
        let catalogue = Catalogue::read();
        let known = |since: &Release| catalogue.releases.contains(since);
        assert!(catalogue.constraints.iter().all(|entry| known(&entry.since)));
        assert!(catalogue.volumes_since.values().chain([&catalogue.required_scc_since]).all(known));
        assert!(catalogue.safe_sysctls.iter().all(|sysctls| known(&sysctls.since)));
        assert!(catalogue.releases.is_sorted() && catalogue.releases.first() == Some(&Release::OLDEST));
        assert_eq!(catalogue.releases.last(), Some(&Release::NEWEST));
    }
}
