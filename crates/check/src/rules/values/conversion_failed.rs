//! A `fromYaml` that read no YAML.

use indoc::indoc;
use memchr::memmem;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::walk;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "conversion-failed",
    group: Group::Values,
    severity: Severity::Error,
    title: "What `fromYaml` and `fromJson` read can be read",
    why: "They do not fail: they give a map with the one key `Error`, or a list with the message. Printed as settings, the \
          program starts with none of its own.",
    fix: "Render the text that they are given, and mend the line that the message names. `mustFromJson` fails at once.",
    covers: &[],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
        data:
          spark-defaults.conf: |  # wrong
            Error=error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
        data:
          spark-defaults.conf: |
            spark.ui.port=4040
    "}),
    check: Check::Stack(check),
};

/// How the messages of Helm's functions begin.
const MESSAGES: [&str; 2] = ["error converting YAML to JSON: ", "error unmarshaling JSON: "];
/// A word of each.
const WORDS: [&[u8]; 2] = [b"converting", b"unmarshaling"];

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        // A word that no fold cuts, looked for in the whole object first: that is far quicker than in each value.
        if !WORDS.iter().any(|word| memmem::find(object.text.as_bytes(), word).is_some()) {
            continue;
        }
        walk(&object.value, &Path::root(), &mut |here, value| {
            let Some(text) = value.as_str() else { return };
            let Some(line) = text.lines().find(|line| MESSAGES.iter().any(|message| line.contains(message))) else {
                return;
            };
            report.object(index, here.path(), format!("a text could not be read: {}", line.trim()));
        });
    }
}
