//! Many renders break a rule in the same way: say it once, and how often.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use sparkyard_model::Finding;

/// What was found, by rule and message.
#[derive(Debug, Default)]
pub struct Report {
    found: BTreeMap<(String, String), Vec<String>>,
}

impl Report {
    /// Adds what a rule says about a render.
    pub fn add(&mut self, rule: &str, place: &str, messages: impl IntoIterator<Item = String>) {
        for message in messages {
            self.found.entry((rule.to_owned(), message)).or_default().push(place.to_owned());
        }
    }

    /// Adds what `sparkyard-check` found in a render.
    pub fn findings(&mut self, place: &str, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.add(&finding.rule, place, [finding.message]);
        }
    }

    /// Passes when nothing was found.
    ///
    /// # Panics
    /// With everything that was found.
    pub fn finish(self) {
        let mut text = String::new();
        let mut rule = "";
        for ((id, message), places) in &self.found {
            if id != rule {
                let _ = writeln!(text, "\n{id}");
                rule = id;
            }
            let _ = writeln!(text, "  {message}\n      in {}{}", places[0], more(places.len() - 1));
        }
        assert!(self.found.is_empty(), "{} different violations:\n{text}", self.found.len());
    }
}

/// Prints a line that the test runner does not swallow; `cargo xtask test` repeats it at its end.
pub fn counted(text: &str) {
    // Losing the line loses nothing else.
    let _ = writeln!(std::io::stdout(), "counted: {text}");
}

fn more(number: usize) -> String {
    if number == 0 { String::new() } else { format!(" and {number} more") }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn nothing_found_passes() {
        Report::default().finish();
    }

    #[test]
    #[should_panic(expected = "Pod/a: it may\n      in one and 1 more")]
    fn the_same_is_said_once() {
        let mut report = Report::default();
        for place in ["one", "two"] {
            report.add("Q06 read-only", place, ["Pod/a: it may".to_owned()]);
        }
        report.finish();
    }
}
