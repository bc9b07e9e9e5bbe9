//! Chart.yaml.

use serde_json::{Value, json};
use sparkyard_model::{Brick, Socket, Version};

use super::{Composer, Part, furniture};
use crate::ComposeError;

/// Helm compares pre-releases only with a constraint that names one; managed clusters report such versions.
const KUBE_VERSION: &str = ">=1.25.0-0";
const HOME: &str = "https://spark.apache.org";
const ICON: &str = "https://spark.apache.org/images/spark-logo-rev.svg";

/// What a Chart.yaml says beyond the constant part.
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) app_version: String,
    pub(super) images: Vec<String>,
    pub(super) category: &'static str,
    pub(super) keywords: Vec<&'static str>,
    pub(super) sources: Vec<&'static str>,
    /// Bricks that an umbrella vendors.
    pub(super) dependencies: Vec<&'static str>,
}

impl Composer<'_> {
    /// Chart.yaml of a chart that stands alone, in the order of keys that Helm itself prints.
    pub(super) fn chart_yaml(&self, metadata: &Metadata) -> String {
        let version = &self.plan.chart_version;
        let mut keywords = metadata.keywords.clone();
        keywords.extend(["spark", "kubernetes", "openshift"]);
        keywords.sort_unstable();
        keywords.dedup();
        let mut chart = json!({
            "apiVersion": "v2",
            "name": metadata.name,
            "description": metadata.description,
            "type": "application",
            "version": version.to_string(),
            "appVersion": metadata.app_version,
            "kubeVersion": KUBE_VERSION,
            "home": HOME,
            "icon": ICON,
            "keywords": keywords,
            "maintainers": [{"name": "sparkyard", "email": "maintainers@sparkyard.dev"}],
            "annotations": self.annotations(metadata),
        });
        if !metadata.sources.is_empty() {
            chart["sources"] = json!(metadata.sources);
        }
        if !metadata.dependencies.is_empty() {
            let dependency =
                |id: &&str| json!({"name": id, "version": version.to_string(), "condition": format!("{id}.enabled")});
            chart["dependencies"] = metadata.dependencies.iter().map(dependency).collect();
        }
        sparkyard_yaml::canonical(&chart)
    }

    fn annotations(&self, metadata: &Metadata) -> Value {
        let line = &self.plan.line;
        let images: Vec<Value> =
            metadata.images.iter().map(|image| json!({"name": image_name(image), "image": image})).collect();
        let changes: Vec<Value> = furniture::changes(self.catalogue()).into_iter().map(Value::from).collect();
        let links = json!([
            {"name": format!("Apache Spark {} documentation", line.spark), "url": format!("{HOME}/docs/{}/", line.spark)},
        ]);
        let mut annotations = json!({
            "artifacthub.io/category": metadata.category,
            "artifacthub.io/license": "Apache-2.0",
            "artifacthub.io/prerelease": (!self.plan.chart_version.pre.is_empty()).to_string(),
            "artifacthub.io/links": sparkyard_yaml::to_string(&links),
        });
        for (key, list) in [("images", images), ("changes", changes)] {
            if !list.is_empty() {
                annotations[format!("artifacthub.io/{key}")] = sparkyard_yaml::to_string(&Value::Array(list)).into();
            }
        }
        annotations
    }

    /// The short Chart.yaml of a vendored brick.
    pub(super) fn subchart_yaml(&self, part: &Part) -> Result<String, ComposeError> {
        Ok(sparkyard_yaml::canonical(&json!({
            "apiVersion": "v2",
            "name": part.brick.id,
            "description": part.brick.title,
            "type": "application",
            "version": self.plan.chart_version.to_string(),
            "appVersion": self.app_version(part.brick)?,
            "icon": ICON,
        })))
    }

    /// The version of the program in a brick.
    pub(super) fn app_version(&self, brick: &Brick) -> Result<String, ComposeError> {
        let line = &self.plan.line;
        match brick.version {
            Version::Spark => Ok(line.spark.to_string()),
            Version::Image(role) => {
                let missing = || ComposeError::MissingImage {
                    brick: brick.id.to_owned(),
                    role: role.to_owned(),
                    line: line.id.clone(),
                };
                line.images.get(role).map(|image| image.version.clone()).ok_or_else(missing)
            }
        }
    }
}

/// A name for an image that tells it from the others: the end of its repository.
fn image_name(image: &str) -> &str {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split(['@', ':']).next().unwrap_or(last)
}

/// Artifact Hub knows a handful of categories; what a brick provides says which one it belongs to.
pub(super) fn category(brick: &Brick) -> &'static str {
    match brick.provides.first() {
        Some(Socket::S3) => "storage",
        Some(Socket::Database | Socket::Metastore) => "database",
        Some(Socket::Tracking) => "ai-machine-learning",
        Some(Socket::Metrics) => "monitoring-logging",
        _ => "integration-delivery",
    }
}
