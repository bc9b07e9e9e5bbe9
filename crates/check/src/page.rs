//! The page of a rule: what `explain` prints and what the book holds.

use sparkyard_model::Severity;

use crate::RULES;
use crate::rule::{Example, Group, Rule};

/// The page of all rules, in Markdown: a table for each group.
pub fn book() -> String {
    let count = |severity, name: &str| {
        let number = RULES.iter().filter(|rule| rule.severity == severity).count();
        format!("{number} {name}{}", if number == 1 { "" } else { "s" })
    };
    let mut text = format!(
        "# Rules\n\nMade from the rules themselves: {} rules, {}, {} and {}.\n\n\
         An error breaks, or is refused by the cluster. A warning is likely trouble. A note is about form, and is said only \
         with\n`--min-severity note`. `sparkyard explain RULE` says why a rule is there and how to mend what breaks it, with \
         an example\nof both.\n",
        RULES.len(),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    );
    for group in Group::ALL {
        let rules: Vec<&&Rule> = RULES.iter().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {}\n\n| rule | severity | what it asks for |\n|---|---|---|\n", group.title()));
        for rule in rules {
            let title = rule.title.replace('|', "\\|");
            text.push_str(&format!("| `{}` | {} | {title} |\n", rule.id, severity(rule)));
        }
    }
    text
}

fn severity(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The page of a rule, in Markdown.
pub fn page(rule: &Rule) -> String {
    let mut text = format!(
        "# {}\n\n{}.\n\n*{}, {}*\n\n## Why\n\n{}\n\n## How to mend it\n\n{}\n",
        rule.id,
        rule.title,
        rule.group.title(),
        severity(rule),
        rule.why,
        rule.fix,
    );
    text.push_str("\n## Wrong\n\n");
    text.push_str(&example(&rule.bad));
    text.push_str("\n## Right\n\n");
    text.push_str(&example(&rule.good));
    text
}

fn example(example: &Example) -> String {
    let yaml = |text: &str| format!("```yaml\n{}\n```\n", text.trim_end());
    match example {
        Example::Manifests(text) | Example::OpenShift(text) => yaml(text),
        Example::Upgrade(before, after) => format!("Before:\n\n{}\nAfter:\n\n{}", yaml(before), yaml(after)),
        Example::Chart(files) => {
            let one = |(path, text): &(&str, &str)| {
                let kind = if path.ends_with(".json") { "json" } else { "yaml" };
                format!("`{path}`\n\n```{kind}\n{}\n```\n", text.trim_end())
            };
            files.iter().map(one).collect::<Vec<_>>().join("\n")
        }
    }
}
