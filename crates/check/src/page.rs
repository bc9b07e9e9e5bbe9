//! The page of a rule: what `explain` prints and what the book holds.

use crate::rule::{Example, Rule};

/// The page of a rule, in Markdown.
pub fn page(rule: &Rule) -> String {
    let mut text = format!(
        "# {}\n\n{}.\n\n*{}, {}*\n\n## Why\n\n{}\n\n## How to mend it\n\n{}\n",
        rule.id,
        rule.title,
        rule.group.title(),
        match rule.severity {
            sparkyard_model::Severity::Error => "error",
            sparkyard_model::Severity::Warning => "warning",
            sparkyard_model::Severity::Note => "note",
        },
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
