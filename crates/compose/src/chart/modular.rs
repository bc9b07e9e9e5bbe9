//! A chart of one brick.

use sparkyard_model::Chart;

use super::metadata::{Metadata, category};
use super::{Composer, Part};
use crate::ComposeError;
use crate::render::Facts;

impl Composer<'_> {
    /// The chart of `part`.
    pub(super) fn modular(&self, part: &Part) -> Result<Chart, ComposeError> {
        let plan = self.plan;
        let brick = part.brick;
        let name = part.planned.chart.clone();
        let mut files = self.content(brick, &name)?;
        if !brick.credentials.is_empty() {
            let facts = Facts::of_brick(&self.line, plan.shape, &name, &plan.chart_version, brick);
            self.credentials(&facts, &mut files)?;
        }
        let metadata = Metadata {
            name: name.clone(),
            description: brick.title.to_owned(),
            app_version: self.app_version(brick)?,
            images: self.images(part),
            category: category(brick),
            keywords: brick.keywords.to_vec(),
            sources: brick.sources.to_vec(),
            dependencies: Vec::new(),
        };
        let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
        put("Chart.yaml", self.chart_yaml(&metadata));
        put("values.yaml", self.full_values(part)?);
        put("values.schema.json", self.modular_schema(part)?);
        put("templates/NOTES.txt", Self::modular_notes(part));
        put("README.md", self.modular_readme(part, &metadata)?);
        self.modular_overlays(part, &mut files)?;
        self.furnish(&mut files);
        Ok(Chart {
            name,
            version: plan.chart_version.clone(),
            app_version: metadata.app_version,
            line: self.plan.line.id.clone(),
            description: metadata.description,
            bricks: vec![brick.id.to_owned()],
            images: metadata.images,
            files,
        })
    }
}
