//! Which line, platform, shape, preset and bricks a request means.

use sparkyard_model::{Brick, Catalogue, Finding, Line, Place, Platform, Preset, Request, Shape};
use sparkyard_yaml::{Part, did_you_mean};

use crate::knowledge::Knowledge;

/// What a request means.
pub(crate) struct Selection<'a> {
    /// The line.
    pub(crate) line: &'a Line,
    /// The platform.
    pub(crate) platform: &'a Platform,
    /// The shape.
    pub(crate) shape: Shape,
    /// The preset, if one is used.
    pub(crate) preset: Option<&'a Preset>,
    /// The bricks in install order, each once.
    pub(crate) bricks: Vec<&'a Brick>,
}

/// Picks everything, or says all that cannot be picked. `added` are bricks beyond those that are named.
pub(crate) fn select<'a>(
    knowledge: &Knowledge<'a>,
    request: &'a Request,
    added: &[&'a Brick],
) -> Result<Selection<'a>, Vec<Finding>> {
    let catalogue = knowledge.catalogue;
    let mut findings = Vec::new();
    let line = keep(line(catalogue, request.line.as_deref()), &mut findings);
    let platform = keep(platform(catalogue, request.platform.as_deref()), &mut findings);
    let preset = match (&request.preset, request.bricks.as_slice()) {
        (Some(preset), _) => Some(preset),
        (None, []) => catalogue.presets.first(),
        (None, _) => None,
    };
    if let (Some(preset), Some(line)) = (preset, line)
        && !preset.lines.matches(&line.spark)
    {
        findings.push(misfit(knowledge, preset, line));
    }
    let mut bricks = bricks(knowledge, request, preset, &mut findings);
    for brick in added {
        add(&mut bricks, brick);
    }
    match (line, platform) {
        (Some(line), Some(platform)) if findings.is_empty() => {
            Ok(Selection { line, platform, shape: request.shape.unwrap_or(line.shape), preset, bricks })
        }
        _ => Err(findings),
    }
}

fn keep<T>(picked: Result<T, Finding>, findings: &mut Vec<Finding>) -> Option<T> {
    picked.map_err(|finding| findings.push(finding)).ok()
}

fn line<'a>(catalogue: &'a Catalogue, id: Option<&str>) -> Result<&'a Line, Finding> {
    let Some(id) = id else {
        return catalogue.lines.last().ok_or_else(|| Finding::error("bad-catalogue", "the catalogue has no line"));
    };
    catalogue.line(id).ok_or_else(|| {
        let list: Vec<String> = catalogue.lines.iter().map(|l| format!("{} (Spark {})", l.id, l.spark)).collect();
        Finding::error("unknown-line", format!("there is no Spark line `{id}`"))
            .help(format!("there is: {}", list.join(", ")))
    })
}

fn platform<'a>(catalogue: &'a Catalogue, id: Option<&str>) -> Result<&'a Platform, Finding> {
    let Some(id) = id else {
        let missing = || Finding::error("bad-catalogue", "the catalogue has no platform");
        return catalogue.platforms.first().ok_or_else(missing);
    };
    catalogue.platform(id).ok_or_else(|| {
        Finding::error("unknown-platform", format!("there is no platform `{id}`"))
            .help(did_you_mean(id, catalogue.platforms.iter().map(|p| p.id.as_str())))
    })
}

fn misfit(knowledge: &Knowledge, preset: &Preset, line: &Line) -> Finding {
    let fitting: Vec<&str> =
        knowledge.catalogue.lines.iter().filter(|l| preset.lines.matches(&l.spark)).map(|l| l.id.as_str()).collect();
    let help = if fitting.is_empty() {
        "no line of the catalogue fits it".to_owned()
    } else {
        format!("it fits: {}", fitting.join(", "))
    };
    let message = format!(
        "the preset `{}` is for Spark {}, and line {} is Spark {}",
        preset.id, preset.lines, line.id, line.spark
    );
    let at = knowledge.places(&preset.source).find(&["lines"], Part::Value);
    Finding::error("preset-line", message).at(at).help(help)
}

fn bricks<'a>(
    knowledge: &Knowledge<'a>,
    request: &'a Request,
    preset: Option<&'a Preset>,
    findings: &mut Vec<Finding>,
) -> Vec<&'a Brick> {
    let catalogue = knowledge.catalogue;
    let (ids, preset) = match preset {
        Some(preset) if request.bricks.is_empty() => (preset.bricks.as_slice(), Some(preset)),
        _ => (request.bricks.as_slice(), None),
    };
    let mut bricks: Vec<&Brick> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        match catalogue.brick(id) {
            Some(brick) if bricks.iter().any(|b| b.id == brick.id) => {}
            Some(brick) => bricks.push(brick),
            None => findings.push(
                Finding::error("unknown-brick", format!("there is no brick `{id}`"))
                    .at(preset.and_then(|preset| brick_place(knowledge, preset, index)))
                    .help(did_you_mean(id, catalogue.bricks.iter().map(|b| b.id))),
            ),
        }
    }
    if ids.is_empty() {
        findings.push(
            Finding::error("no-bricks", "there is nothing to compose: no brick is named")
                .at(preset.and_then(|preset| knowledge.places(&preset.source).find(&["bricks"], Part::Key)))
                .help(format!("there is: {}", catalogue.bricks.iter().map(|b| b.id).collect::<Vec<_>>().join(", "))),
        );
    }
    bricks
}

/// Adds a brick before the first one that needs it, unless it is there.
fn add<'a>(bricks: &mut Vec<&'a Brick>, brick: &'a Brick) {
    if bricks.iter().any(|b| b.id == brick.id) {
        return;
    }
    let needs_it = |b: &&Brick| b.all_needs().any(|(socket, _)| brick.provides.contains(&socket));
    let at = bricks.iter().position(needs_it).unwrap_or(bricks.len());
    bricks.insert(at, brick);
}

/// Where a preset names its brick number `index`.
pub(crate) fn brick_place(knowledge: &Knowledge, preset: &Preset, index: usize) -> Option<Place> {
    knowledge.places(&preset.source).find_or_above(&["bricks".to_owned(), index.to_string()], Part::Value)
}
