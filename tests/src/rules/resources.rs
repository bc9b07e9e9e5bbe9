//! What a container asks for and may take.

use serde_json::Value;

use crate::object::{items, name};
use crate::render::Render;

/// Q19. Spark sets the resources of the executor's own container itself.
pub(super) fn are_set(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for pod in render.pods() {
        let by_spark = |container: &Value| pod.kind == "ConfigMap" && container["image"].is_null();
        for container in pod.containers().filter(|container| !by_spark(container)) {
            for (kind, what) in [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")] {
                if container["resources"][kind][what].is_null() {
                    found.push(format!("{}: container {} has no {kind}.{what}", pod.owner, name(container)));
                }
            }
        }
    }
    found
}

/// Q20.
pub(super) fn empty_dirs_have_limits(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for pod in render.pods() {
        // Kubernetes makes an emptyDir of a volume that says nothing.
        let is_empty_dir = |volume: &Value| {
            volume.get("emptyDir").is_some() || volume.as_object().is_some_and(|keys| keys.keys().eq(["name"]))
        };
        let unlimited = items(&pod.spec["volumes"])
            .filter(|volume| is_empty_dir(volume) && volume["emptyDir"]["sizeLimit"].is_null());
        found.extend(unlimited.map(|volume| format!("{}: emptyDir {} has no sizeLimit", pod.owner, name(volume))));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn missing_resources_are_found_on_init_containers_too() {
        let mut pod = sample::good_pod();
        pod["spec"]["initContainers"][0]["resources"] = json!({"requests": {"cpu": "1"}});
        assert_eq!(are_set(&sample::render(false, [pod])).len(), 2);
    }

    #[test]
    fn endless_scratch_space_is_found() {
        let mut pod = sample::good_pod();
        pod["spec"]["volumes"] =
            json!([{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {"medium": "Memory"}}, {"name": "c"}]);
        assert_eq!(empty_dirs_have_limits(&sample::render(false, [pod])).len(), 3);
    }
}
