//! Labels and annotations.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::grammar;
use crate::object::walk;
use crate::path::{Here, Path};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "label-values",
    group: Group::Names,
    severity: Severity::Error,
    title: "Keys and values of labels, and keys of annotations, are valid",
    why: "The API server refuses the object. A chart version with `+`, a long release name or a value of the user that reaches \
          a label is found by the first one who has such a name.",
    fix: "In the helper: `| replace \"+\" \"_\" | trunc 63 | trimSuffix \"-\"`. Put long or free text into an annotation.",
    covers: &["L41", "Q34"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata:
          name: a
          labels:
            helm.sh/chart: a-1.0.0+build  # wrong
            team name: data  # wrong
            owner: N/A  # wrong
        spec:
          selector:
            app: "-a"  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Service
        metadata:
          name: a
          labels:
            helm.sh/chart: a-1.0.0_build
            empty: ""
          annotations:
            example.com/owner: N/A
        spec:
          selector:
            app: a
    "#}),
    check: Check::Stack(check),
};

/// What all annotations of an object may hold.
const ANNOTATIONS: usize = 256 * 1024;

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        // Below custom objects, and in their schemas, a map of this name may be something else.
        let known = crate::api::API.kind(object).is_some() && object.kind() != "CustomResourceDefinition";
        walk(&object.value, &Path::root(), &mut |here, value| {
            let Value::Object(map) = value else { return };
            let metadata = is_metadata(here);
            let (labels, annotations) = match here.key() {
                Some("labels") if metadata => (true, false),
                Some("annotations") if metadata => (false, true),
                Some("matchLabels" | "nodeSelector") if known => (true, false),
                Some("selector") if known && matches!(object.kind(), "Service") => (true, false),
                _ => return,
            };
            for (key, value) in map {
                if let Some(wrong) = grammar::qualified_name(key) {
                    report.object(index, here.path().key(key), format!("`{key}` is no key: {wrong}"));
                } else if let Some(wrong) = value.as_str().filter(|_| labels).and_then(grammar::label_value) {
                    report.object(index, here.path().key(key), format!("the value of {key}: {wrong}"));
                }
            }
            let size: usize = map.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
            if annotations && size > ANNOTATIONS {
                report.object(index, here.path(), format!("annotations of {size} bytes; {ANNOTATIONS} are allowed"));
            }
        });
    }
}

/// Whether it is `metadata.labels` or its like, of the object or of a template, and not a key of some data.
fn is_metadata(here: &Here<'_>) -> bool {
    here.above().and_then(Here::key) == Some("metadata") && !matches!(here.first().key(), Some("data" | "stringData"))
}
