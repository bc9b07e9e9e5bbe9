//! The charts of the whole catalogue.

use rayon::prelude::*;
use sparkyard_model::{Brick, Catalogue, Chart, ChartTree, Finding, Line, Preset, Request, Shape};

use crate::chart::compose_with;
use crate::index;
use crate::knowledge::Knowledge;
use crate::resolve::{resolve_line, resolve_with};

/// Makes the charts of every line in the line's own shape, with the file of every preset and platform, and a README
/// that leads to them. Every preset is checked on every line that it fits.
///
/// # Errors
/// All that is wrong with the catalogue, each finding once.
pub fn catalogue_tree(catalogue: &Catalogue) -> Result<ChartTree, Vec<Finding>> {
    let knowledge = Knowledge::of(catalogue);
    let mut findings = Vec::new();
    let mut tree = ChartTree::default();
    let mut lines = Vec::new();
    // Collected in the catalogue's order.
    let made: Vec<OfLine<'_>> = catalogue.lines.par_iter().map(|line| of_line(&knowledge, line)).collect();
    for (line, made) in catalogue.lines.iter().zip(made) {
        findings.extend(made.findings);
        tree.charts.extend(made.charts);
        lines.push((line, made.presets));
    }
    if findings.is_empty() {
        tree.files.insert("README.md".into(), index::readme(catalogue, &tree, &lines).into_bytes());
        return Ok(tree);
    }
    Err(once(findings))
}

/// What comes of one line.
#[derive(Default)]
struct OfLine<'a> {
    presets: Vec<&'a Preset>,
    charts: Vec<Chart>,
    findings: Vec<Finding>,
}

fn of_line<'a>(knowledge: &Knowledge<'a>, line: &Line) -> OfLine<'a> {
    let catalogue = knowledge.catalogue;
    let presets: Vec<&Preset> = catalogue.presets.iter().filter(|p| p.lines.matches(&line.spark)).collect();
    let mut findings = check(knowledge, line, &presets);
    let mut charts = Vec::new();
    let Some(default) = presets.first() else {
        findings.push(Finding::error("bad-catalogue", format!("no preset fits line {}", line.id)));
        return OfLine { presets, charts, findings };
    };
    match resolve_line(knowledge, line, default, union(catalogue, &presets)) {
        Ok(plan) => match compose_with(knowledge, &plan) {
            Ok(made) => charts = made.charts,
            Err(error) => findings.push(error.into()),
        },
        Err(more) => findings.extend(more),
    }
    OfLine { presets, charts, findings }
}

/// All findings of all presets on one line. A platform's file is the same for all of them, so the first preset meets
/// every platform and the others only the one that defaults are made for.
fn check(knowledge: &Knowledge, line: &Line, presets: &[&Preset]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, preset) in presets.iter().enumerate() {
        let platforms = &knowledge.catalogue.platforms;
        let met = if index == 0 { platforms.len() } else { platforms.len().min(1) };
        for platform in &platforms[..met] {
            let request = Request {
                preset: Some((*preset).clone()),
                line: Some(line.id.clone()),
                platform: Some(platform.id.clone()),
                shape: Some(Shape::Umbrella),
                examples: true,
                ..Request::default()
            };
            findings.extend(resolve_with(knowledge, &request).err().unwrap_or_default());
        }
    }
    findings
}

/// The bricks of all presets, in an order in which each preset's own order holds where they agree, each followed by
/// those that can stand in its place.
fn union<'a>(catalogue: &'a Catalogue, presets: &[&Preset]) -> Vec<&'a Brick> {
    let mut ids: Vec<&str> = Vec::new();
    for preset in presets {
        for (index, id) in preset.bricks.iter().enumerate() {
            if ids.contains(&id.as_str()) {
                continue;
            }
            // A new brick stands before the first one that the preset installs after it.
            let next = preset.bricks[index + 1..].iter().find_map(|later| ids.iter().position(|known| known == later));
            ids.insert(next.unwrap_or(ids.len()), id);
        }
    }
    let mut bricks: Vec<&Brick> = ids.into_iter().filter_map(|id| catalogue.brick(id)).collect();
    for brick in &catalogue.bricks {
        let like = bricks.iter().position(|known| known.component == brick.component);
        if let Some(at) = like.filter(|_| bricks.iter().all(|known| known.id != brick.id)) {
            bricks.insert(at + 1, brick);
        }
    }
    bricks
}

fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        if !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept
}
