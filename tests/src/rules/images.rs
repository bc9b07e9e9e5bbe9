//! Images: pinned, listed, and taken from the user's registry.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::object::name;
use crate::render::Render;

/// Q16.
pub(super) fn pinned(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for pod in render.pods() {
        for container in pod.containers() {
            // Spark puts its own image into an executor's template.
            let Some(image) = container["image"].as_str() else {
                if pod.kind != "ConfigMap" {
                    found.push(format!("{}: container {} has no image", pod.owner, name(container)));
                }
                continue;
            };
            let tag = image.rsplit('/').next().and_then(|last| last.split_once(':')).map(|(_, tag)| tag);
            if !image.contains("@sha256:") && tag.is_none_or(|tag| tag.is_empty() || tag == "latest") {
                found.push(format!("{}: container {} has the floating image {image}", pod.owner, name(container)));
            }
        }
    }
    found
}

/// The images of renders of one chart, for Q17.
#[derive(Debug, Default)]
pub struct Images(BTreeSet<String>);

impl Images {
    /// Adds the images of a render: of its containers, and those that Spark's configuration names.
    pub fn add(&mut self, render: &Render) {
        for pod in render.pods() {
            self.0.extend(pod.containers().filter_map(|c| c["image"].as_str()).map(str::to_owned));
        }
        for line in render.text.lines().filter(|line| line.contains("container.image") && !line.contains("pull")) {
            let value = line.rsplit([' ', '=', '\t']).next().unwrap_or_default().trim_matches(['"', '\'']);
            if value.contains('/') {
                self.0.insert(value.to_owned());
            }
        }
    }

    /// What is in one list and not in the other.
    pub fn differences(&self, listed: &BTreeSet<String>) -> Vec<String> {
        let unlisted =
            self.0.difference(listed).map(|image| format!("{image} runs and is not in artifacthub.io/images"));
        let unused =
            listed.difference(&self.0).map(|image| format!("{image} is in artifacthub.io/images and never runs"));
        unlisted.chain(unused).collect()
    }

    /// The images that do not start with a registry.
    pub fn outside(&self, registry: &str) -> Vec<String> {
        let outside = self.0.iter().filter(|image| !image.starts_with(&format!("{registry}/")));
        outside.map(|image| format!("{image} ignores global.imageRegistry")).collect()
    }
}

/// The images that a Chart.yaml lists.
///
/// # Errors
/// When the annotation is missing or is no list.
pub fn listed_images(chart_yaml: &Value) -> Result<BTreeSet<String>, String> {
    let text =
        chart_yaml["annotations"]["artifacthub.io/images"].as_str().ok_or("no annotation artifacthub.io/images")?;
    let list: Vec<Value> = serde_saphyr::from_str(text).map_err(|error| format!("artifacthub.io/images: {error}"))?;
    let images = list.iter().map(|item| item["image"].as_str().map(str::to_owned));
    images.collect::<Option<_>>().ok_or_else(|| "artifacthub.io/images: an item has no image".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn floating_images_are_found() {
        for (image, good) in [
            ("docker.io/a/b", false),
            ("docker.io/a/b:latest", false),
            ("localhost:5000/a/b", false),
            ("localhost:5000/a/b:1.2.3", true),
            ("docker.io/a/b@sha256:00", true),
        ] {
            let mut pod = sample::good_pod();
            pod["spec"]["containers"][0]["image"] = json!(image);
            assert_eq!(pinned(&sample::render(false, [pod])).is_empty(), good, "{image}");
        }
    }

    #[test]
    fn both_directions_are_compared() {
        let mut images = Images::default();
        let mut render = sample::render(false, [sample::good_pod()]);
        render.text = "    spark.kubernetes.container.image=docker.io/apache/spark:9\n".to_owned();
        images.add(&render);
        let listed = ["docker.io/apache/spark:4.1.4", "docker.io/apache/hive:3"].map(String::from).into();
        assert_eq!(images.differences(&listed).len(), 2);
        assert_eq!(images.outside("docker.io"), Vec::<String>::new());
        assert_eq!(images.outside("mirror.example.com").len(), 2);
    }

    #[test]
    fn the_annotation_is_read() {
        let chart = json!({"annotations": {"artifacthub.io/images": "- name: a\n  image: x/a:1\n"}});
        assert_eq!(listed_images(&chart).expect("a list"), ["x/a:1".to_owned()].into());
        assert!(listed_images(&json!({})).is_err());
    }
}
