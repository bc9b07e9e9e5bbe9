//! Small pieces of reading: labels, log lines, what stands between two words.

use serde_json::Value;

/// Longest piece of the cluster's own words.
const LONGEST: usize = 400;

/// The component that an object belongs to; empty when it has no such label.
pub(crate) fn component(object: &Value) -> &str {
    let labels = &object["metadata"]["labels"];
    if labels["spark-role"] == "executor" {
        return "executor";
    }
    labels["app.kubernetes.io/component"].as_str().unwrap_or_default()
}

/// A text that is not longer than a person reads.
pub(crate) fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// What stands between two words; to the end when the second is missing.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let start = text.find(before)? + before.len();
    let rest = &text[start..];
    Some(rest.find(after).map_or(rest, |end| &rest[..end]))
}

/// The last lines that are not empty.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// The last line that holds one of these words.
pub(crate) fn line_with<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    text.lines().rev().find(|line| words.iter().any(|word| line.contains(word)))
}

/// The component in the name of a host: `quickstart-metastore.spark.svc.cluster.local` of the stack `quickstart`.
pub(crate) fn component_of_host<'h>(host: &'h str, stack: &str) -> Option<&'h str> {
    host.split('.').next()?.strip_prefix(stack)?.strip_prefix('-')
}

/// Whether an address is one of the cluster's own.
pub(crate) fn is_inside(host: &str) -> bool {
    host.contains(".svc")
}

/// Whether somebody says that a name could not be looked up.
pub(crate) fn is_dns(text: &str) -> bool {
    ["Name or service not known", "Temporary failure in name resolution", "no such host", "UnknownHostException"]
        .iter()
        .any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_text() {
        assert_eq!(between("a <b> c", "<", ">"), Some("b"));
        assert_eq!(between("a <b", "<", ">"), Some("b"));
        assert_eq!(tail("a\n\nb\nc\n", 2), "b\nc");
        assert_eq!(component_of_host("quickstart-s3.spark.svc", "quickstart"), Some("s3"));
        assert_eq!(component_of_host("db.example.com", "quickstart"), None);
        assert!(short(&"ä".repeat(500)).ends_with("..."));
    }
}
