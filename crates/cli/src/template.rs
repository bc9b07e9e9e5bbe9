//! `sparkyard template`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use regex::Regex;
use sparkyard_model::Finding;
use sparkyard_pack::glob_matches;
use sparkyard_render::{Chart, Manifest, Options, RenderError, Rendered, UserValues, Writer, find_value, render};
use sparkyard_yaml::did_you_mean;

use crate::args::TemplateArgs;
use crate::console::Console;
use crate::helm::{self, Helm};
use crate::{OK, Outcome, load, values};

pub(crate) fn run(args: &TemplateArgs, console: &mut Console<'_>) -> Outcome {
    let (name, chart) = match args.name_and_chart.as_slice() {
        [name, chart] => (name.as_str(), PathBuf::from(chart)),
        words => ("release-name", words.iter().map(PathBuf::from).collect()),
    };
    let user = values::user(&args.values, &args.set)?;
    let options = Options {
        release: name.to_owned(),
        namespace: args.namespace.clone(),
        kube_version: args.kube_version.clone(),
        api_versions: args.api_versions.clone(),
        is_upgrade: args.is_upgrade,
        skip_schema: args.skip_schema_validation,
        trace: args.origin,
        written: None,
    };
    let files = load::files(&chart)?;
    let text = match rendered(&files, &chart, &user, &options) {
        Ok(rendered) => {
            let wanted = |hook: &Manifest| !(args.no_hooks || args.skip_tests && hook.hook.iter().any(|e| e == "test"));
            match args.origin {
                true => with_origins(&rendered, &user, &wanted),
                false => rendered.text(args.include_crds, wanted),
            }
        }
        Err(RenderError::Outside(findings)) => {
            console.note(&load::outside(&chart, &findings))?;
            let mut more = Vec::new();
            for (flag, given) in [
                ("--include-crds", args.include_crds),
                ("--no-hooks", args.no_hooks),
                ("--skip-tests", args.skip_tests),
            ] {
                more.extend(given.then_some(flag));
            }
            helm::template(&Helm {
                chart: &chart,
                values: &args.values,
                set: &args.set,
                options: &options,
                more: &more,
            })?
        }
        Err(RenderError::Refused(findings)) => return Err(findings.into()),
    };
    let text = if args.show_only.is_empty() { text } else { only(&text, &args.show_only, &chart)? };
    console.print_exactly(&text)?;
    Ok(OK)
}

fn rendered(
    files: &BTreeMap<String, Vec<u8>>,
    chart: &Path,
    user: &UserValues,
    options: &Options,
) -> Result<Rendered, RenderError> {
    // The program ends soon and its memory with it, so nobody takes the chart apart.
    let chart = std::mem::ManuallyDrop::new(Chart::load(files, &load::prefix(chart))?);
    render(&chart, user, options)
}

/// The objects of these templates alone, cut and printed as helm does it.
fn only(text: &str, wanted: &[String], chart: &Path) -> Result<String, Finding> {
    let internal = |error: regex::Error| Finding::error("internal", error.to_string());
    let cut = Regex::new(r"(?m)^---[ \t]*").map_err(internal)?;
    let source = Regex::new(r"# Source: [^/]+/(.+)").map_err(internal)?;
    let pieces: Vec<(&str, &str)> = cut
        .split(text.trim_start())
        .map(str::trim_start)
        .filter_map(|piece| Some((source.captures(piece)?.get(1)?.as_str(), piece)))
        .collect();
    let mut out = String::new();
    for pattern in wanted {
        let before = out.len();
        for (_, piece) in pieces.iter().filter(|(name, _)| glob_matches(pattern, name) == Some(true)) {
            let _ = write!(out, "---\n{piece}\n");
        }
        if out.len() == before {
            let mut names: Vec<&str> = pieces.iter().map(|(name, _)| *name).collect();
            names.dedup();
            let message = format!("no template {pattern} of {} makes an object", chart.display());
            return Err(Finding::error("unknown-template", message).help(did_you_mean(pattern, names)));
        }
    }
    Ok(out)
}

/// The objects, each with its template and the values that shaped it.
fn with_origins(rendered: &Rendered, user: &UserValues, hooks: &dyn Fn(&Manifest) -> bool) -> String {
    let mut out = String::new();
    let values = rendered.values.to_json();
    let all = rendered.manifests.iter().chain(rendered.hooks.iter().filter(|hook| hooks(hook)));
    for manifest in all {
        let _ = writeln!(out, "---\n# Source: {}", manifest.source);
        let (mut shaping, mut deciding) = (Vec::new(), Vec::new());
        let (from, to) = (manifest.offset, manifest.offset + manifest.text.len());
        let mut start = 0;
        for segment in rendered.segments.get(&manifest.source).into_iter().flatten() {
            if start < to && segment.end > from {
                shaping.extend(segment.reads.iter().cloned());
                deciding.extend(segment.conditions.iter().cloned());
            }
            start = segment.end;
        }
        for list in [&mut shaping, &mut deciding] {
            list.sort();
            list.dedup();
        }
        deciding.retain(|path| !shaping.contains(path));
        for (title, paths) in [("Values printed", shaping), ("Values that decide", deciding)] {
            if !paths.is_empty() {
                let _ = writeln!(out, "# {title}:");
            }
            for path in paths {
                let _ = writeln!(out, "#   {path}{}", origin(&values, user, &path));
            }
        }
        let _ = writeln!(out, "{}", manifest.text.trim_end());
    }
    out
}

/// What a value is, and who set it.
fn origin(values: &serde_json::Value, user: &UserValues, path: &str) -> String {
    let Some((steps, value)) = find_value(values, path) else { return " (not set)".to_owned() };
    let is = match value {
        serde_json::Value::Object(map) if !map.is_empty() => " (a map)".to_owned(),
        value => format!(" = {}", crate::plan::short(value)),
    };
    match user.writer(&steps.iter().map(String::as_str).collect::<Vec<_>>()) {
        Some(Writer::File(place)) => format!("{is}, {}:{}:{}", place.file, place.line, place.column),
        Some(Writer::Argument(text)) => format!("{is}, {text}"),
        None => format!("{is}, default"),
    }
}
