//! Files that every chart has and that say nothing about its bricks.

use sparkyard_model::Catalogue;

use super::Composer;
use super::content::Files;

/// What `helm package` leaves out.
pub(super) const HELMIGNORE: &str = "\
# Patterns that `helm package` leaves out.
.DS_Store
.git/
.gitignore
.idea/
.vscode/
*.swp
*.bak
*.tmp
*.orig
*~
";

/// Catalogue file with the licence of the charts.
const LICENSE: &str = "_shared/LICENSE";
/// Catalogue file with what changed in the charts, newest version first.
const CHANGELOG: &str = "_shared/CHANGELOG.md";

impl Composer<'_> {
    /// Licence, change log and ignore file of a chart that stands alone.
    pub(super) fn furnish(&self, files: &mut Files) {
        files.insert(".helmignore".into(), HELMIGNORE.as_bytes().to_vec());
        if let Some(text) = self.catalogue().files.get(LICENSE) {
            files.insert("LICENSE".into(), text.clone());
        }
        files.insert("CHANGELOG.md".into(), changelog(self.catalogue()).into_bytes());
    }
}

fn changelog(catalogue: &Catalogue) -> String {
    match catalogue.files.get(CHANGELOG) {
        Some(text) => String::from_utf8_lossy(text).into_owned(),
        None => format!("# Changes\n\n## {}\n\n- First version.\n", catalogue.version),
    }
}

/// What changed in the catalogue's version: the bullets below its heading in the change log.
pub(super) fn changes(catalogue: &Catalogue) -> Vec<String> {
    let version = catalogue.version.to_string();
    let text = changelog(catalogue);
    let section = text.lines().skip_while(|line| !(line.starts_with("## ") && line.contains(&version))).skip(1);
    let bullets = section.take_while(|line| !line.starts_with("## ")).filter_map(|line| line.strip_prefix("- "));
    bullets.map(str::to_owned).collect()
}
