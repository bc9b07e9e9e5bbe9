//! A component is switched off.

use crate::{Found, Observed, Rule};

pub(super) const RULE: Rule = Rule {
    id: "scaled-to-zero",
    symptom: "A component has no pods, and nothing is wrong with it",
    cause: "Somebody has scaled it to zero",
    cure: "`kubectl -n NS scale OBJECT --replicas=1`, or install again with `sparkyard up`",
    check: "kubectl -n NS get deployments,statefulsets",
    patience: 30,
    vague: false,
    find,
};

fn find(observed: &Observed) -> Vec<Found> {
    let makers = ["Deployment", "StatefulSet"].into_iter().flat_map(|kind| observed.kind(kind));
    let off = makers.filter(|object| object["spec"]["replicas"] == 0);
    off.map(|object| {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let place = format!("{}/{}", text(&object["kind"]).to_lowercase(), text(&object["metadata"]["name"]));
        let cure = format!("kubectl -n {} scale {place} --replicas=1", text(&object["metadata"]["namespace"]));
        Found::at(object, "it is scaled to zero, so nothing answers", "spec.replicas: 0").cure(cure)
    })
    .collect()
}
