//! Every field of an object must be one that Kubernetes knows, with the right type.

use k8s_openapi::api::{apps, autoscaling, batch, core, networking, policy, rbac};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::crds;
use crate::route::Route;

/// What is wrong with an object; an object of an unknown kind is wrong too, because nobody has
/// checked it.
pub fn check(object: &Value) -> Vec<String> {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    match (text("apiVersion"), text("kind")) {
        ("v1", "ConfigMap") => typed::<core::v1::ConfigMap>(object),
        ("v1", "PersistentVolumeClaim") => typed::<core::v1::PersistentVolumeClaim>(object),
        ("v1", "Pod") => typed::<core::v1::Pod>(object),
        ("v1", "Secret") => typed::<core::v1::Secret>(object),
        ("v1", "Service") => typed::<core::v1::Service>(object),
        ("v1", "ServiceAccount") => typed::<core::v1::ServiceAccount>(object),
        ("apps/v1", "Deployment") => typed::<apps::v1::Deployment>(object),
        ("apps/v1", "StatefulSet") => typed::<apps::v1::StatefulSet>(object),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => typed::<autoscaling::v2::HorizontalPodAutoscaler>(object),
        ("batch/v1", "CronJob") => typed::<batch::v1::CronJob>(object),
        ("batch/v1", "Job") => typed::<batch::v1::Job>(object),
        ("networking.k8s.io/v1", "Ingress") => typed::<networking::v1::Ingress>(object),
        ("networking.k8s.io/v1", "NetworkPolicy") => typed::<networking::v1::NetworkPolicy>(object),
        ("policy/v1", "PodDisruptionBudget") => typed::<policy::v1::PodDisruptionBudget>(object),
        ("rbac.authorization.k8s.io/v1", "Role") => typed::<rbac::v1::Role>(object),
        ("rbac.authorization.k8s.io/v1", "RoleBinding") => typed::<rbac::v1::RoleBinding>(object),
        ("route.openshift.io/v1", "Route") => typed::<Route>(object),
        (version, kind) => {
            crds::check(object).unwrap_or_else(|| vec![format!("no types to check `{kind}` of `{version}` with")])
        }
    }
}

/// What a type says against a piece of an object.
pub fn typed<T: DeserializeOwned>(object: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(object, &mut track);
    let result: Result<T, _> = serde_ignored::deserialize(tracked, |path| {
        errors.push(format!("unknown field {}", readable(&path.to_string())))
    });
    if let Err(error) = result {
        errors.push(format!("{}: {error}", readable(&track.path().to_string())));
    }
    errors
}

/// `spec.?.replicass` is `spec.replicass`: the question marks are `Option`s.
fn readable(path: &str) -> String {
    path.replace(".?", "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;

    #[test]
    fn typing_errors_are_found_at_any_depth() {
        let container = json!({"name": "a", "imagePulPolicy": "Always", "ports": [{"containerPort": "http"}]});
        let spec = json!({"replicass": 1, "selector": {}, "template": {"spec": {"containers": [container]}}});
        let errors =
            check(&json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": spec})).join("\n");
        for part in ["unknown field spec.replicass", "imagePulPolicy", "containerPort"] {
            assert!(errors.contains(part), "{part} is missing:\n{errors}");
        }
    }

    #[test]
    fn a_good_object_passes_and_an_unknown_kind_fails() {
        let good = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "1"}});
        assert!(check(&good).is_empty());
        assert_eq!(check(&json!({"apiVersion": "v2", "kind": "ConfigMap"})).len(), 1);
    }

    #[test]
    fn routes_are_strict() {
        let route = |spec: serde_json::Value| json!({"apiVersion": "route.openshift.io/v1", "kind": "Route", "metadata": {"name": "a"}, "spec": spec});
        let to = json!({"kind": "Service", "name": "a"});
        let tls = json!({"termination": "edge", "insecureEdgeTerminationPolicy": "Redirect"});
        assert!(check(&route(json!({"to": to, "port": {"targetPort": "ui"}, "tls": tls}))).is_empty());
        assert!(!check(&route(json!({"to": to, "tls": {"termination": "Edge"}}))).is_empty());
        assert!(!check(&route(json!({"to": to, "hosts": "x"}))).is_empty());
        assert!(!check(&route(json!({}))).is_empty(), "a Route leads somewhere");
    }
}
