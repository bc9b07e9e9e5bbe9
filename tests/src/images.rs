//! The images that a chart runs: listed, and taken from the user's registry.

use std::collections::BTreeSet;

use sparkyard_yaml::{json, node};

use crate::render::Render;

/// The images of renders of one chart.
#[derive(Debug, Default)]
pub struct Images(BTreeSet<String>);

impl Images {
    /// Adds the images of a render.
    pub fn add(&mut self, render: &Render) {
        let objects = render.objects();
        self.0.extend(sparkyard_check::images(&objects).into_iter().map(|named| named.image));
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
pub fn listed_images(chart_yaml: &str) -> Result<BTreeSet<String>, String> {
    let read = |text: &str| match node::document(text) {
        Ok(node) => Ok(node.map(|node| json(&node)).unwrap_or_default()),
        Err(error) => Err(error.message),
    };
    let chart = read(chart_yaml)?;
    let text = chart["annotations"]["artifacthub.io/images"].as_str().ok_or("no annotation artifacthub.io/images")?;
    let list = read(text).map_err(|error| format!("artifacthub.io/images: {error}"))?;
    let images = list.as_array().into_iter().flatten().map(|item| item["image"].as_str().map(str::to_owned));
    images.collect::<Option<_>>().ok_or_else(|| "artifacthub.io/images: an item has no image".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::case::Case;

    #[test]
    fn both_directions_are_compared() {
        let pod = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - image: docker.io/apache/spark:4.1.4\n";
        let conf =
            "---\nkind: ConfigMap\ndata:\n  x: |\n    spark.kubernetes.container.image=docker.io/apache/spark:9\n";
        let case = Case::plain(Path::new("sample"), "unit-test");
        let mut images = Images::default();
        images.add(&Render { case, release: "demo".to_owned(), text: format!("{pod}{conf}") });
        let listed = ["docker.io/apache/spark:4.1.4", "docker.io/apache/hive:3"].map(String::from).into();
        assert_eq!(images.differences(&listed).len(), 2);
        assert_eq!(images.outside("docker.io"), Vec::<String>::new());
        assert_eq!(images.outside("mirror.example.com").len(), 2);
    }

    #[test]
    fn the_annotation_is_read() {
        let chart = "annotations:\n  artifacthub.io/images: |\n    - name: a\n      image: x/a:1\n";
        assert_eq!(listed_images(chart).expect("a list"), ["x/a:1".to_owned()].into());
        assert!(listed_images("name: a\n").is_err());
        assert!(listed_images("annotations:\n  artifacthub.io/images: \"- name: a\"\n").is_err());
    }
}
