//! A brick's own part of a chart, the same in both shapes: templates, files, jars, Python packages.

use std::collections::BTreeMap;
use std::fmt::Write;

use sparkyard_model::{Brick, ImageRef};

use super::{Composer, Part};
use crate::ComposeError;
use crate::path;
use crate::render::Facts;

/// Files by path below a chart.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Folders of a brick that become folders of its chart.
const FOLDERS: [&str; 3] = ["templates", "files", "crds"];
/// Folder of the catalogue with what every chart carries.
const SHARED: &str = "_shared";

impl Composer<'_> {
    /// Everything that `brick` itself brings into the chart `chart`.
    pub(super) fn content(&self, brick: &Brick, chart: &str) -> Result<Files, ComposeError> {
        let plan = self.plan;
        let facts = Facts::of_brick(&self.line, plan.shape, chart, &plan.chart_version, brick);
        let mut files = Files::new();
        for folder in FOLDERS {
            self.copy(&format!("{}/{folder}", brick.id), folder, &facts, &mut files)?;
        }
        self.helpers(&facts, &mut files)?;
        for folder in brick.shared_templates {
            self.copy(&format!("{SHARED}/{folder}/templates"), "templates", &facts, &mut files)?;
        }
        for name in brick.shared_files {
            let path = format!("{SHARED}/files/{name}");
            let bytes = self.required(brick, &path)?;
            files.insert(format!("files/{name}"), bytes.to_vec());
        }
        if !brick.jars.is_empty() {
            files.extend(self.jars(brick)?);
        }
        if let Some(kind) = brick.python {
            let bytes = self.required(brick, &format!("python/{}/{kind}.txt", plan.line.python_lock))?;
            files.insert("files/requirements.txt".into(), bytes.to_vec());
        }
        files.insert(".helmignore".into(), super::furniture::HELMIGNORE.as_bytes().to_vec());
        Ok(files)
    }

    /// The shared helpers, the same bytes in every chart.
    pub(super) fn helpers(&self, facts: &Facts, files: &mut Files) -> Result<(), ComposeError> {
        self.copy(&format!("{SHARED}/templates"), "templates", facts, files)
    }

    /// The Job that makes the stack's Secret, laid over the root of a chart.
    pub(super) fn credentials(&self, facts: &Facts, files: &mut Files) -> Result<(), ComposeError> {
        self.copy(&format!("{SHARED}/credentials"), "", facts, files)
    }

    fn copy(&self, from: &str, to: &str, facts: &Facts, files: &mut Files) -> Result<(), ComposeError> {
        let renderer = self.knowledge.renderer()?;
        for (below, bytes) in self.catalogue().files_below(from) {
            if below.ends_with(".rs") {
                continue;
            }
            let (name, bytes) = renderer.file(&format!("{from}/{below}"), below, bytes, facts)?;
            let path = if to.is_empty() { name.to_owned() } else { format!("{to}/{name}") };
            files.insert(path, bytes);
        }
        Ok(())
    }

    fn required(&self, brick: &Brick, path: &str) -> Result<&[u8], ComposeError> {
        let missing = || ComposeError::MissingFile { brick: brick.id.to_owned(), path: path.to_owned() };
        self.catalogue().files.get(path).map(Vec::as_slice).ok_or_else(missing)
    }

    /// The lists of jars: those that are always fetched, and those that are under some values only.
    fn jars(&self, brick: &Brick) -> Result<Files, ComposeError> {
        // A line whose image has the jars already simply lists none of that group.
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for jar in self.plan.line.jars.iter().filter(|jar| brick.jars.contains(&jar.group.as_str())) {
            let path = jar.path().ok_or_else(|| ComposeError::BadCoordinate(jar.coordinate.clone()))?;
            let file = jar.only.as_ref().map_or("files/jars.txt".to_owned(), |only| format!("files/jars-{only}.txt"));
            let _ = writeln!(texts.entry(file).or_default(), "{}  {path}", jar.sha256);
        }
        if texts.is_empty() {
            texts.insert("files/jars.txt".into(), String::new());
        }
        Ok(texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect())
    }

    /// The images that a brick may run: those of its values, and those that its templates take from the line.
    pub(super) fn images(&self, part: &Part) -> Vec<String> {
        let mut images: Vec<String> = part.brick.images.iter().filter_map(|slot| slot_image(part, slot.key)).collect();
        images.extend(self.named_images(&format!("{}/", part.brick.id)));
        if !part.brick.credentials.is_empty() {
            images.extend(self.named_images(&format!("{SHARED}/credentials/")));
        }
        images.sort();
        images.dedup();
        images
    }

    /// Images that composition templates below a folder name as `line.images.<role>`.
    fn named_images(&self, folder: &str) -> Vec<String> {
        const NAME: &str = "line.images.";
        let files = self.catalogue().files.range(folder.to_owned()..).take_while(|(path, _)| path.starts_with(folder));
        let mut images = Vec::new();
        for (_, bytes) in files.filter(|(path, _)| path.contains("templates/")) {
            let text = String::from_utf8_lossy(bytes);
            for (at, _) in text.match_indices(NAME) {
                let role: String =
                    text[at + NAME.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                images.extend(self.plan.line.images.get(&role).map(ImageRef::reference));
            }
        }
        images
    }
}

fn slot_image(part: &Part, key: &str) -> Option<String> {
    let image = path::get_dotted(&part.planned.values, key)?;
    let text = |name: &str| image.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    let repository = text("repository")?;
    let name = match text("registry") {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository.to_owned(),
    };
    match (text("digest"), text("tag")) {
        (Some(digest), _) => Some(format!("{name}@{digest}")),
        (None, Some(tag)) => Some(format!("{name}:{tag}")),
        (None, None) => None,
    }
}
