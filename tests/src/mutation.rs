//! Small damages to a good chart, as a tired person makes them.

use std::collections::BTreeMap;

/// A chart's files with one change.
#[derive(Debug)]
pub struct Mutant {
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The file that was changed.
    pub file: String,
    /// What was done to it: the line before and after.
    pub what: String,
}

/// Changes one line of one template, of values.yaml or of Chart.yaml.
pub fn mutant(files: &BTreeMap<String, Vec<u8>>, rng: &mut fastrand::Rng) -> Mutant {
    let editable: Vec<&String> = files.keys().filter(|path| edited(path)).collect();
    loop {
        let path = editable[rng.usize(..editable.len())];
        let text = String::from_utf8_lossy(&files[path]).into_owned();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = rng.usize(..lines.len());
        let old = lines[at].clone();
        if old.trim().is_empty() || old.trim_start().starts_with('#') {
            continue;
        }
        let Some(new) = changed(&old, rng) else { continue };
        match new {
            Some(new) if new != old => lines[at].clone_from(&new),
            Some(_) => continue,
            None => drop(lines.remove(at)),
        }
        let now = lines.get(at).map_or("", String::as_str);
        let what = format!("{path}:{}: {old:?} -> {now:?}", at + 1);
        let mut all = files.clone();
        all.insert(path.clone(), format!("{}\n", lines.join("\n")).into_bytes());
        return Mutant { files: all, file: path.clone(), what };
    }
}

/// Files that people edit. README and scripts are not read by helm or a cluster.
fn edited(path: &str) -> bool {
    path.ends_with("values.yaml")
        || path.ends_with("Chart.yaml")
        || (path.contains("templates/") && path.ends_with(".yaml") && !path.contains("/tests/"))
}

/// The line with one change; `Some(None)` for none at all, `None` when the change does not fit it.
fn changed(line: &str, rng: &mut fastrand::Rng) -> Option<Option<String>> {
    let indent = line.len() - line.trim_start().len();
    let (key, value) = line.split_once(": ").unwrap_or((line, ""));
    let word = value.split(" #").next().unwrap_or("").trim();
    let with = |new: &str| Some(Some(format!("{key}: {new}")));
    match rng.u8(..9) {
        0 => Some(None),
        1 => Some(Some(format!(" {line}"))),
        2 if indent > 0 => Some(Some(line[1..].to_owned())),
        3 if key.trim().len() > 3 && line.contains(':') && line.is_ascii() => {
            // A letter of the key is lost.
            let at = indent + 1 + rng.usize(..key.trim().len() - 1);
            Some(Some(format!("{}{}", &line[..at], &line[at + 1..])))
        }
        4 if word.parse::<i64>().is_ok() => with(["-1", "0", "99999", "many"][rng.usize(..4)]),
        5 if word == "true" || word == "false" => with(["true", "false", "1", "\"yes\""][rng.usize(..4)]),
        6 if !word.is_empty() => with(["\"\"", "null", "[]", "{}", "UPPER_case", "a b"][rng.usize(..6)]),
        7 if !word.is_empty() && word.is_ascii() && word.len() > 2 => with(&word[..word.len() - 1]),
        8 => Some(Some(line.replacen(':', "", 1))),
        _ => None,
    }
}
