//! One chart that vendors all bricks as subcharts, unpacked.

use rayon::prelude::*;
use sparkyard_model::Chart;

use super::content::Files;
use super::metadata::Metadata;
use super::{Composer, Part};
use crate::render::{Facts, union};
use crate::{ComposeError, names};

impl Composer<'_> {
    /// The chart of the whole plan.
    pub(super) fn umbrella(&self) -> Result<Chart, ComposeError> {
        let plan = self.plan;
        let name = names::umbrella(&plan.line);
        let bricks = self.bricks();
        let mut files = Files::new();
        let facts = Facts::of_umbrella(&self.line, &name, &plan.chart_version, &bricks);
        self.helpers(&facts, &mut files)?;
        if bricks.iter().any(|brick| !brick.credentials.is_empty()) {
            self.credentials(&facts, &mut files)?;
        }
        let mut images: Vec<String> = self.parts.iter().flat_map(|part| self.images(part)).collect();
        images.sort();
        images.dedup();
        let metadata = Metadata {
            name: name.clone(),
            description: self.umbrella_description(),
            app_version: plan.line.spark.to_string(),
            images,
            category: "integration-delivery",
            keywords: union(&bricks, |brick| brick.keywords),
            sources: union(&bricks, |brick| brick.sources),
            dependencies: bricks.iter().map(|brick| brick.id).collect(),
        };
        let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
        put("Chart.yaml", self.chart_yaml(&metadata));
        put("values.yaml", self.umbrella_values()?);
        put("values.schema.json", self.umbrella_schema(&name)?);
        put("templates/NOTES.txt", self.umbrella_notes());
        put("README.md", self.umbrella_readme(&metadata)?);
        files.insert("templates/refusals.yaml".into(), self.refusals().into_bytes());
        self.umbrella_overlays(&mut files)?;
        self.furnish(&mut files);
        self.vendor(&mut files)?;
        Ok(Chart {
            name,
            version: plan.chart_version.clone(),
            app_version: metadata.app_version,
            line: self.plan.line.id.clone(),
            description: metadata.description,
            bricks: bricks.iter().map(|brick| brick.id.to_owned()).collect(),
            images: metadata.images,
            files,
        })
    }

    fn umbrella_description(&self) -> String {
        let line = &self.plan.line;
        format!("Apache Spark {} on Kubernetes and OpenShift, with all that it needs, in one chart", line.id)
    }

    /// Lays every brick below `charts/`, so that each also renders alone.
    fn vendor(&self, files: &mut Files) -> Result<(), ComposeError> {
        let below = |part: &Part<'_>| -> Result<Files, ComposeError> {
            let id = part.brick.id;
            let mut below = self.content(part.brick, id)?;
            below.insert("Chart.yaml".into(), self.subchart_yaml(part)?.into_bytes());
            below.insert("values.yaml".into(), self.full_values(part)?.into_bytes());
            below.insert("values.schema.json".into(), self.subchart_schema(part)?.into_bytes());
            Ok(below.into_iter().map(|(path, bytes)| (format!("charts/{id}/{path}"), bytes)).collect())
        };
        let all: Vec<Files> = self.parts.par_iter().map(below).collect::<Result<_, _>>()?;
        files.extend(all.into_iter().flatten());
        Ok(())
    }
}
