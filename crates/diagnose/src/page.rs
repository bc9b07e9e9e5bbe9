//! docs/fix.md: symptom, cause, cure, check, from the rules' own words.

use std::fmt::Write as _;

use crate::RULES;

/// The page.
pub fn page() -> String {
    let mut page = String::from(
        "# When something does not run\n\nMade by `cargo xtask docs` from the rules of `sparkyard status`. `sparkyard status` looks for all of these in the \
         cluster and says which it is; `sparkyard up` does so while it waits, and `sparkyard doctor` asks before anything is installed.\n\n\
         | what you see | section |\n|---|---|\n",
    );
    for rule in RULES {
        let _ = writeln!(page, "| {} | [{}](#{}) |", rule.symptom, rule.id, rule.id);
    }
    for rule in RULES {
        let _ = write!(
            page,
            "\n## {}\n\n**Symptom.** {}.\n\n**Cause.** {}.\n\n**Cure.** {}.\n\n**Check.**\n\n```sh\n{}\n```\n",
            rule.id, rule.symptom, rule.cause, rule.cure, rule.check
        );
    }
    page
}
