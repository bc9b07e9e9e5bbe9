//! `sparkyard check`.

mod charts;
mod cluster;
mod format;
mod manifests;
mod selection;

use sparkyard_check::{
    Checked, Stack, Waiver, apply_waivers, check_catalogue, check_upgrade, fails, no_rule, rule, upgraded,
};
use sparkyard_compose::catalogue_tree;
use sparkyard_model::{Catalogue, Finding, Severity, SourceText};
use sparkyard_render::RenderError;

pub(crate) use self::format::{described, human, rules};
pub(crate) use self::selection::{Selected, selected};
use crate::args::{CheckArgs, CheckFormat, MinSeverity};
use crate::console::{Console, Stop};
use crate::{FAILED, OK, Outcome};

pub(crate) fn run(args: &CheckArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let mut waivers = args.waive.clone();
    let mut checked = if let Some(file) = &args.manifests {
        manifests::check(file, args, catalogue)?
    } else if !args.charts.is_empty() {
        charts::check(args, catalogue, &mut waivers, console)?
    } else if args.selection.is_empty() {
        whole(args, catalogue)?
    } else {
        selection::check(args, catalogue, &mut waivers, console)?
    };
    let waived = waive(&mut checked, &waivers, args.min_severity);
    match args.output {
        CheckFormat::Human => console.print_styled(&format::human(&checked, waived))?,
        CheckFormat::Json => console.json(&format::json(&checked, waived))?,
        CheckFormat::Sarif => console.json(&format::sarif(&checked.findings))?,
        CheckFormat::Github => console.print_exactly(&format::github(&checked.findings))?,
    }
    Ok(if fails(&checked.findings) { FAILED } else { OK })
}

/// Takes out what is waived or not bad enough, and says how much was waived.
pub(crate) fn waive(checked: &mut Checked, waivers: &[Waiver], least: MinSeverity) -> usize {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let all = std::mem::take(&mut checked.findings);
    let found = all.len();
    let kept = apply_waivers(all, waivers, &today, &no_rule);
    let waived = found.saturating_sub(kept.iter().filter(|finding| rule(&finding.rule).is_some()).count());
    let least = match least {
        MinSeverity::Note => Severity::Note,
        MinSeverity::Warning => Severity::Warning,
        MinSeverity::Error => Severity::Error,
    };
    checked.findings = kept.into_iter().filter(|finding| finding.severity >= least).collect();
    waived
}

/// Every chart, preset and platform.
fn whole(args: &CheckArgs, catalogue: &Catalogue) -> Result<Checked, Stop> {
    if !args.upgrade_from.is_empty() {
        return Err(Stop::usage("--upgrade-from needs to know what takes its place: a chart, --preset or --manifests"));
    }
    let tree = catalogue_tree(catalogue)?;
    let target_of = |platform: &_| cluster::target(args, platform);
    Ok(check_catalogue(catalogue, &tree, &target_of).map_err(RenderError::into_findings)?)
}

/// Adds what an upgrade would break.
fn compare(before: &Stack, after: &Stack, checked: &mut Checked) -> Result<(), Finding> {
    let both = upgraded(before, after);
    if both == 0 && !before.objects().is_empty() {
        let message = "the earlier version has no object that the new one has: there is nothing to compare";
        return Err(Finding::error("nothing-to-compare", message)
            .help("is this the earlier version of the same chart, with the same names?"));
    }
    checked.upgraded = Some(both);
    checked.findings.extend(check_upgrade(before, after));
    checked.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(())
}

fn read_waivers(files: &[SourceText], waivers: &mut Vec<Waiver>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let (read, wrong) = Waiver::of_file(file);
        waivers.extend(read);
        findings.extend(wrong);
    }
    findings
}
