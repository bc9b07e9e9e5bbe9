//! Examples of rules as what rules look at.

use std::collections::BTreeMap;
use std::rc::Rc;

use sparkyard_admission::Policy;
use sparkyard_model::{Finding, SourceText};
use sparkyard_render::Chart;

use crate::context::{ChartSource, Stack, Target};
use crate::object::Object;
use crate::rule::{Check, Example, Rule};

impl Example {
    /// What a rule finds in it.
    ///
    /// # Errors
    /// When the example itself cannot be read.
    pub fn findings(&self, rule: &Rule) -> Result<Vec<Finding>, String> {
        let mut findings = match (self, rule.check) {
            (Example::Manifests(text), Check::Stack(_) | Check::Spark(_) | Check::Network(_)) => {
                crate::check_stack(&stack(text, false)?)
            }
            (Example::OpenShift(text), Check::Stack(_) | Check::Spark(_) | Check::Network(_)) => {
                crate::check_stack(&stack(text, true)?)
            }
            (Example::Upgrade(before, after), Check::Upgrade(_)) => {
                crate::check_upgrade(&stack(before, false)?, &stack(after, false)?)
            }
            (Example::Chart(files), Check::Chart(_)) => {
                let files = chart_files(files);
                let chart = Chart::load(&files, "").map_err(|error| error.to_string())?;
                crate::check_source(&ChartSource::new(&chart, &files, ""))
            }
            (Example::Chart(files), Check::Stack(_) | Check::Spark(_) | Check::Network(_)) => {
                let files = chart_files(files);
                let chart = Chart::load(&files, "").map_err(|error| error.to_string())?;
                let options = sparkyard_render::Options {
                    release: "demo".into(),
                    namespace: "spark".into(),
                    trace: true,
                    ..Default::default()
                };
                let user = sparkyard_render::UserValues::default();
                let rendered = sparkyard_render::render(&chart, &user, &options).map_err(|error| error.to_string())?;
                let mut stack = Stack::new(target(false));
                stack.add(&chart, rendered, user.into());
                crate::check_stack(&stack)
            }
            _ => return Err("the example is of another kind than the check".to_owned()),
        };
        findings.retain(|finding| finding.rule == rule.id);
        Ok(findings)
    }
}

fn target(openshift: bool) -> Target {
    let policy = if openshift { "scc:restricted-v2" } else { "pss:restricted" };
    Target::under(policy.parse::<Policy>().into_iter().collect())
}

fn stack(text: &str, openshift: bool) -> Result<Stack, String> {
    let mut stack = Stack::new(target(openshift));
    let file = SourceText { name: "example.yaml".into(), text: text.into() };
    let (objects, findings) = Object::all_of(&Rc::new(file));
    if let Some(finding) = findings.first() {
        return Err(format!("{} in\n{text}", finding.message));
    }
    objects.into_iter().for_each(|object| stack.add_object(object));
    Ok(stack)
}

/// The files of an example, with those that every chart needs.
fn chart_files(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let mut all: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    all.entry("Chart.yaml".into()).or_insert_with(|| b"apiVersion: v2\nname: example\nversion: 0.1.0\n".to_vec());
    all
}

#[cfg(test)]
mod tests {
    use crate::RULES;

    /// Each rule finds its bad example, at the marked lines only, and passes its good one.
    #[test]
    fn every_rule_keeps_its_word() {
        let mut broken = Vec::new();
        for rule in RULES {
            let id = rule.id;
            match rule.bad.findings(rule) {
                Ok(findings) if findings.is_empty() => {
                    broken.push(format!("{id}: nothing is found in the bad example"))
                }
                Ok(findings) => {
                    for finding in findings {
                        let line = finding.at.as_ref().and_then(|at| at.text.lines().nth(at.line - 1)).unwrap_or("");
                        if finding.at.is_some() && !line.contains("wrong") {
                            broken.push(format!("{id}: found at an unmarked line: {line:?}: {}", finding.message));
                        }
                    }
                }
                Err(error) => broken.push(format!("{id}: bad example: {error}")),
            }
            match rule.good.findings(rule) {
                Ok(findings) => {
                    broken.extend(findings.iter().map(|f| format!("{id}: found in the good example: {}", f.message)))
                }
                Err(error) => broken.push(format!("{id}: good example: {error}")),
            }
        }
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }

    #[test]
    fn ids_are_unique_and_texts_are_there() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(rule.why.len() > 40 && rule.fix.len() > 10 && !rule.title.ends_with('.'), "{}", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", rule.id);
        }
    }
}
