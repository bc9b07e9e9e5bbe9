//! How each component of a stack is reached: from the objects of its releases and the catalogue's words about ports.

use serde::Serialize;
use serde_json::Value;
use sparkyard_check::items;
use sparkyard_model::{Brick, Catalogue, Socket};

use crate::cluster::Cluster;

/// A port of a component.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Access {
    /// The component: `jupyter`.
    pub(crate) component: String,
    /// Name of the port: `http`.
    pub(crate) port_name: String,
    /// Its number.
    pub(crate) port: u16,
    /// The Service.
    pub(crate) service: String,
    /// What a client writes before `localhost`: `http://`.
    pub(crate) scheme: &'static str,
    /// Where it is reached without a port-forward, if there is such a place.
    pub(crate) url: Option<String>,
    /// The command that makes it reachable from this machine.
    pub(crate) command: String,
    /// Who logs in.
    pub(crate) user: Option<String>,
    /// Where the password is: the Secret and its key.
    pub(crate) password: Option<(String, String)>,
}

impl Access {
    /// What `kubectl port-forward` is told.
    pub(crate) fn forward(&self) -> String {
        forward(&self.service, self.port)
    }
}

fn forward(service: &str, port: u16) -> String {
    format!("svc/{service} {port}:{port}")
}

/// Every port that a person or a program connects to.
pub(crate) fn of(objects: &[Value], catalogue: &Catalogue, cluster: &Cluster) -> Vec<Access> {
    let mut found = Vec::new();
    for service in objects.iter().filter(|object| object["kind"] == "Service" && object["spec"]["clusterIP"] != "None")
    {
        let component = component(service);
        let name = service["metadata"]["name"].as_str().unwrap_or_default();
        let brick = catalogue.bricks.iter().find(|brick| brick.component == component);
        let (user, password) = brick.map(|brick| login(objects, component, brick)).unwrap_or_default();
        for port in items(&service["spec"]["ports"]) {
            let port_name = port["name"].as_str().unwrap_or_default();
            let Some(number) = port["port"].as_u64().and_then(|number| u16::try_from(number).ok()) else { continue };
            let what =
                brick.and_then(|brick| brick.ports.iter().find(|one| one.name == port_name)).map_or("", |one| one.what);
            found.push(Access {
                component: component.to_owned(),
                port_name: port_name.to_owned(),
                port: number,
                service: name.to_owned(),
                scheme: scheme(what, port_name),
                url: outside(objects, name),
                command: format!("{} port-forward {}", cluster.kubectl_words(), forward(name, number)),
                user: user.clone(),
                password: password.clone(),
            });
        }
    }
    found
}

fn component(object: &Value) -> &str {
    object["metadata"]["labels"]["app.kubernetes.io/component"].as_str().unwrap_or_default()
}

fn scheme(what: &str, port_name: &str) -> &'static str {
    match what {
        what if what.starts_with("HTTP") => "http://",
        what if what.contains("Spark Connect") => "sc://",
        _ if port_name.contains("http") || port_name == "ui" => "http://",
        _ => "",
    }
}

/// The host of an Ingress or Route that leads to a Service.
fn outside(objects: &[Value], service: &str) -> Option<String> {
    objects.iter().find_map(|object| match object["kind"].as_str()? {
        "Ingress" => {
            let rule = items(&object["spec"]["rules"])
                .find(|rule| items(&rule["http"]["paths"]).any(|path| path["backend"]["service"]["name"] == service))?;
            let scheme = if object["spec"]["tls"].is_array() { "https" } else { "http" };
            Some(format!("{scheme}://{}", rule["host"].as_str()?))
        }
        // The cluster makes up the host of a Route that names none; `status` asks it.
        "Route" if object["spec"]["to"]["name"] == service => {
            let given = items(&object["status"]["ingress"]).find_map(|one| one["host"].as_str());
            Some(format!("https://{}", object["spec"]["host"].as_str().or(given)?))
        }
        _ => None,
    })
}

/// Who logs in to a component that keeps passwords, and with what: as its own pods read it.
fn login(objects: &[Value], component: &str, brick: &Brick) -> (Option<String>, Option<(String, String)>) {
    if brick.credentials.is_empty() {
        return (None, None);
    }
    let pods = objects
        .iter()
        .filter(|object| self::component(object) == component)
        .map(|object| &object["spec"]["template"]["spec"]);
    let name = |entry: &Value| entry["name"].as_str().unwrap_or_default().to_owned();
    // Whoever uses the S3 store has its keys too; only there they are a login.
    let is_store = brick.provides.contains(&Socket::S3);
    let entries: Vec<&Value> = pods
        .flat_map(|pod| items(&pod["containers"]))
        .flat_map(|one| items(&one["env"]))
        .filter(|entry| is_store || !name(entry).starts_with("AWS_"))
        .collect();
    let secret = |entry: &&Value| {
        let from = &entry["valueFrom"]["secretKeyRef"];
        Some((from["name"].as_str()?.to_owned(), from["key"].as_str()?.to_owned()))
    };
    // `USER` alone is the user of the process.
    let is_user = |name: &str| name.ends_with("_USER") || name.contains("ACCESS_KEY") && !name.contains("SECRET");
    let named = |entry: &Value| is_user(&name(entry));
    let user = entries.iter().find(|entry| named(entry)).and_then(|entry| {
        let written = entry["value"].as_str().map(str::to_owned);
        written.or_else(|| secret(entry).map(|(secret, key)| format!("{secret}: {key}")))
    });
    (user, entries.iter().filter(|entry| !named(entry)).find_map(secret))
}
