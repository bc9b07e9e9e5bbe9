//! Namespaces.

use crate::helm::NAMESPACE;
use crate::render::Render;

/// The one Service whose name is the same in every cluster.
const API_SERVER: &str = "kubernetes.default";

/// Q37.
pub(super) fn is_the_releases(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for object in &render.objects {
        let namespace = &object.value["metadata"]["namespace"];
        if !namespace.is_null() && namespace != NAMESPACE {
            found.push(format!("{}: it goes to the namespace {namespace}", object.id()));
        }
    }
    for line in render.text.lines() {
        for (dot, _) in line.match_indices(".svc") {
            let host =
                line[..dot].rsplit(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c)).next().unwrap_or("");
            // `<service>.<namespace>.svc`; one word before `.svc` is no name of a Service.
            if let Some((_, namespace)) = host.rsplit_once('.')
                && namespace != NAMESPACE
                && host != API_SERVER
            {
                found.push(format!("the host {host}.svc names another namespace"));
            }
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
    fn foreign_namespaces_are_found() {
        let object = json!({"kind": "Role", "metadata": {"name": "a", "namespace": "default"}});
        assert_eq!(is_the_releases(&sample::render(false, [object])).len(), 1);
        let mut render = sample::render(false, []);
        render.text = format!(
            "a: http://s3.{NAMESPACE}.svc.cluster.local\nb: thrift://hms.default.svc:9083\nc: https://kubernetes.default.svc\n"
        );
        assert_eq!(is_the_releases(&render), ["the host hms.default.svc names another namespace"]);
    }
}
