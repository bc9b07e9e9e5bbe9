//! `fsGroup` and `supplementalGroups`.

use super::reasons::{Help, Reasons};
use super::rules::{GroupRule, Rules};
use crate::pod::{Groups, Place};

/// Fills in the first group of the range where none is. An empty list of groups is one.
pub(super) fn fill(rules: &Rules<'_>, groups: &Groups) -> Groups {
    let first = |rule: &GroupRule| match rule {
        GroupRule::Any => None,
        GroupRule::Ranges { ranges, .. } => ranges.first().map(|range| range.0),
    };
    Groups {
        fs_group: groups.fs_group.or_else(|| first(&rules.fs_group)),
        supplemental: groups.supplemental.clone().or_else(|| first(&rules.supplemental).map(|group| vec![group])),
    }
}

pub(super) fn check(rules: &Rules<'_>, groups: &Groups, reasons: &mut Reasons<'_>) {
    check_one(&rules.fs_group, "fsGroup", groups.fs_group.as_slice(), reasons);
    let supplemental = groups.supplemental.as_deref().unwrap_or_default();
    check_one(&rules.supplemental, "supplementalGroups", supplemental, reasons);
}

fn check_one(rule: &GroupRule, field: &str, groups: &[i64], reasons: &mut Reasons<'_>) {
    let GroupRule::Ranges { ranges, of_namespace } = rule else { return };
    if groups.is_empty() {
        let message = format!("{field} is an empty list, which no constraint with ranges takes");
        reasons.secured(field, Place::Pod, field, message, format!("remove `{field}`"));
    }
    for group in groups {
        if ranges.iter().any(|(first, last)| (*first..=*last).contains(group)) {
            continue;
        }
        let ranges: Vec<String> = ranges
            .iter()
            .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
            .collect();
        let whose = if *of_namespace { " (the namespace's)" } else { "" };
        let message = format!("{field} is {group}, it must be in {}{whose}", ranges.join(", "));
        let help: Help = if *of_namespace {
            format!("remove `{field}`: OpenShift fills it in; a fixed one needs nonroot-v2").into()
        } else {
            format!("write one in {}, or remove `{field}`", ranges.join(", ")).into()
        };
        reasons.secured(field, Place::Pod, field, message, help);
    }
}
