//! `sparkyard index DIR`: the index of a static repository.

use std::fs;
use std::io::ErrorKind;

use serde_json::json;
use sparkyard_model::{Finding, Severity};
use sparkyard_pack::{Index, cause, index_folder, write_file};

use crate::args::{Format, IndexArgs};
use crate::build::cannot_write;
use crate::console::Console;
use crate::{OK, Outcome, env, select, table};

pub(crate) fn run(args: &IndexArgs, console: &mut Console<'_>) -> Outcome {
    let epoch = env::epoch()?;
    let (mut index, skipped) = index_folder(&args.dir, &args.url, epoch).map_err(cannot_write)?;
    let own = index.entries().count();
    let passed = |why: &String| warning("no-chart", format!("{why}; it is left out of the index"));
    let mut notes: Vec<Finding> = skipped.iter().map(passed).collect();
    if let Some(file) = &args.merge {
        let name = file.display();
        // The first release has nothing to merge with.
        if fs::metadata(file).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            notes.push(warning("no-index", format!("{name} is not there: nothing is merged")));
        } else {
            let (old, left) = Index::read(&select::read(file)?.text).map_err(|why| {
                Finding::error("bad-index", format!("cannot merge {name}: {why}"))
                    .help("it must be what `helm repo index` or this command has written")
            })?;
            index.merge(old);
            notes.extend(left.iter().map(|why| warning("bad-entry", format!("{name}: {why}; it is left out"))));
        }
    }
    let path = args.dir.join("index.yaml");
    let text = index.text(epoch);
    let there = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            let message = format!("cannot read {}: {}", path.display(), cause(&error));
            return Err(Finding::error("cannot-read", message).into());
        }
    };
    let is_new = there != text.as_bytes();
    if is_new {
        write_file(&path, text.as_bytes(), Some(epoch)).map_err(cannot_write)?;
    }
    console.notes(&notes)?;
    let all: Vec<_> = index.entries().collect();
    match args.output {
        Format::Json => {
            let charts = all.iter().map(|(name, entry)| {
                json!({"name": name, "version": entry.version, "url": entry.url(), "digest": entry.digest()})
            });
            console.json(&json!({
                "index": path,
                "written": is_new,
                "merged": all.len() - own,
                "charts": charts.collect::<Vec<_>>(),
                "findings": notes,
            }))?;
        }
        Format::Table => {
            let merged = match all.len() - own {
                0 => String::new(),
                more => format!(", {more} of them merged"),
            };
            let verdict = if is_new { "written" } else { "up to date" };
            let packages = table::count(all.len(), "package");
            console.print(&format!("{} is {verdict}: {packages}{merged}", path.display()))?;
        }
    }
    Ok(OK)
}

fn warning(rule: &str, message: String) -> Finding {
    Finding { severity: Severity::Warning, ..Finding::error(rule, message) }
}
