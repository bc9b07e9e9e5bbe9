//! Waivers: a rule that somebody has decided to break, and why.

use sparkyard_model::{Finding, Place, Severity, SourceText};

/// A rule that somebody has decided to break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Id of the rule.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds: `2027-03-31`.
    pub until: Option<String>,
    /// Where it is written, if in a file.
    pub at: Option<Place>,
}

/// What a comment in a values file starts with to be a waiver.
const MARK: &str = "sparkyard: waive ";

impl Waiver {
    /// Reads `RULE=REASON`, as an argument gives it.
    ///
    /// # Errors
    /// What is missing.
    pub fn of_argument(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((rule, reason)) if !rule.trim().is_empty() && !reason.trim().is_empty() => {
                Ok(Self { rule: rule.trim().to_owned(), reason: reason.trim().to_owned(), until: None, at: None })
            }
            _ => Err(format!("`{text}`: write RULE=REASON, with a reason that a colleague understands")),
        }
    }

    /// Reads the waivers of a values file: comments `# sparkyard: waive RULE until YYYY-MM-DD: reason`, the date left out
    /// for one that does not end. What is wrong with them is a finding.
    pub fn of_file(source: &SourceText) -> (Vec<Waiver>, Vec<Finding>) {
        let (mut waivers, mut findings) = (Vec::new(), Vec::new());
        for (index, line) in source.text.lines().enumerate() {
            let Some(at) = line.find('#') else { continue };
            let Some(rest) = line[at..].trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
            let place = Place {
                file: source.name.clone(),
                line: index + 1,
                column: line[..at].chars().count() + 1,
                width: line[at..].trim_end().chars().count().max(1),
                text: source.text.clone(),
            };
            match read(rest) {
                Ok((rule, until, reason)) => waivers.push(Waiver { rule, reason, until, at: Some(place) }),
                Err(why) => findings.push(Finding::error("bad-waiver", why).at(Some(place)).help(
                    "write `# sparkyard: waive RULE until 2027-12-31: why`, without the date for one that does not end",
                )),
            }
        }
        (waivers, findings)
    }
}

fn read(text: &str) -> Result<(String, Option<String>, String), String> {
    let (head, reason) = text.split_once(':').ok_or("the waiver has no reason")?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("the waiver has no reason".to_owned());
    }
    let mut words = head.split_whitespace();
    let rule = words.next().ok_or("the waiver names no rule")?.to_owned();
    let until = match (words.next(), words.next(), words.next()) {
        (None, ..) => None,
        (Some("until"), Some(date), None) if is_date(date) => Some(date.to_owned()),
        _ => return Err(format!("`{}` cannot be read", head.trim())),
    };
    Ok((rule, until, reason.to_owned()))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    matches!(parts.as_slice(), [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2)
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Takes out what is waived. `today` is `2026-11-24`. A waiver that has ended, or that names no rule, or that nothing
/// needs is said.
pub fn apply(
    findings: Vec<Finding>,
    waivers: &[Waiver],
    today: &str,
    known: &dyn Fn(&str) -> Option<String>,
) -> Vec<Finding> {
    let mut used = vec![false; waivers.len()];
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let holds =
            |waiver: &Waiver| waiver.rule == finding.rule && waiver.until.as_deref().is_none_or(|until| until >= today);
        match waivers.iter().position(holds) {
            Some(at) => used[at] = true,
            None => kept.push(finding),
        }
    }
    for (waiver, used) in waivers.iter().zip(used) {
        let say = |rule: &str, severity: Severity, message: String| Finding {
            severity,
            ..Finding::error(rule, message).at(waiver.at.clone())
        };
        if let Some(help) = known(&waiver.rule) {
            kept.push(say("bad-waiver", Severity::Error, format!("there is no rule `{}`", waiver.rule)).help(help));
        } else if let Some(until) = waiver.until.as_ref().filter(|until| until.as_str() < today) {
            kept.push(
                say(
                    "expired-waiver",
                    Severity::Warning,
                    format!("the waiver of `{}` has ended on {until}", waiver.rule),
                )
                .help("mend what it waived, or give it another date"),
            );
        } else if !used {
            kept.push(
                say(
                    "unused-waiver",
                    Severity::Note,
                    format!("nothing breaks `{}`, so its waiver is not needed", waiver.rule),
                )
                .help("take it out"),
            );
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceText {
        SourceText { name: "my.yaml".into(), text: text.into() }
    }

    #[test]
    fn comments_are_read() {
        let (waivers, wrong) = Waiver::of_file(&file(
            "# sparkyard: waive read-only-root: the image writes to /opt\na: 1  # sparkyard: waive x until 2027-01-31: a: b\n# words\n",
        ));
        assert!(wrong.is_empty());
        assert_eq!((waivers[0].rule.as_str(), waivers[0].until.as_deref()), ("read-only-root", None));
        assert_eq!((waivers[1].until.as_deref(), waivers[1].reason.as_str()), (Some("2027-01-31"), "a: b"));
        assert_eq!(waivers[1].at.as_ref().map(|at| (at.line, at.column)), Some((2, 7)));
        for bad in ["# sparkyard: waive x\n", "# sparkyard: waive x:  \n", "# sparkyard: waive x until soon: y\n"] {
            assert_eq!(Waiver::of_file(&file(bad)).1.len(), 1, "{bad}");
        }
        assert!(Waiver::of_argument("x=").is_err() && Waiver::of_argument("x=y").is_ok());
    }

    #[test]
    fn waivers_end_and_are_missed() {
        let finding = || vec![Finding::error("x", "wrong")];
        let waiver = |rule: &str, until: Option<&str>| Waiver {
            rule: rule.into(),
            reason: "y".into(),
            until: until.map(str::to_owned),
            at: None,
        };
        let known = |rule: &str| (rule == "zzz").then(|| "there is: x".to_owned());
        let rules = |waivers: &[Waiver]| {
            apply(finding(), waivers, "2026-11-24", &known).into_iter().map(|f| f.rule).collect::<Vec<_>>()
        };
        assert!(rules(&[waiver("x", None)]).is_empty());
        assert!(rules(&[waiver("x", Some("2026-11-24"))]).is_empty());
        assert_eq!(rules(&[waiver("x", Some("2026-11-23"))]), ["x", "expired-waiver"]);
        assert_eq!(rules(&[waiver("x", None), waiver("w", None)]), ["unused-waiver"]);
        assert_eq!(rules(&[waiver("x", None), waiver("zzz", None)]), ["bad-waiver"]);
    }
}
