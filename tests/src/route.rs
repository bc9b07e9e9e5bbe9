//! OpenShift's Route, field by field, because no crate has it (`route.openshift.io/v1`).

use std::collections::BTreeMap;

use serde::Deserialize;

/// A Route.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the types are the check, nobody reads the fields")]
pub struct Route {
    api_version: String,
    kind: String,
    metadata: Metadata,
    spec: Spec,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the types are the check, nobody reads the fields")]
struct Metadata {
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the types are the check, nobody reads the fields")]
struct Spec {
    host: Option<String>,
    subdomain: Option<String>,
    path: Option<String>,
    to: Target,
    #[serde(default)]
    alternate_backends: Vec<Target>,
    port: Option<Port>,
    tls: Option<Tls>,
    wildcard_policy: Option<WildcardPolicy>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the types are the check, nobody reads the fields")]
struct Target {
    kind: TargetKind,
    name: String,
    weight: Option<u16>,
}

#[derive(Debug, Deserialize)]
enum TargetKind {
    Service,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the types are the check, nobody reads the fields")]
struct Port {
    target_port: k8s_openapi::apimachinery::pkg::util::intstr::IntOrString,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "the types are the check, nobody reads the fields")]
struct Tls {
    termination: Termination,
    certificate: Option<String>,
    key: Option<String>,
    ca_certificate: Option<String>,
    #[serde(rename = "destinationCACertificate")]
    destination_ca_certificate: Option<String>,
    insecure_edge_termination_policy: Option<Insecure>,
    external_certificate: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Termination {
    Edge,
    Passthrough,
    Reencrypt,
}

#[derive(Debug, Deserialize)]
enum Insecure {
    None,
    Allow,
    Redirect,
}

#[derive(Debug, Deserialize)]
enum WildcardPolicy {
    None,
    Subdomain,
}
