//! Links of a folder of HTML pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use regex_lite::Regex;
use walkdir::WalkDir;

static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"\s(?:href|src)="([^"]*)""#).expect("a pattern"));
static ANCHOR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"\sid="([^"]*)""#).expect("a pattern"));

/// What was found.
#[derive(Debug, Default, PartialEq)]
pub struct Links {
    /// How many lead to a place in the folder.
    pub checked: usize,
    /// Those that lead to another host, to load something from there.
    pub foreign: Vec<String>,
    /// Those that lead nowhere.
    pub broken: Vec<String>,
}

/// Follows every link of every page.
pub fn links(site: &Path) -> Links {
    let files = WalkDir::new(site).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let files: BTreeSet<PathBuf> = files.map(walkdir::DirEntry::into_path).collect();
    let is_page = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "html");
    let read = |path: &PathBuf| (path.clone(), fs::read_to_string(path).expect("a page"));
    let pages: BTreeMap<PathBuf, String> = files.iter().filter(is_page).map(read).collect();
    let captured = |pattern: &Regex, text: &str| -> Vec<String> {
        pattern.captures_iter(text).map(|found| plain(&found[1])).collect()
    };
    let anchors: BTreeMap<&PathBuf, BTreeSet<String>> =
        pages.iter().map(|(path, text)| (path, captured(&ANCHOR, text).into_iter().collect())).collect();
    let mut found = Links::default();
    for (page, text) in &pages {
        let name = page.strip_prefix(site).unwrap_or(page).display();
        // The page that is shown for every wrong address says where the site is.
        for link in captured(&LINK, &text.replace("<base href=\"/\">", "")) {
            if link.contains("://") || link.starts_with("//") {
                if text.contains(&format!("src=\"{link}\""))
                    || text.contains(&format!("<link rel=\"stylesheet\" href=\"{link}\""))
                {
                    found.foreign.push(format!("{name}: {link}"));
                }
                continue;
            }
            found.checked += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.clone() } else { normal(&page.with_file_name(path)) };
            if !files.contains(&target) {
                found.broken.push(format!("{name}: {link}: no such file"));
            } else if !anchor.is_empty() && !anchors.get(&target).is_some_and(|all| all.contains(anchor)) {
                found.broken.push(format!("{name}: {link}: no such place"));
            }
        }
    }
    found
}

/// An attribute as it is meant.
fn plain(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A path without `.` and `..`.
pub fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut made, part| {
        match part {
            Component::ParentDir => drop(made.pop()),
            Component::CurDir => {}
            other => made.push(other),
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_nowhere_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("b.html", "<h1 id=\"x\">X</h1>");
        write(
            "a.html",
            "<a href=\"b.html#x\">1</a><a href=\"#here\" id=\"here\">2</a><img src=\"../a/none.svg\"><a href=\"b.html#y\">3</a>\
             <a href=\"#z\">4</a><a href=\"https://example.com/\">5</a><script src=\"https://example.com/a.js\"></script>",
        );
        let found = links(folder.path());
        assert_eq!(found.checked, 5);
        assert_eq!(found.foreign, ["a.html: https://example.com/a.js"]);
        let broken =
            ["a.html: ../a/none.svg: no such file", "a.html: b.html#y: no such place", "a.html: #z: no such place"];
        assert_eq!(found.broken, broken);
    }
}
