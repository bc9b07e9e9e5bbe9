//! Ways in from outside that lead to no Service.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Object, items};
use crate::path::Path;
use crate::related::{find, namespace, operator_makes, there_is};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "dangling-backend",
    group: Group::References,
    severity: Severity::Error,
    title: "Every Ingress, Route and HTTPRoute leads to a Service and a port that exist",
    why: "The page answers 503. The object is accepted, and the reason stands in the log of the ingress controller, which is \
          not yours.",
    fix: "Name the Service of the chart, and one of its ports.",
    covers: &["Q33", "Q49"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-ui}
        spec:
          ports: [{name: http, port: 80}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          rules:
            - http:
                paths:
                  - backend: {service: {name: ui, port: {name: http}}}  # wrong
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: {name: a}
        spec:
          to: {kind: Service, name: demo-ui}
          port: {targetPort: web}  # wrong
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: a}
        spec:
          rules:
            - backendRefs: [{name: demo-ui, port: 8080}]  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: demo-ui}
        spec:
          ports: [{name: http, port: 80, targetPort: ui}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          rules:
            - http:
                paths:
                  - backend: {service: {name: demo-ui, port: {name: http}}}
        ---
        apiVersion: route.openshift.io/v1
        kind: Route
        metadata: {name: a}
        spec:
          to: {kind: Service, name: demo-ui}
          port: {targetPort: ui}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: a}
        spec:
          rules:
            - backendRefs: [{name: demo-ui, port: 80}]
    "}),
    check: Check::Stack(check),
};

/// A Service that something leads to: its name, its port, and where both are written.
struct Backend<'s> {
    name: &'s Value,
    name_at: Path,
    port: &'s Value,
    port_at: Path,
}

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        for backend in backends(object) {
            let Some(name) = backend.name.as_str().filter(|name| !name.is_empty()) else { continue };
            match find(stack, "Service", name, namespace(stack, object)) {
                None if stack.target.complete && !operator_makes(stack, name) => {
                    let last = report.object(index, backend.name_at, format!("no Service `{name}` is made"));
                    if let Some(help) = there_is(&stack.names("Service")) {
                        last.help(help);
                    }
                }
                Some((_, service)) if !has_port(service, backend.port, object.kind() == "Route") => {
                    let port = backend.port.as_str().map_or(backend.port.to_string(), str::to_owned);
                    report.object(index, backend.port_at, format!("the Service `{name}` has no port `{port}`"));
                }
                _ => {}
            }
        }
    }
}

fn backends(object: &Object) -> Vec<Backend<'_>> {
    let spec = Path::of("spec");
    let mut found = Vec::new();
    match (object.kind(), object.group()) {
        ("Ingress", "networking.k8s.io") => {
            found.extend(of_ingress(object.at("spec.defaultBackend"), &spec.key("defaultBackend")));
            for (rule, value) in items(object.at("spec.rules")).enumerate() {
                for (at, route) in items(&value["http"]["paths"]).enumerate() {
                    let path = spec.key("rules").index(rule).keys("http.paths").index(at).key("backend");
                    found.extend(of_ingress(&route["backend"], &path));
                }
            }
        }
        ("Route", "route.openshift.io") => {
            let (port, port_at) = (object.at("spec.port.targetPort"), spec.keys("port.targetPort"));
            found.push(Backend { name: object.at("spec.to.name"), name_at: spec.keys("to.name"), port, port_at });
            for (at, other) in items(object.at("spec.alternateBackends")).enumerate() {
                let name_at = spec.key("alternateBackends").index(at).key("name");
                found.push(Backend { name: &other["name"], name_at, port, port_at: spec.keys("port.targetPort") });
            }
        }
        (_, "gateway.networking.k8s.io") => {
            for (rule, value) in items(object.at("spec.rules")).enumerate() {
                for (at, to) in items(&value["backendRefs"]).enumerate() {
                    let path = spec.key("rules").index(rule).key("backendRefs").index(at);
                    let is_service = to["kind"].is_null() || to["kind"] == "Service";
                    if is_service && to["namespace"].is_null() {
                        let (name_at, port_at) = (path.key("name"), path.key("port"));
                        found.push(Backend { name: &to["name"], name_at, port: &to["port"], port_at });
                    }
                }
            }
        }
        _ => {}
    }
    found
}

fn of_ingress<'s>(backend: &'s Value, path: &Path) -> Option<Backend<'s>> {
    let service = backend.get("service")?;
    let which = if service["port"]["name"].is_null() { "number" } else { "name" };
    let path = path.key("service");
    let (name_at, port_at) = (path.key("name"), path.key("port").key(which));
    Some(Backend { name: &service["name"], name_at, port: &service["port"][which], port_at })
}

/// Whether a Service has a port of this name or number. A Route may name the port of the pods as well.
fn has_port(service: &Object, wanted: &Value, is_route: bool) -> bool {
    // The AWS controller reads `use-annotation` as a word of its own.
    if wanted.is_null() || wanted == "use-annotation" || service.at("spec.type") == "ExternalName" {
        return true;
    }
    let keys: &[&str] = if is_route { &["name", "port", "targetPort"] } else { &["name", "port"] };
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let mut ports = items(service.at("spec.ports")).peekable();
    ports.peek().is_none() || ports.any(|port| keys.iter().any(|key| text(&port[*key]) == text(wanted)))
}
