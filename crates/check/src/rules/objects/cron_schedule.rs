//! Times of CronJobs.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "cron-schedule",
    group: Group::Objects,
    severity: Severity::Error,
    title: "The schedule of a CronJob can be read",
    why: "The API server refuses a schedule that is not five fields or one of the words with `@`, and a time zone inside it. \
          Six fields with seconds are Quartz' way and not cron's.",
    fix: "Write minute, hour, day of month, month, day of week: `30 2 * * *`. The time zone goes into `timeZone`.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: a
        spec:
          schedule: 0 30 2 * * *  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: a
        spec:
          schedule: 30 2-4/2 * jan,7 mon-fri
    "}),
    check: Check::Stack(check),
};

const WORDS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in api::of(stack, "batch", "CronJob") {
        // An empty one is a missing field.
        let Some(schedule) = object.at("spec.schedule").as_str().filter(|text| !text.is_empty()) else { continue };
        if let Err(message) = read(schedule) {
            report.object(index, Path::of("spec.schedule"), format!("`{schedule}`: {message}"));
        }
    }
}

fn read(schedule: &str) -> Result<(), String> {
    if schedule.contains("TZ=") {
        return Err("the time zone goes into `timeZone`".to_owned());
    }
    if schedule.starts_with('@') {
        let known = WORDS.contains(&schedule) || schedule.starts_with("@every ");
        return if known { Ok(()) } else { Err(format!("one of: {}, @every 1h", WORDS.join(", "))) };
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return Err(format!("it has {} fields; 5 are wanted", fields.len()));
    };
    let names = |names: &'static [&'static str], first: u32| {
        move |word: &str| {
            let at = names.iter().position(|name| *name == word.to_lowercase()).and_then(|at| u32::try_from(at).ok());
            at.map(|at| at + first)
        }
    };
    field("minute", minute, 0, 59, &|_| None)?;
    field("hour", hour, 0, 23, &|_| None)?;
    field("day of month", day, 1, 31, &|_| None)?;
    field("month", month, 1, 12, &names(&MONTHS, 1))?;
    field("day of week", weekday, 0, 6, &names(&DAYS, 0))
}

fn field(what: &str, text: &str, least: u32, most: u32, named: &dyn Fn(&str) -> Option<u32>) -> Result<(), String> {
    let wrong = || Err(format!("`{text}` is no {what}; they go from {least} to {most}"));
    for part in text.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        if step.is_some_and(|step| step.parse::<u32>().map_or(true, |step| step == 0)) {
            return wrong();
        }
        if matches!(range, "*" | "?") {
            continue;
        }
        let number =
            |word: &str| word.parse().ok().or_else(|| named(word)).filter(|number| (least..=most).contains(number));
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => {}
            _ => return wrong(),
        }
    }
    Ok(())
}
