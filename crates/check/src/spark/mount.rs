//! Files of ConfigMaps in containers.

use serde_json::Value;

use crate::context::Stack;
use crate::object::{Container, Pod, items};

/// Whether a pod mounts a ConfigMap.
pub(crate) fn mounts(pod: &Pod<'_>, map: &str) -> bool {
    items(&pod.spec["volumes"]).any(|volume| maps_of(volume).any(|(name, _)| name == map))
}

/// ConfigMaps of a volume, each with its items.
pub(crate) fn maps_of(volume: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let own = volume["configMap"]["name"].as_str().map(|name| (name, &volume["configMap"]["items"]));
    let projected = items(&volume["projected"]["sources"])
        .filter_map(|source| source["configMap"]["name"].as_str().map(|name| (name, &source["configMap"]["items"])));
    own.into_iter().chain(projected)
}

/// A file of a ConfigMap as a container sees it.
pub(crate) struct Mounted<'s> {
    /// Where it lies in the container.
    pub(crate) path: String,
    /// Index of the ConfigMap.
    pub(crate) index: usize,
    /// Key in it.
    pub(crate) key: &'s str,
    /// Its text.
    pub(crate) text: &'s str,
}

/// The files of ConfigMaps that a container sees.
pub(crate) fn mounted<'s>(stack: &'s Stack, pod: &Pod<'s>, container: &Container<'s>) -> Vec<Mounted<'s>> {
    let mut found = Vec::new();
    for mount in items(&container.value["volumeMounts"]) {
        let Some(folder) = mount["mountPath"].as_str() else { continue };
        let Some(volume) = items(&pod.spec["volumes"]).find(|volume| volume["name"] == mount["name"]) else { continue };
        for (name, chosen) in maps_of(volume) {
            let Some((index, map)) = stack.of_kind("ConfigMap").find(|(_, map)| map.name() == name) else { continue };
            for (key, text) in map.value["data"].as_object().into_iter().flatten() {
                let Some(text) = text.as_str() else { continue };
                let item = items(chosen).find(|item| item["key"] == key.as_str());
                if chosen.is_array() && item.is_none() {
                    continue;
                }
                let below = item.and_then(|item| item["path"].as_str()).unwrap_or(key);
                let path = match mount["subPath"].as_str() {
                    None => format!("{}/{below}", folder.trim_end_matches('/')),
                    Some(sub) if sub == below => folder.to_owned(),
                    Some(_) => continue,
                };
                found.push(Mounted { path, index, key, text });
            }
        }
    }
    found
}
