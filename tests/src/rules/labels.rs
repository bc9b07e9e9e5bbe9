//! Standard labels.

use crate::render::Render;

const WANTED: [&str; 7] = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
    "helm.sh/chart",
];

/// Q34.
pub(super) fn are_complete(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for object in &render.objects {
        let labels = &object.value["metadata"]["labels"];
        for key in WANTED.iter().filter(|key| labels[**key].as_str().is_none_or(str::is_empty)) {
            found.push(format!("{}: no label {key}", object.id()));
        }
        let of_pods = object.pods();
        let all = std::iter::once(labels).chain(of_pods.iter().map(|pod| pod.labels()));
        for (key, value) in all.filter_map(|labels| labels.as_object()).flatten() {
            if !value.as_str().is_some_and(is_valid) {
                found.push(format!("{}: label {key} has the bad value {value}", object.id()));
            }
        }
    }
    found
}

/// At most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_valid(value: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let ends = value.chars().next().into_iter().chain(value.chars().last()).all(|c| c.is_ascii_alphanumeric());
    value.len() <= 63 && value.chars().all(inner) && ends
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn missing_and_bad_labels_are_found() {
        let mut pod = sample::good_pod();
        pod["metadata"]["labels"]["helm.sh/chart"] = json!("spark-4-1-0.1.0+build");
        pod["metadata"]["labels"]["app.kubernetes.io/part-of"] = json!("");
        // The pod itself is looked at twice, as an object and as a pod.
        let found = are_complete(&sample::render(false, [pod]));
        assert!(found.iter().any(|f| f.contains("no label app.kubernetes.io/part-of")), "{found:?}");
        assert!(found.iter().any(|f| f.contains("+build")), "{found:?}");
    }

    #[test]
    fn label_values_have_a_form() {
        assert!(is_valid("4.1.4-a_b") && is_valid(""));
        assert!(!is_valid("-a") && !is_valid("a.") && !is_valid("a b") && !is_valid(&"a".repeat(64)));
    }
}
