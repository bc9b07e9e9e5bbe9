//! Which objects a chart may make, and what some kinds need.

use crate::object::items;
use crate::render::Render;

/// Kinds that an admin of one project may create, and no others.
const ALLOWED: [&str; 17] = [
    "ConfigMap",
    "CronJob",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Route",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
];

/// Q08.
pub(super) fn allowed(render: &Render) -> Vec<String> {
    let bad = render.objects.iter().filter(|object| !ALLOWED.contains(&object.kind()));
    bad.map(|object| format!("{} is not a kind that a project admin may create", object.id())).collect()
}

/// Q11.
pub(super) fn roles_are_narrow(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for object in render.objects.iter().filter(|object| object.kind() == "Role") {
        for rule in items(&object.value["rules"]) {
            let has = |key: &str, word: &str| items(&rule[key]).any(|item| item == word);
            if ["apiGroups", "resources", "verbs"].iter().any(|key| has(key, "*")) {
                found.push(format!("{}: a rule has a wildcard", object.id()));
            }
            if has("resources", "secrets") && (has("verbs", "list") || has("verbs", "watch")) {
                found.push(format!("{}: it may list Secrets", object.id()));
            }
        }
    }
    for object in render.objects.iter().filter(|object| object.kind() == "RoleBinding") {
        if object.value["roleRef"]["kind"] == "ClusterRole" {
            found.push(format!("{}: it binds a ClusterRole", object.id()));
        }
    }
    found
}

/// Q56.
pub(super) fn jobs_end(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for object in &render.objects {
        let spec = match object.kind() {
            "Job" => &object.value["spec"],
            "CronJob" => &object.value["spec"]["jobTemplate"]["spec"],
            _ => continue,
        };
        if !spec["backoffLimit"].is_number() {
            found.push(format!("{}: no backoffLimit", object.id()));
        }
        if !["Never", "OnFailure"].iter().any(|policy| spec["template"]["spec"]["restartPolicy"] == *policy) {
            found.push(format!("{}: restartPolicy must be Never or OnFailure", object.id()));
        }
        let annotations = &object.value["metadata"]["annotations"];
        if !spec["ttlSecondsAfterFinished"].is_number() && annotations["helm.sh/hook-delete-policy"].is_null() {
            found.push(format!("{}: no ttlSecondsAfterFinished and no hook-delete-policy", object.id()));
        }
        if object.kind() == "CronJob" && object.value["spec"]["concurrencyPolicy"].is_null() {
            found.push(format!("{}: no concurrencyPolicy", object.id()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn cluster_scoped_objects_are_found() {
        let role = json!({"kind": "ClusterRole", "metadata": {"name": "a"}});
        assert_eq!(allowed(&sample::render(false, [role])).len(), 1);
        assert!(
            allowed(&sample::render(false, [json!({"kind": "StatefulSet", "metadata": {"name": "a"}})])).is_empty()
        );
    }

    #[test]
    fn wide_roles_are_found() {
        let role = |rule: serde_json::Value| json!({"kind": "Role", "metadata": {"name": "a"}, "rules": [rule]});
        for rule in [
            json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}),
            json!({"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}),
        ] {
            assert_eq!(roles_are_narrow(&sample::render(false, [role(rule)])).len(), 1);
        }
        let narrow = role(json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}));
        assert!(roles_are_narrow(&sample::render(false, [narrow])).is_empty());
        let binding = json!({"kind": "RoleBinding", "metadata": {"name": "a"}, "roleRef": {"kind": "ClusterRole"}});
        assert_eq!(roles_are_narrow(&sample::render(false, [binding])).len(), 1);
    }

    #[test]
    fn endless_jobs_are_found() {
        let job = json!({"kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"spec": {}}}});
        assert_eq!(jobs_end(&sample::render(false, [job])).len(), 3);
        let spec =
            json!({"backoffLimit": 2, "ttlSecondsAfterFinished": 60, "template": {"spec": {"restartPolicy": "Never"}}});
        let job = json!({"kind": "Job", "metadata": {"name": "a"}, "spec": spec});
        assert!(jobs_end(&sample::render(false, [job])).is_empty());
    }
}
