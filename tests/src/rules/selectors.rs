//! Selectors: they never change, and they find something.

use serde_json::Value;

use crate::object::{Object, selects};
use crate::render::Render;

/// Labels that stay the same from version to version.
const STABLE: [&str; 3] = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"];

/// Q30.
pub(super) fn are_stable(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for object in render.objects.iter().filter(|object| is_workload(object)) {
        for key in object.value["spec"]["selector"]["matchLabels"].as_object().into_iter().flatten().map(|(key, _)| key)
        {
            if !STABLE.contains(&key.as_str()) {
                found.push(format!("{}: its selector holds {key}", object.id()));
            }
        }
    }
    found
}

/// Q33.
pub(super) fn find_pods(render: &Render) -> Vec<String> {
    let pods = render.pods();
    let mut found = Vec::new();
    for object in &render.objects {
        let spec = &object.value["spec"];
        let selector = match object.kind() {
            "Service" => &spec["selector"],
            "PodDisruptionBudget" => &spec["selector"]["matchLabels"],
            "NetworkPolicy" => &spec["podSelector"]["matchLabels"],
            "Deployment" | "StatefulSet" => {
                let template = &spec["template"]["metadata"]["labels"];
                if !selects(&spec["selector"]["matchLabels"], template) {
                    found.push(format!("{}: its selector does not select its own pods", object.id()));
                }
                continue;
            }
            _ => continue,
        };
        if !pods.iter().any(|pod| selects(selector, pod.labels())) {
            found.push(format!("{}: its selector finds no pod of the chart: {selector}", object.id()));
        }
    }
    found
}

fn is_workload(object: &Object) -> bool {
    matches!(object.kind(), "Deployment" | "StatefulSet") && !matches!(object.value["spec"], Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn versions_in_selectors_are_found() {
        let mut deployment = sample::good_deployment();
        deployment["spec"]["selector"]["matchLabels"]["app.kubernetes.io/version"] = json!("4.1.4");
        assert_eq!(are_stable(&sample::render(false, [deployment])).len(), 1);
    }

    #[test]
    fn selectors_that_find_nothing_are_found() {
        let mut service = sample::good_service();
        service["spec"]["selector"]["app.kubernetes.io/component"] = json!("gone");
        assert_eq!(find_pods(&sample::render(false, [sample::good_deployment(), service])).len(), 1);
        let mut deployment = sample::good_deployment();
        deployment["spec"]["selector"]["matchLabels"]["app.kubernetes.io/instance"] = json!("other");
        assert_eq!(find_pods(&sample::render(false, [deployment])).len(), 1);
        let budget = json!({"kind": "PodDisruptionBudget", "metadata": {"name": "a"}, "spec": {}});
        assert_eq!(find_pods(&sample::render(false, [sample::good_deployment(), budget])).len(), 1);
    }
}
